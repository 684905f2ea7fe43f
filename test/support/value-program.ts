// Lua snippets on the bare machine: compiled, linked with a library of a few functions, run under given slices and
// limits, results as text. The same snippets run on the real Lua where it is installed.
import { execFileSync } from 'node:child_process';
import { compileLua } from '../../frontends/lua/index';
import { LUA_INTRINSICS } from '../../stdlib/lua/index';
import type { Context } from '../../vm/context';
import { createContext, startEntry } from '../../vm/image';
import { run } from '../../vm/interpreter';
import {
  FRAME_TOP,
  HEADER,
  TABLE_METATABLE,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TABLE,
  TAG_TRUE,
  VALUE_SIZE,
  VALUE_TAG,
} from '../../vm/layout';
import { link } from '../../vm/linker';
import type { Module } from '../../vm/module';
import type { Intrinsic, Program } from '../../vm/program';
import { RegionPool } from '../../vm/regions';
import { DONE, FUEL, NEXT, THROW } from '../../vm/signals';
import { newString, stringLength, stringStart, stringTag } from '../../vm/strings';
import { nextEntry } from '../../vm/tables';
import { basicTypeName, positionOf } from '../../vm/value-errors';
import { isNumberTag, isStringTag, NUMBER_TEXT_SIZE, writeNumber } from '../../vm/value-text';
import { writeBoolean, writeNil, writeReference } from '../../vm/values';
import { verifyModule } from '../../vm/verifier';

/** What a snippet may call besides the language. */
const LIBRARY = `
function setmetatable(t, m) return __intrinsic.test_setmetatable(t, m) end
function type(v) return __intrinsic.test_type(v) end
function rawequal(a, b) return __intrinsic.test_rawequal(a, b) end
function tostring(v) return __intrinsic.test_tostring(v) end
function error(v, level)
  if level == nil then level = 1 end
  __op.throw(__intrinsic.test_position(v, level))
end
function pcall(f, ...) return __op.protected_call(nil, f, ...) end
function xpcall(f, h, ...) return __op.protected_call(h, f, ...) end
function next(t, k)
  local found, value = __intrinsic.test_next(t, k)
  return found, value
end
local next = next
function pairs(t) return next, t, nil end
local function step(t, i) i = i + 1 local v = t[i] if v ~= nil then return i, v end end
function ipairs(t) return step, t, 0 end
`;

const intrinsics: Intrinsic[] = [
  ...LUA_INTRINSICS.filter(({ name }) => name === 'text'),
  intrinsic('test_setmetatable', 2, 1, (context, at) => {
    const { i32 } = context;
    i32[i32[at] + TABLE_METATABLE] = i32[at + VALUE_SIZE + VALUE_TAG] === TAG_TABLE ? i32[at + VALUE_SIZE] : 0;
    return NEXT;
  }),
  intrinsic('test_type', 1, 1, (context, at) => writeText(context, at, basicTypeName(context.i32[at + VALUE_TAG]))),
  intrinsic('test_rawequal', 2, 1, (context, at) => {
    const { i32 } = context;
    writeBoolean(context, at, i32[at] === i32[at + 4] && i32[at + 2] === i32[at + 6]);
    return NEXT;
  }),
  intrinsic('test_tostring', 1, 1, (context, at) => {
    const tag = context.i32[at + VALUE_TAG];
    return isStringTag(tag) ? NEXT : writeText(context, at, describe(context, at));
  }),
  intrinsic('test_position', 2, 1, (context, at) => {
    const level = context.i32[at + VALUE_SIZE];
    if (!isStringTag(context.i32[at + VALUE_TAG])) return NEXT;
    return writeText(context, at, positionOf(context, level) + describe(context, at));
  }),
  intrinsic('test_next', 2, 2, (context, at) => {
    if (nextEntry(context, context.i32[at], at + VALUE_SIZE, at) < 1) writeNil(context, at);
    return NEXT;
  }),
];

function intrinsic(name: string, parameters: number, results: number, step: Intrinsic['run']): Intrinsic {
  return { name, parameters, results, run: step };
}

function writeText(context: Context, at: number, text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  const address = newString(context, bytes, 0, bytes.length);
  if (address === 0) return context.failure;
  writeReference(context, at, stringTag(bytes.length), address);
  return NEXT;
}

let library: Module | null = null;

