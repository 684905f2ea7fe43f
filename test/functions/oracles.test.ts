// The expectations in functions/ come from the real Lua and a real C compiler: every sample of every Lua and C function
// is run by these. Nothing of Gazelle runs here but the reader of the folders.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  answerOf,
  type FunctionFolder,
  type FunctionSample,
  type Json,
  readFunctionFolders,
} from '../../host/node/function-folder';

// Those that need nothing of Gazelle's own.
const folders = readFunctionFolders('functions').filter(({ options }) => options.capabilities.length === 0);

/** What a sample came to outside Gazelle. */
interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly value?: unknown;
}

test('the real Lua gives every expected result', () => {
  if (!isInstalled('lua5.4', ['-v'])) return console.log('SKIPPED: samples on the real Lua (no lua5.4)');
  for (const folder of foldersIn('lua')) {
    for (const sample of folder.samples) check(folder, sample, runLua(folder, sample));
  }
});

test('a C compiler gives every expected result', () => {
  if (!isInstalled('gcc', ['--version'])) return console.log('SKIPPED: samples on a C compiler (no gcc)');
  const scratch = mkdtempSync(join(tmpdir(), 'gazelle-functions-'));
  try {
    for (const folder of foldersIn('c')) {
      const program = join(scratch, folder.options.name);
      const compiler = run('gcc', [
        '-std=c99',
        '-Wall',
        '-O1',
        '-o',
        program,
        join(folder.folder, folder.entry),
        '-lm',
      ]);
      assert.is(compiler.stderr, '', folder.options.name);
      for (const sample of folder.samples) check(folder, sample, run(program, wordsOf(sample), sample.stdin));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
});

function foldersIn(language: string): FunctionFolder[] {
  const found = folders.filter((folder) => folder.options.language === language);
  assert.ok(found.length >= 6, `at least six functions in ${language}`);
  return found;
}

function check(folder: FunctionFolder, sample: FunctionSample, outcome: Outcome): void {
  const place = `${folder.options.name}, sample ${folder.samples.indexOf(sample)}: ${answerOf(outcome)}`;
  if (sample.value !== undefined) assert.equal(outcome.value, sample.value, place);
  if (sample.stdout !== undefined) assert.is(outcome.stdout, sample.stdout, place);
  if (sample.error !== undefined) assert.ok(outcome.stderr.includes(sample.error), `${place} ${outcome.stderr}`);
  else assert.is(outcome.exitCode, sample.exitCode ?? 0, `${place} ${outcome.stderr}`);
}

/** A function's words on the command line: args, or the argument as text. */
function wordsOf(sample: FunctionSample): readonly string[] {
  if (sample.args !== undefined || sample.argument === undefined) return sample.args ?? [];
  return [typeof sample.argument === 'string' ? sample.argument : JSON.stringify(sample.argument)];
}

/** Calls the chunk with the sample's argument and has its first result printed as JSON after all other output. */
function runLua(folder: FunctionFolder, sample: FunctionSample): Outcome {
  const literals = sample.args?.map(luaLiteral) ?? (sample.argument === undefined ? [] : [luaLiteral(sample.argument)]);
  const call = [JSON.stringify(join(folder.folder, folder.entry)), ...literals].join(', ');
  const outcome = run('lua5.4', ['-e', `${LUA_DRIVER}\nreport(call(${call}))`], sample.stdin);
  const [stdout, value] = outcome.stdout.split(VALUE_MARK);
  return { ...outcome, stdout: stdout!, ...(value !== undefined && { value: JSON.parse(value) }) };
}

const VALUE_MARK = '\u0001value:';
const LUA_DRIVER = `
local function call(file, ...) return assert(loadfile(file))(...) end
local function encode(value)
  if type(value) == "table" and (#value > 0 or next(value) == nil) then
    local parts = {}
    for i, element in ipairs(value) do parts[i] = encode(element) end
    return "[" .. table.concat(parts, ",") .. "]"
  elseif type(value) == "table" then
    local parts = {}
    for name, element in pairs(value) do parts[#parts + 1] = encode(name) .. ":" .. encode(element) end
    return "{" .. table.concat(parts, ",") .. "}"
  elseif type(value) == "string" then
    return '"' .. value:gsub('[%c"\\\\]', function(c) return ("\\\\u%04x"):format(c:byte()) end) .. '"'
  end
  return math.type(value) == "float" and ("%.17g"):format(value) or value == nil and "null" or tostring(value)
end
local function report(value) io.write("\\1value:", encode(value)) end`;

function luaLiteral(value: Json): string {
  if (value === null) return 'nil';
  if (typeof value === 'string')
    return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;
  if (Array.isArray(value)) return `{${value.map(luaLiteral).join(',')}}`;
  if (typeof value !== 'object') return String(value);
  return `{${Object.entries(value).map(([name, element]) => `[${luaLiteral(name)}]=${luaLiteral(element)}`)}}`;
}

function run(command: string, words: readonly string[], stdin = ''): Outcome {
  const { stdout, stderr, status } = spawnSync(command, words, { input: stdin, encoding: 'utf8' });
  return { stdout, stderr, exitCode: status ?? -1 };
}

function isInstalled(command: string, words: string[]): boolean {
  return spawnSync(command, words).error === undefined;
}

test.run();
