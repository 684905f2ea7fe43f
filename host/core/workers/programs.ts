// Programs on their way to workers. Their tables lie in memory that all threads share; modules, which only messages and
// loaded text are made from, go as their bytes (a third of the time that a structured clone of them takes), but for those of Lua's
// library, which every worker has.
import {
  allSteps,
  decodeInSteps,
  encodeModule,
  loadedPart,
  type Module,
  makeProgram,
  type Program,
  type ProgramTables,
  type Steps,
  SYSCALLS,
} from '../../../vm/index';
import { INTRINSICS, luaLibraryModules } from '../libraries';
import { compileLuaChunk } from '../lua-library';

/** Modules behind those that the other thread knows, and the tables of the whole program. */
export interface PackedPart {
  readonly modules: readonly Uint8Array[];
  readonly tables: ProgramTables;
}

export interface ProgramParts extends PackedPart {
  /** Whether the modules of Lua's library come first. */
  readonly isWithLibrary: boolean;
}

/** Bytes of modules that came as bytes. */
const encoded = new WeakMap<Module, Uint8Array>();

/** A module from bytes of this process's own. */
export function* moduleOf(bytes: Uint8Array): Steps<Module> {
  const module = yield* decodeInSteps(bytes);
  encoded.set(module, bytes);
  return module;
}

function modulesOf(all: readonly Uint8Array[]): Module[] {
  return all.map((bytes) => allSteps(moduleOf(bytes)));
}

/** What another thread needs of a program beyond its first `known` modules. */
export function packPart(program: Program, known: number): PackedPart {
  const { modules, tables } = loadedPart(program, known);
  return { modules: modules.map((module) => encoded.get(module) ?? encodeModule(module)), tables };
}

/** A program that no context has to itself. */
export function packProgram(program: Program): ProgramParts {
  const library = luaLibraryModules();
  const isWithLibrary = library.every((module, index) => program.modules[index] === module);
  return { isWithLibrary, ...packPart(program, isWithLibrary ? library.length : 0) };
}

/** The same program in a worker: without the image, since contexts come with their heaps. */
export function unpackProgram({ isWithLibrary, modules, tables }: ProgramParts): Program {
  const first = isWithLibrary ? luaLibraryModules() : [];
  return makeProgram({
    ...tables,
    modules: [...first, ...modulesOf(modules)],
    syscalls: SYSCALLS,
    intrinsics: INTRINSICS,
    image: new Int32Array(0),
    compiler: compileLuaChunk,
  });
}

/** What a context's program has become in another thread: `before`, and what it has loaded there. */
export function addLoaded(before: Program, { modules, tables }: PackedPart): Program {
  return makeProgram({ ...before, ...tables, modules: [...before.modules, ...modulesOf(modules)] });
}
