// Computes what the bundles need of the guest languages' libraries, and writes it to .build/library/: Lua's as modules, and
// where C's defines what, since of it only the used parts are compiled. A step of tools/build.mjs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { libraryDefinitions } from '../frontends/c/index';
import { definitionsToText, modulesToText } from '../host/core/built-text';
import { compileLuaLibrary } from '../host/core/lua-library';
import { C_LIBRARY } from '../stdlib/c/index';

const FOLDER = '.build/library';

mkdirSync(FOLDER, { recursive: true });
writeIfChanged(`${FOLDER}/lua-modules.txt`, modulesToText(compileLuaLibrary()));
writeIfChanged(`${FOLDER}/c-definitions.txt`, definitionsToText(libraryDefinitions(C_LIBRARY)));

/** Leaves a file that is right alone: what was bundled with it stays fresh. */
function writeIfChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
