// The function's other Lua files: each becomes a chunk of the module, a function that `require` and its like can run. A
// file that does not compile becomes one that gives the message: it is the business of who requires it, not of the
// deployment.
import type { FileSet } from '../frontend';
import { parse } from './parser';
import type { Prototype } from './prototype';
import { LuaSyntaxError } from './syntax-error';

/** A file's main function. */
export interface Chunk {
  readonly path: string;
  readonly main: Prototype;
}

/** The name of a chunk that stands for a file that does not compile: it returns the message. */
const BROKEN = 'syntax error';
/** Functions whose use says that string constants may be names of modules or files. */
const LOADERS = ['require', 'dofile', 'loadfile', 'searchpath'];
/** Names of modules and files that a constant is taken for. */
const NAME = /^[A-Za-z0-9_./-]{1,200}$/;

/**
 * The chunks of `files`. A set that lists its files gives all that end in .lua. One that only finds files by their path,
 * as for a folder, is asked for those that string constants of the program name.
 */
export function readChunks(main: Prototype, files: FileSet, maxSourceBytes: number): Chunk[] {
  const chunks: Chunk[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  const add = (path: string): void => {
    if (seen.has(path) || !Object.hasOwn(files, path)) return;
    seen.add(path);
    const source = files[path]!;
    bytes += source.length;
    const isTooLarge = bytes > maxSourceBytes;
    chunks.push(isTooLarge ? brokenChunk(path, `${path}: the files are too large`) : readChunk(path, source));
  };
  for (const path of Object.keys(files).sort()) if (path.endsWith('.lua')) add(path);
  addNamed(main, add);
  for (let index = 0; index < chunks.length; index++) addNamed(chunks[index]!.main, add);
  return chunks;
}

function readChunk(path: string, source: Uint8Array): Chunk {
  try {
    return { path, main: parse(source) };
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    return brokenChunk(path, `${path}:${error.line}: ${error.message}`);
  }
}

/** The chunks with those that the translator refuses replaced by their messages. */
export function withoutBroken(chunks: readonly Chunk[], translate: (main: Prototype) => unknown): Chunk[] {
  return chunks.map((chunk) => {
    try {
      translate(chunk.main);
      return chunk;
    } catch (error) {
      const line = error instanceof LuaSyntaxError ? error.line : 1;
      return brokenChunk(chunk.path, `${chunk.path}:${line}: ${(error as Error).message}`);
    }
  });
}

/** A chunk that returns `message`. */
function brokenChunk(path: string, message: string): Chunk {
  const quoted = Array.from(new TextEncoder().encode(message), (byte) => `\\${String(byte).padStart(3, '0')}`).join('');
  return { path, main: { ...parse(new TextEncoder().encode(`return "${quoted}"`)), name: BROKEN } };
}

/** Offers every path that the string constants of a program which loads files could mean. */
function addNamed(main: Prototype, add: (path: string) => void): void {
  const texts = new Set(stringConstants(main));
  if (!LOADERS.some((loader) => texts.has(loader))) return;
  for (const text of texts) {
    if (!NAME.test(text)) continue;
    const path = text.replaceAll('.', '/');
    for (const candidate of [`${path}.lua`, `${path}/init.lua`, text.replace(/^(\.\/)+/, '')]) {
      if (candidate.endsWith('.lua')) add(candidate);
    }
  }
}

const decoder = new TextDecoder();

function stringConstants({ constants, children }: Prototype): string[] {
  const own = constants.flatMap((constant) => (constant.kind === 'string' ? [decoder.decode(constant.bytes)] : []));
  return [...own, ...children.flatMap(stringConstants)];
}
