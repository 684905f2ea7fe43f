// Functions in Lua 5.3's register code to a module of the value family: numbering, and one translator a function.
import { type Module, ModuleBuilder } from '../../vm/index';
import type { Chunk } from './chunks';
import { FunctionTranslator } from './function-translator';
import { LibraryForms, type LibraryOptions } from './library-forms';
import { findUsedUpvalues, numberOwnFields } from './library-prototypes';
import { findOwnClosures } from './own-closures';
import type { Prototype } from './prototype';

export interface TranslateOptions {
  fileName: string;
  /** Given for library code, which may use the forms of library-forms.ts. */
  library: LibraryOptions | null;
  /** Other files whose main functions the module has too, each under its path as the source and line 0. */
  chunks?: readonly Chunk[];
  /** The name under which a program has loaded the text: a further source. */
  origin?: string;
}

/**
 * Compiles `main` and the functions inside it; `main` is function 0 and the entry (of a library: its initialiser).
 * Throws LuaSyntaxError, and ModuleError where the module format's limits are exceeded.
 */
export function translate(main: Prototype, { fileName, library, chunks = [], origin }: TranslateOptions): Module {
  const builder = new ModuleBuilder('lua');
  const entry =
    library === null
      ? addFunctions(main, builder, fileName, null)
      : addFunctions(numberOwnFields(main), builder, fileName, new LibraryForms(builder, library));
  for (const chunk of chunks) addFunctions(chunk.main, builder, chunk.path, null);
  if (origin !== undefined) builder.source(origin);
  if (library !== null) builder.initialiser = entry;
  else builder.entry = entry;
  return builder.build();
}

/** Adds a file's functions; answers the index of its main function. */
function addFunctions(main: Prototype, builder: ModuleBuilder, path: string, forms: LibraryForms | null): number {
  const source = builder.source(path);
  const indices = new Map<Prototype, number>();
  numberFunctions(main, builder, indices);
  const own = findOwnClosures(main);
  const used = forms === null ? null : findUsedUpvalues(main, own);
  for (const [prototype, index] of indices) {
    const { name, parameterCount, isVararg, line, lastLine } = prototype;
    const options = { family: 'value', name, parameterCount, isVararg, source, line, lastLine } as const;
    const target = builder.addFunction(options, index);
    new FunctionTranslator(prototype, target, indices, forms, own.get(prototype), used?.get(prototype)).translate();
  }
  return indices.get(main)!;
}

/** In the order of their definitions in the source. */
function numberFunctions(prototype: Prototype, builder: ModuleBuilder, indices: Map<Prototype, number>): void {
  indices.set(prototype, builder.reserveFunction());
  for (const child of prototype.children) numberFunctions(child, builder, indices);
}
