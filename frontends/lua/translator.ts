// Functions in Lua 5.3's register code to a module of the value family: numbering, and one translator a function.
import { type Module, ModuleBuilder } from '../../vm/index';
import { FunctionTranslator } from './function-translator';
import { LibraryForms, type LibraryOptions } from './library-forms';
import type { Prototype } from './prototype';

export interface TranslateOptions {
  fileName: string;
  /** Given for library code, which may use the forms of library-forms.ts. */
  library: LibraryOptions | null;
}

/**
 * Compiles `main` and the functions inside it; `main` is function 0 and the entry (of a library: its initialiser).
 * Throws LuaSyntaxError, and ModuleError where the module format's limits are exceeded.
 */
export function translate(main: Prototype, { fileName, library }: TranslateOptions): Module {
  const builder = new ModuleBuilder('lua');
  builder.source(fileName);
  const indices = new Map<Prototype, number>();
  numberFunctions(main, builder, indices);
  const forms = library === null ? null : new LibraryForms(builder, library);
  for (const [prototype, index] of indices) {
    const { name, parameterCount, isVararg, line, lastLine } = prototype;
    const options = { family: 'value', name, parameterCount, isVararg, line, lastLine } as const;
    new FunctionTranslator(prototype, builder.addFunction(options, index), indices, forms).translate();
  }
  if (library !== null) builder.initialiser = indices.get(main)!;
  else builder.entry = indices.get(main)!;
  return builder.build();
}

/** In the order of their definitions in the source. */
function numberFunctions(prototype: Prototype, builder: ModuleBuilder, indices: Map<Prototype, number>): void {
  indices.set(prototype, builder.reserveFunction());
  for (const child of prototype.children) numberFunctions(child, builder, indices);
}
