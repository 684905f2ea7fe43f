// Programs on their way to workers. Their tables lie in memory that all threads share; modules, which only messages and
// loaded text are made from, are copied, but for those of Lua's library, which every worker has.
import {
  type LoadedPart,
  loadedPart,
  type Module,
  makeProgram,
  type Program,
  type ProgramTables,
  SYSCALLS,
} from '../../../vm/index';
import { INTRINSICS, luaLibraryModules } from '../libraries';
import { compileLuaChunk } from '../lua-library';

export interface ProgramParts {
  /** Whether the modules of Lua's library come first. */
  readonly isWithLibrary: boolean;
  readonly modules: readonly Module[];
  readonly tables: ProgramTables;
}

/** A program that no context has to itself. */
export function packProgram(program: Program): ProgramParts {
  const library = luaLibraryModules();
  const isWithLibrary = library.every((module, index) => program.modules[index] === module);
  return { isWithLibrary, ...loadedPart(program, isWithLibrary ? library.length : 0) };
}

/** The same program in a worker: without the image, since contexts come with their heaps. */
export function unpackProgram({ isWithLibrary, modules, tables }: ProgramParts): Program {
  const first = isWithLibrary ? luaLibraryModules() : [];
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
