// What Lua's frontend compiles beside functions: text that a function loads, and Lua's library from its sources. The build compiles it once (tools/built-libraries.ts); at run time only the few lines
// that make host functions known are compiled here.
import { formatDiagnostic } from '../../frontends/diagnostics';
import { compileLua } from '../../frontends/lua/index';
import { LUA_INTRINSICS, LUA_LIBRARY_SOURCES, readDump } from '../../stdlib/lua/index';
import { type Chunk, InternalError, type Module, verifyModule } from '../../vm/index';

const intrinsicResults = new Map(LUA_INTRINSICS.map(({ name, results }) => [name, results]));

/** The library's modules in the order in which they are linked. */
export function compileLuaLibrary(): readonly Module[] {
  return LUA_LIBRARY_SOURCES.map(({ name, source }) => compileLuaLibraryFile(name, source));
}

/** Library code, as a verified module. Throws InternalError when it does not compile: it is ours. */
export function compileLuaLibraryFile(fileName: string, source: string): Module {
  const options = { fileName, library: { intrinsicResults: (name: string) => intrinsicResults.get(name) } };
  const { module, diagnostics } = compileLua(new TextEncoder().encode(source), options);
  if (module === undefined) throw new InternalError(formatDiagnostic(diagnostics[0]!, source));
  verifyModule(module);
  return module;
}

/** The text of a chunk that a running function loads, as a verified module or the message why there is none. */
export function compileLuaChunk({ source, name, origin, isBinary }: Chunk): Module | string {
  if (isBinary) return readDump(source);
  const { module, diagnostics } = compileLua(source, { fileName: name, origin });
  if (module === undefined) {
    const { line, message } = diagnostics[0]!;
    // Where the nesting is too deep is not told by Lua either.
    return message === 'C stack overflow' ? message : `${name}:${line}: ${message}`;
  }
  verifyModule(module);
  return module;
}
