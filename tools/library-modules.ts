// Compiles the guest languages' libraries from their sources into .build/library/, from where the bundles take them: a
// step of tools/build.mjs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compileLuaLibrary } from '../host/core/lua-library';
import { modulesToText } from '../host/core/module-text';

const FOLDER = '.build/library';

mkdirSync(FOLDER, { recursive: true });
writeIfChanged(`${FOLDER}/lua.modules`, modulesToText(compileLuaLibrary()));

/** Leaves a file that is right alone: what was bundled with it stays fresh. */
function writeIfChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
