// Modules as the text that the build bundles: each one's bytes in base64, a line for each. Browsers and Node both read
// it without a loader of their own.
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
