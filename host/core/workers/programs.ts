// Programs on their way to workers: the bytes of what was linked here, linked again there.
import { decodeModule, encodeModule, link, type Program } from '../../../vm/index';
import { INTRINSICS, Languages } from '../languages';
import { compileLuaChunk } from '../lua-library';
import type { ProgramParts } from './messages';

/** The languages that every worker has. */
const builtIn = new Languages([]);

/** What a worker needs to link the same program. */
export function packProgram({ modules }: Program): ProgramParts {
  const language = modules.at(-1)!.language;
  const library = builtIn.find(language)?.library() ?? [];
  const isBuiltIn = library.length > 0 && library.every((module, index) => modules[index] === module);
  return {
    library: isBuiltIn ? language : null,
    modules: modules.slice(isBuiltIn ? library.length : 0).map(encodeModule),
  };
}

/** Links it: its modules were verified where they come from. */
export function unpackProgram({ library, modules }: ProgramParts): Program {
  const first = library === null ? [] : builtIn.find(library)!.library();
  return link([...first, ...modules.map(decodeModule)], { intrinsics: INTRINSICS, compiler: compileLuaChunk });
}
