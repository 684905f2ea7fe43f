// Takes the value loop apart, as the bundler leaves it: what stands before and behind its switch, and each case's body. The
// machine makes functions of these for code that runs often (vm/specialiser.ts). It comes before whatever bundles the machine, and fails
// when the loop is not of the form that its header promises.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.mjs';

const LOOP = 'vm/value-loop.ts';
const FOLDER = '.build/loops';

/** Writes them where vm/specialiser.ts has them from. A file that is right stays: what was bundled with it is fresh. */
export async function writeLoopTemplates() {
  const path = `${FOLDER}/value-loop.txt`;
  const text = await loopTemplates();
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

/** The templates of `runValue` as JSON; see `Templates` of vm/specialiser.ts. */
async function loopTemplates() {
  const result = await build({
    ...BUNDLE_OPTIONS,
    ...{
      entryPoints: [LOOP],
      splitting: false,
      sourcemap: false,
      metafile: false,
      write: false,
    },
  });
  const helpers = importedFunctions();
  const text = withHelpers(functionText(result.outputFiles[0].text, 'runValue'), helpers);
  return JSON.stringify({ helpers, ...takeApart(text) });
}

/** The functions that the loop's file imports: what it may call. */
function importedFunctions() {
  const imports = [...readFileSync(LOOP, 'utf8').matchAll(/^import \{([^}]*)\} from/gm)].map(([, names]) => names);
  return imports.flatMap((names) => names.split(',').map((name) => name.trim())).filter((name) => /^[a-z]/.test(name));
}

function fail(what) {
  throw new Error(`the value loop cannot be taken apart: ${what}`);
}

function functionText(bundle, name) {
  const start = bundle.indexOf(`\nfunction ${name}(context) {`);
  if (start < 0) fail('it is not there');
  return bundle.slice(start + 1, bundle.indexOf('\n}\n', start) + 2).replace(/ ?\/\*.*?\*\//g, '');
}

/** What is no function, and what the language or the context offers. */
const NOT_IMPORTED = ['if', 'for', 'switch', 'return', 'imul', 'floor', 'runValue', 'checkFrame'];

/** The bundler numbers names that occur twice: here they are as in the source. */
function withHelpers(text, helpers) {
  let renamed = text;
  for (const name of helpers) {
    const found = new Set([...text.matchAll(new RegExp(`\\b${name}\\d*(?=\\()`, 'g'))].map(([word]) => word));
    if (found.size !== 1) fail(`it calls ${[...found].join(' and ') || 'no'} ${name}`);
    renamed = renamed.replaceAll(new RegExp(`\\b${[...found][0]}\\(`, 'g'), `${name}(`);
  }
  const known = new Set([...helpers, ...NOT_IMPORTED]);
  for (const [, name] of renamed.matchAll(/([\w$]+)\(/g)) if (!known.has(name)) fail(`it calls ${name}`);
  return renamed;
}

/** One name for a local variable, whatever number the bundler gave it. */
function withName(text, pattern, name) {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) fail(`no ${name}`);
  return text.replaceAll(new RegExp(`\\b${found}\\b`, 'g'), name);
}

function takeApart(original) {
  let text = withName(original, /switch \((\w+) & 255\) \{/, 'ins');
  text = withName(text, /let (leave\d*) = 0/, 'leave');
  const run = text.indexOf('run: for (');
  const first = text.indexOf('\n          case ', run);
  const last = text.indexOf('\n          default:', first);
  const behind = /^\n {10}default:\n {8}\}\n {8}break;\n {6}\}\n/.exec(text.slice(last));
  if (run < 0 || first < 0 || last < 0 || behind === null) fail('its switch is not where it should be');
  const cases = {};
  for (const [, labels, body] of text
    .slice(first, last)
    .matchAll(/((?:\n {10}case \d+:)+) \{\n([\s\S]*?)\n {10}\}(?=\n|$)/g)) {
    const marked = markEnds(body);
    for (const [, number] of labels.matchAll(/case (\d+):/g)) cases[number] = marked;
  }
  const count = [...text.slice(first, last).matchAll(/\n {10}case \d+:/g)].length;
  if (Object.keys(cases).length !== count) fail(`${count} labels, ${Object.keys(cases).length} bodies`);
  return {
    before: text.slice(text.indexOf('{') + 1, run),
    cases,
    behind: text.slice(last + behind[0].length, text.lastIndexOf('}')),
  };
}

/**
 * Marks how the instruction ends: `$next` behind one that goes on with the next, `$jump` where `pc` was moved, and `break run` where the
 * slow path is to run it.
 */
function markEnds(body) {
  let marked = '';
  let end = 0;
  let depth = 0;
  /** Depth of the block in which `pc` was moved, and of the outermost loop. */
  let moved = Infinity;
  let loop = Infinity;
  for (const { 0: token, index } of body.matchAll(/for \(|[{}]|\bpc = (?!pc \+ 1 & 268435455,)|continue;|break;/g)) {
    if (token === '{') depth++;
    else if (token === '}') {
      depth--;
      if (depth < moved) moved = Infinity;
      if (depth <= loop) loop = Infinity;
    } else if (token === 'for (') {
      if (loop === Infinity && body.slice(index, body.indexOf('\n', index)).endsWith('{')) loop = depth;
    } else if (token.startsWith('pc =')) moved = Math.min(moved, depth);
    // What ends or repeats a loop inside stays.
    else if (loop === Infinity) {
      marked += body.slice(end, index) + (token === 'break;' ? 'break run;' : moved === Infinity ? '$next;' : '$jump;');
      end = index + token.length;
    }
  }
  return marked + body.slice(end);
}
