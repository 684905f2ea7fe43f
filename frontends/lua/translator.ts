// Functions in Lua 5.3's register code to a module of the value family. One pass a function: instruction selection,
// constant folding, fusing of tests with their jumps. Names for messages come along from operand-names.ts.
import type { FunctionDefinition, Module } from '../../vm/index';
import { FunctionTranslator } from './function-translator';
import { LibraryForms } from './library-forms';
import type { Prototype } from './prototype';

export interface TranslateOptions {
  fileName: string;
  /** The source is library code and may use the forms of library-forms.ts. */
  isLibrary: boolean;
}

/** Compiles `main` and the functions inside it; `main` is function 0 and the entry. Throws LuaSyntaxError. */
export function translate(main: Prototype, options: TranslateOptions): Module {
  const indices = new Map<Prototype, number>();
  numberFunctions(main, indices);
  const forms = options.isLibrary ? new LibraryForms() : null;
  const functions: FunctionDefinition[] = [];
  for (const prototype of indices.keys()) {
    functions.push(new FunctionTranslator(prototype, indices, forms).translate());
  }
  return {
    language: 'lua',
    sources: [options.fileName],
    functions,
    signatures: [],
    syscalls: forms?.syscalls ?? [],
    intrinsics: forms?.intrinsics ?? [],
    table: [],
    memory: null,
    entry: 0,
    initialiser: null,
  };
}

/** In the order of their definitions in the source. */
function numberFunctions(prototype: Prototype, indices: Map<Prototype, number>): void {
  indices.set(prototype, indices.size);
  for (const child of prototype.children) numberFunctions(child, indices);
}
