// Programs on their way to workers. Their tables lie in memory that all threads share; modules, which only messages and
// loaded text are made from, are copied, but for those of the built-in libraries, which every worker has.
import {
  type LoadedPart,
  loadedPart,
  type Module,
  makeProgram,
  type Program,
  type ProgramTables,
  SYSCALLS,
} from '../../../vm/index';
import { INTRINSICS, Languages } from '../languages';
import { compileLuaChunk } from '../lua-library';

export interface ProgramParts {
  /** The built-in language whose library comes first. */
  readonly library: string | null;
  readonly modules: readonly Module[];
  readonly tables: ProgramTables;
}

/** The languages that every worker has. */
export const builtIn = new Languages([]);

/** A program that no context has to itself. */
export function packProgram(program: Program): ProgramParts {
  const { language } = program.modules.at(-1)!;
  const library = builtIn.find(language)?.library() ?? [];
  const isBuiltIn = library.length > 0 && library.every((module, index) => program.modules[index] === module);
  return { library: isBuiltIn ? language : null, ...loadedPart(program, isBuiltIn ? library.length : 0) };
}

/** The same program in a worker: without the image, since contexts come with their heaps. */
export function unpackProgram({ library, modules, tables }: ProgramParts): Program {
  const first = library === null ? [] : builtIn.find(library)!.library();
  return makeProgram({
    ...tables,
    modules: [...first, ...modules],
    syscalls: SYSCALLS,
    intrinsics: INTRINSICS,
    image: new Int32Array(0),
    compiler: compileLuaChunk,
  });
}

/** What a context's program has become in another thread: `before`, and what it has loaded there. */
export function addLoaded(before: Program, { modules, tables }: LoadedPart): Program {
  return makeProgram({ ...before, ...tables, modules: [...before.modules, ...modules] });
}
