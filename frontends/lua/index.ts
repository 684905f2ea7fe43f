// The Lua frontend: its public face.

import { type Module, ModuleError } from '../../vm/index';
import type { Diagnostic } from '../diagnostics';
import type { CompileOptions, CompileResult, Frontend } from '../frontend';
import { readChunks, withoutBroken } from './chunks';
import type { LibraryOptions } from './library-forms';
import { parse } from './parser';
import type { Prototype } from './prototype';
import { LuaSyntaxError } from './syntax-error';
import { translate } from './translator';

export type { LibraryOptions } from './library-forms';
export type { LuaDiagnosticCode } from './syntax-error';

/** What the Lua frontend can be told beyond what every frontend can. */
export interface LuaCompileOptions extends CompileOptions {
  /**
   * The source is library code: `__intrinsic.NAME(...)`, `__syscall.NAME(...)` and `__op.NAME(...)` are instructions,
   * and its main function is the module's initialiser.
   */
  library?: LibraryOptions | boolean;
  /**
   * The source is no file but text that a program loads, by this name: its first line is like any other, and the name is
   * the module's second source.
   */
  origin?: string;
}

const DEFAULT_MAX_SOURCE_BYTES = 16 * 1024 * 1024;

/** Lua 5.4. */
export const luaFrontend = {
  name: 'lua',
  extensions: ['.lua'],
  compile: compileLua,
} satisfies Frontend;

/**
 * Compiles a chunk: function 0 of the module is its main function, whose one upvalue is `_ENV`. The files' chunks follow
 * (see chunks.ts).
 */
export function compileLua(source: Uint8Array, options: LuaCompileOptions): CompileResult {
  const limit = options.maxSourceBytes ?? DEFAULT_MAX_SOURCE_BYTES;
  try {
    if (source.length > limit) {
      throw new LuaSyntaxError('lua.limit', `source has ${source.length} bytes (limit is ${limit})`, 1, 0, 1);
    }
    const main = parse(source, options.origin === undefined);
    const library = options.library === true ? {} : options.library || null;
    if (library !== null) return { module: translate(main, { fileName: options.fileName, library }), diagnostics: [] };
    return { module: translateProgram(main, options, limit), diagnostics: [] };
  } catch (error) {
    return { diagnostics: [toDiagnostic(error, source, options.fileName)] };
  }
}

/** The module of a program: its source, and a chunk for each of its Lua files. */
function translateProgram(main: Prototype, { fileName, files = {}, origin }: LuaCompileOptions, limit: number): Module {
  const chunks = readChunks(main, files, limit);
  try {
    return translate(main, { fileName, library: null, chunks, origin });
  } catch (error) {
    if (chunks.length === 0) throw error;
    // Whose fault it is shows when each is translated alone; the program's own comes up again.
    const alone = (file: Prototype) => translate(file, { fileName, library: null });
    alone(main);
    return translate(main, { fileName, library: null, chunks: withoutBroken(chunks, alone) });
  }
}

function toDiagnostic(error: unknown, source: Uint8Array, file: string): Diagnostic {
  if (error instanceof LuaSyntaxError) {
    const { code, message, line, offset, length } = error;
    return { severity: 'error', code, message, file, line, ...columnOf(source, line, offset, length) };
  }
  if (error instanceof ModuleError) {
    return { severity: 'error', code: 'lua.limit', message: error.message, file, line: 1, column: 1, length: 1 };
  }
  // Nesting is limited, but the caller may have left us little of the host's stack.
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return { severity: 'error', code: 'lua.limit', message: 'C stack overflow', file, line: 1, column: 1, length: 1 };
  }
  throw error;
}

/** Where on `line` the bytes at `offset` are; its beginning when they are on another line. */
function columnOf(
  source: Uint8Array,
  line: number,
  offset: number,
  length: number,
): { column: number; length: number } {
  const lineStart = startOfLine(source, line);
  const lineEnd = endOfLine(source, lineStart);
  if (offset < lineStart || offset > lineEnd) return { column: 1, length: 1 };
  return { column: offset - lineStart + 1, length: Math.max(1, Math.min(length, lineEnd - offset)) };
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Lines as the lexer counts them: \n, \r, \r\n and \n\r each end one. */
function startOfLine(source: Uint8Array, line: number): number {
  let position = 0;
  for (let current = 1; current < line && position < source.length; current++) {
    position = endOfLine(source, position);
    const first = source[position];
    const second = source[position + 1];
    const isPair = (second === NEWLINE || second === CARRIAGE_RETURN) && second !== first;
    position += isPair ? 2 : 1;
  }
  return position;
}

function endOfLine(source: Uint8Array, start: number): number {
  let position = start;
  while (position < source.length && source[position] !== NEWLINE && source[position] !== CARRIAGE_RETURN) position++;
  return position;
}
