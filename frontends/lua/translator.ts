// Functions in Lua 5.3's register code to a module of the value family: numbering, and one translator a function.
import { type Module, ModuleBuilder } from '../../vm/index';
import { FunctionTranslator } from './function-translator';
import { LibraryForms } from './library-forms';
import type { Prototype } from './prototype';

export interface TranslateOptions {
  fileName: string;
  /** The source is library code and may use the forms of library-forms.ts. */
  isLibrary: boolean;
}

/**
 * Compiles `main` and the functions inside it; `main` is function 0 and the entry (of a library: its initialiser).
 * Throws LuaSyntaxError, and ModuleError where the module format's limits are exceeded.
 */
export function translate(main: Prototype, { fileName, isLibrary }: TranslateOptions): Module {
  const builder = new ModuleBuilder('lua');
  builder.source(fileName);
  const indices = new Map<Prototype, number>();
  numberFunctions(main, builder, indices);
  const forms = isLibrary ? new LibraryForms(builder) : null;
  for (const [prototype, index] of indices) {
    const { name, parameterCount, isVararg, line, lastLine } = prototype;
    const options = { family: 'value', name, parameterCount, isVararg, line, lastLine } as const;
    new FunctionTranslator(prototype, builder.addFunction(options, index), indices, forms).translate();
  }
  if (isLibrary) builder.initialiser = indices.get(main)!;
  else builder.entry = indices.get(main)!;
  return builder.build();
}

/** In the order of their definitions in the source. */
function numberFunctions(prototype: Prototype, builder: ModuleBuilder, indices: Map<Prototype, number>): void {
  indices.set(prototype, builder.reserveFunction());
  for (const child of prototype.children) numberFunctions(child, builder, indices);
}
