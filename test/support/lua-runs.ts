// Runs Lua programs with files on the machine itself, in slices, if need be with a collection at every allocation: for
// tests of the library.

import { compileSource } from '../../host/core/compile';
import { createSurroundings } from '../../host/core/event-loop';
import { checkFiles, type FileSource } from '../../host/core/files';
import { InputReader } from '../../host/core/input';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { compileLuaChunk } from '../../host/core/lua-library';
import { toPlain } from '../../host/core/plain-values';
import { MemoryStorage } from '../../host/core/storage';
import { SyscallHandlers } from '../../host/core/syscall-handlers';
import { textCodec } from '../../host/core/text';
import type { Context } from '../../vm/context';
import { GuestExecution, type Limits, link, type Outcome, type Program, RegionPool, type Usage } from '../../vm/index';
import { HEADER } from '../../vm/layout';
import { UNLIMITED_CHARGES } from './counted-charges';
import { checkHeap } from './heap-check';

const languages = new Languages([]);
const pool = new RegionPool();
const surroundings = createSurroundings();

export interface LuaRunOptions {
  readonly files?: FileSource;
  readonly stdin?: string;
  readonly slice?: number;
  readonly collectAlways?: boolean;
  readonly limits?: Partial<Limits>;
  readonly fileName?: string;
  readonly argument?: unknown;
  /** A program that was compiled before, in place of the source. */
  readonly program?: Program;
  /** Is given the context before it starts. */
  readonly prepare?: (context: Context) => void;
}

export interface LuaRun {
  readonly written: string;
  readonly outcome: Outcome;
  readonly usage: Usage;
  /** The most instructions that a turn took. */
  readonly longestTurn: number;
}

/** Compiles and links a program with its files. */
export function compileLuaProgram(source: string, files: FileSource = {}, fileName = 'main.lua'): Program {
  const { module } = compileSource(languages, { language: 'lua', source, fileName, files: checkFiles(files) });
  return link([...languages.find('lua')!.library(), module], { intrinsics: INTRINSICS, compiler: compileLuaChunk });
}

const TURNS_A_CHECK = 500;

/** Runs a program to its end; its heap is checked now and then when every allocation collects. */
export function runLua(source: string, options: LuaRunOptions = {}): LuaRun {
  const { files = {}, stdin = '', slice = 2 ** 30, collectAlways = false, limits = {}, fileName } = options;
  const program = options.program ?? compileLuaProgram(source, files, fileName);
  let written = '';
  let seen: { outcome: Outcome; usage: Usage } | null = null;
  const host = new SyscallHandlers({
    charges: UNLIMITED_CHARGES,
    log: () => undefined,
    storage: new MemoryStorage(),
    capabilities: new Set(),
    args: () => [],
    files: checkFiles(files),
    functions: new Map(),
    input: new InputReader(stdin),
    output: (_stream, bytes) => {
      written += textCodec.decodeLeniently(bytes);
      return undefined;
    },
    surroundings,
  });
  const execution = new GuestExecution({
    program,
    pool,
    limits: { ...DEFAULT_LIMITS, ...limits },
    args: options.argument === undefined ? [] : [toPlain(options.argument)],
    name: 'main',
    host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      seen = { outcome, usage };
    },
    failed: (error) => {
      throw error;
    },
    collectAlways,
    prepare: options.prepare,
  });
  let longestTurn = 0;
  for (let turn = 1; seen === null; turn++) {
    const before = execution.usage().instructions;
    execution.run(slice, 0);
    longestTurn = Math.max(longestTurn, execution.usage().instructions - before);
    if (collectAlways && turn % TURNS_A_CHECK === 0) checkContext(execution);
  }
  return { written, longestTurn, ...(seen as { outcome: Outcome; usage: Usage }) };
}

function checkContext(execution: GuestExecution): void {
  const context = Reflect.get(execution, 'context') as Context | null;
  if (context === null || context.i32[HEADER.PHASE] !== 0) return;
  const problems = checkHeap(context);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
