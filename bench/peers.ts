// The peers that the benchmarks compare with: each runs a Lua (or JavaScript) program in its own way and says what came of it
// and how much processor time the program itself took, in ms. A peer that is not on this machine says so.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleave } from './statistics';

/** One run of a program: what it printed or returned, and how much processor time it took in ms. */
export interface Run {
  readonly output: string;
  readonly ms: number;
}

/** A peer: runs `source`, a Lua chunk that returns a value, with the argument `n` after a short warm-up. */
export interface Peer {
  readonly name: string;
  measure(source: string, n: number): Promise<Run>;
}

/** The argument of the short run before the one that is measured. */
export function warmUpOf(n: number): number {
  return Math.max(Math.floor(n / 20), 1);
}

/** Runs `work` and gives what it answers, with the processor time of this process. */
export async function timedRun(work: () => Promise<string>): Promise<Run> {
  const start = process.cpuUsage();
  const output = await work();
  const { user, system } = process.cpuUsage(start);
  return { output, ms: (user + system) / 1000 };
}

/** A run from what a command has printed: the last line is the time. */
export function printedRun(printed: string): Run {
  const lines = printed.trimEnd().split('\n');
  const ms = Number(lines.pop());
  return { output: lines.join('\n'), ms };
}

/** Runs each subject once a round, in turn; medians of their times by name. Throws when they do not answer the same. */
export async function interleaveRuns(
  program: string,
  subjects: Readonly<Record<string, () => Promise<Run>>>,
  rounds: number,
): Promise<Record<string, number>> {
  const outputs = new Set<string>();
  const timed = Object.entries(subjects).map(([name, run]) => {
    const measure = async () => {
      const { output, ms } = await run();
      outputs.add(output);
      return ms;
    };
    return [name, measure] as const;
  });
  const medians = await interleave(Object.fromEntries(timed), rounds);
  if (outputs.size > 1) throw new Error(`${program} gives different results: ${[...outputs].join(' | ')}`);
  return medians;
}

/** Whether a command can be started here. */
export function hasCommand(command: string): boolean {
  return spawnSync(command, ['-v'], { stdio: 'ignore' }).error === undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'gazelle-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A file of the benchmark's own temporary folder. */
export function temporaryFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Runs a command to its end and returns what it printed. Throws with its errors when it fails. */
export function runCommand(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

const LUA_TIMER = `
local path, n = arg[1], tonumber(arg[2])
local program = loadfile(path)
program(math.max(n // 20, 1))
local start = os.clock()
local result = program(n)
print(tostring(result))
print((os.clock() - start) * 1000)`;

export const lua: Peer = {
  name: 'lua5.4',
  async measure(source, n) {
    const program = temporaryFile('program.lua', source);
    return printedRun(runCommand('lua5.4', [temporaryFile('timer.lua', LUA_TIMER), program, String(n)]));
  },
};

/**
 * Peers that are JavaScript run in processes of their own: their compiling and collecting is no work of ours. They run a
 * part of the program before, large enough that Node has compiled what runs (all, where it takes long to do so).
 */
function inNode(name: string, part: number, script: string): Peer {
  const modules = `module.paths.push(${JSON.stringify(join(process.cwd(), 'node_modules'))});`;
  return {
    name,
    async measure(source, n) {
      const timer = temporaryFile(`${name}.cjs`, modules + script + NODE_TIMER);
      const warmUp = Math.max(Math.floor(n * part), 1);
      const program = temporaryFile('program.lua', source);
      return printedRun(runCommand(process.execPath, [timer, program, String(warmUp), String(n)]));
    },
  };
}

/** Behind a script that has made of `open(source)` a function that runs the program and answers what it returns. */
const NODE_TIMER = `
(async () => {
  const run = await open(require('fs').readFileSync(process.argv[2], 'utf8'));
  const [warmUp, n] = process.argv.slice(3).map(Number);
  await run(warmUp);
  const start = process.cpuUsage();
  console.log(await run(n));
  const { user, system } = process.cpuUsage(start);
  console.log((user + system) / 1000);
})();`;

const fengari = inNode(
  'fengari',
  0.05,
  `
const { lua, lauxlib, lualib, to_luastring } = require('fengari');
const L = lauxlib.luaL_newstate();
lualib.luaL_openlibs(L);
const open = (text) => (n) => {
  if (lauxlib.luaL_loadbuffer(L, to_luastring(text), null, to_luastring('=bench')) !== 0) throw new Error('does not compile');
  lua.lua_pushinteger(L, n);
  if (lua.lua_pcall(L, 1, 1, 0) !== 0) throw new Error(lua.lua_tojsstring(L, -1));
  lauxlib.luaL_tolstring(L, -1);
  return lua.lua_tojsstring(L, -1);
};`,
);

const wasmoon = inNode(
  'wasmoon',
  1,
  `
const { LuaFactory } = require('wasmoon');
const open = async (text) => {
  const engine = await new LuaFactory().createEngine();
  await engine.doString('program = function(...) ' + text + '\\nend');
  return (n) => engine.doString('return tostring((program(' + n + ')))');
};`,
);

/** The Lua peers of this machine; what is missing is named on the way. */
export function luaPeers(report: (missing: string) => void): Peer[] {
  const peers = [fengari, wasmoon];
  if (hasCommand('lua5.4')) peers.unshift(lua);
  else report('lua5.4 is not on this machine: its columns are empty');
  return peers;
}

/** fib(n) in QuickJS, and the time to make a context; ms. */
export async function measureQuickJs(n: number): Promise<{ fib: number; start: number }> {
  const { getQuickJS } = await import('quickjs-emscripten');
  const quickjs = await getQuickJS();
  const begin = performance.now();
  const context = quickjs.newContext();
  const start = performance.now() - begin;
  const source = `function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) } fib(15); fib(${n})`;
  const first = performance.now();
  context.unwrapResult(context.evalCode(source)).dispose();
  const fib = performance.now() - first;
  context.dispose();
  return { fib, start };
}