function compile(source: string, fileName: string, isLibrary: boolean): Module {
  const intrinsicResults = (name: string) => intrinsics.find((known) => known.name === name)?.results;
  const result = compileLua(new TextEncoder().encode(source), {
    fileName,
    ...(isLibrary ? { library: { intrinsicResults } } : {}),
  });
  if (result.module === undefined) throw new Error(result.diagnostics.map((d) => `${d.line}: ${d.message}`).join('\n'));
  verifyModule(result.module);
  return result.module;
}

/** A program of one Lua source, `main.lua`. */
export function linkLua(source: string): Program {
  library ??= { ...compile(LIBRARY, 'library.lua', true), entry: null, initialiser: 0 };
  return link([library, compile(source, 'main.lua', false)], { intrinsics });
}

export interface LuaRun {
  /** `results` of DONE, the error's text after THROW, or the signal. */
  readonly outcome: string;
  readonly instructions: number;
  readonly peakWords: number;
}

export interface LuaRunOptions {
  readonly slice?: number;
  readonly memoryBytes?: number;
  readonly collectAlways?: boolean;
  readonly limit?: number;
}

const pool = new RegionPool();

/** Runs a program to its end. */
export function runLua(program: Program, options: LuaRunOptions = {}): LuaRun {
  const { slice = 1 << 20, memoryBytes = 64 << 20, collectAlways = false, limit = 1e9 } = options;
  const context = createContext(program, pool, memoryBytes);
  if (context === null) return { outcome: 'no room', instructions: 0, peakWords: 0 };
  context.collectAlways = collectAlways;
  if (collectAlways) context.i32[HEADER.THRESHOLD] = 0;
  if (!startEntry(context, 0)) throw new Error('no room for the entry');
  let instructions = 0;
  let signal = FUEL;
  context.fuel = 0;
  while (signal === FUEL && instructions < limit) {
    context.fuel = (context.fuel + slice) | 0;
    const start = context.fuel;
    if (start > 0) signal = run(context);
    instructions += start - context.fuel;
  }
  const outcome = outcomeOf(context, signal);
  const { peakWords } = context;
  context.dispose();
  return { outcome, instructions, peakWords };
}

function outcomeOf(context: Context, signal: number): string {
  if (signal === THROW) return `error: ${describe(context, HEADER.ERROR)}`;
  if (signal !== DONE) return `signal ${signal}, trap ${context.trap}`;
  const results: string[] = [];
  const end = context.stack + context.i32[context.frame + FRAME_TOP];
  for (let slot = context.stack; slot < end; slot += VALUE_SIZE) results.push(describe(context, slot));
  return results.join('\t');
}

const numberText = new Uint8Array(NUMBER_TEXT_SIZE);

/** A value as Lua's tostring has it, without addresses. */
function describe(context: Context, slot: number): string {
  const { i32 } = context;
  const tag = i32[slot + VALUE_TAG];
  if (tag === TAG_NIL || tag === TAG_FALSE || tag === TAG_TRUE) return ['nil', 'false', 'true'][tag]!;
  if (tag === TAG_INTEGER || tag === TAG_FLOAT || isNumberTag(tag)) {
    const { fuel } = context;
    const text = Buffer.from(numberText.subarray(0, writeNumber(context, slot, numberText, 0))).toString('latin1');
    context.fuel = fuel;
    return text;
  }
  if (!isStringTag(tag)) return basicTypeName(tag);
  const start = stringStart(context, i32[slot]);
  return Buffer.from(context.u8.subarray(start, start + stringLength(context, i32[slot]))).toString('latin1');
}

/** Runs sources on the real Lua, several at once; each one's results as `runLua` gives them. Null without lua5.4. */
export function runOnRealLua(sources: readonly string[]): string[] | null {
  const calls = sources.map((source) => `run([==========[${source}]==========])`).join('\n');
  const harness = `
    local function text(v) local t = type(v) if t == "table" or t == "function" then return t end return tostring(v) end
    function run(source)
      local r = table.pack(pcall(load(source, "@main.lua")))
      local out = {}
      for i = 2, r.n do out[#out + 1] = text(r[i]) end
      io.write((r[1] and "" or "error: ") .. table.concat(out, "\\t"), "\\0")
    end
    ${calls}`;
  try {
    return execFileSync('lua5.4', ['-'], { input: harness, maxBuffer: 1 << 26 })
      .toString('latin1')
      .split('\0')
      .slice(0, -1);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}
