// What the build computes and bundles as text, which browsers and Node both read: modules (each one's bytes in base64, a
// line for each), and which source of a library defines which name.
import { decodeModule, encodeModule, type Module, verifyModule } from '../../vm/index';
import { textCodec } from './text';

/** The text of modules. */
export function modulesToText(modules: readonly Module[]): string {
  return modules.map((module) => `${textCodec.base64(encodeModule(module))}\n`).join('');
}

/** The modules of a text, decoded and verified. Throws ModuleError. */
export function textToModules(text: string): readonly Module[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const module = decodeModule(Uint8Array.from(atob(line), (character) => character.charCodeAt(0)));
      verifyModule(module);
      return module;
    });
}

/** The text of a map from names to sources. */
export function definitionsToText(definitions: ReadonlyMap<string, string>): string {
  return [...definitions].map(([name, source]) => `${name} ${source}\n`).join('');
}

/** The map of a text. */
export function textToDefinitions(text: string): Map<string, string> {
  const lines = text.trimEnd().split('\n');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}
