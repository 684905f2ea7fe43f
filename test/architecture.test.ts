// Who may import whom: the table of ARCHITECTURE.md, checked against the real imports of every source file.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

interface Rule {
  /** Folder that the rule is for. */
  folder: string;
  /** What it may import: folders or files of ours, `npm:NAME`, or `node:`. */
  may: string[];
}

/** The longest matching folder's rule applies. A folder may always import itself. */
const RULES: Rule[] = [
  { folder: 'vm', may: ['.build/loops'] },
  { folder: 'frontends', may: ['vm/index'] },
  { folder: 'frontends/stack', may: ['vm/index', 'frontends/diagnostics', 'frontends/frontend', 'npm:ohm-js'] },
  { folder: 'frontends/lua', may: ['vm/index', 'frontends/diagnostics', 'frontends/frontend', 'npm:fengari'] },
  { folder: 'frontends/c', may: ['vm/index', 'frontends/diagnostics', 'frontends/frontend', 'npm:chevrotain'] },
  { folder: 'stdlib', may: ['vm/index'] },
  { folder: 'host/core', may: ['vm', 'frontends', 'stdlib', '.build/library'] },
  { folder: 'host/page', may: ['host/core'] },
  { folder: 'host/protocol', may: ['vm/index', 'host/core', 'npm:zod'] },
  { folder: 'host/client', may: ['vm/index', 'frontends/diagnostics', 'host/core', 'host/protocol'] },
  {
    folder: 'host/node',
    may: [
      ...['vm', 'frontends', 'stdlib', 'host/core', 'host/protocol', 'host/client', 'package.json', 'node:'],
      ...['npm:commander', 'npm:ws', 'npm:sirv', 'npm:undici', 'npm:ipaddr.js'],
    ],
  },
  { folder: 'playground', may: ['host/page/index', 'npm:@codemirror', 'npm:@lezer', 'npm:vite'] },
  // It makes bundles like the shipped ones, with one thing changed.
  { folder: 'bench', may: ['vm', 'frontends', 'stdlib', 'host', 'tools', 'node:', 'npm:'] },
];

const SOURCES = [...new Set(RULES.map((rule) => rule.folder.split('/')[0]!))];

/** Inside vm: what makes code comes before what runs it, never back. */
const VM_ORDER = ['opcodes', 'encoding', 'module', 'verifier', 'linker', 'scheduler'];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => posix.join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** `./x` as a path from the root, our own package as what it stands for, an npm package as `npm:NAME`, a module of Node as `node:NAME`. */
function resolveImport(file: string, name: string): string {
  if (name.startsWith('.')) return posix.join(posix.dirname(file), name);
  if (name === 'gazelle/browser') return 'host/page/index';
  if (name.startsWith('node:') || builtinModules.includes(name)) return `node:${name.replace('node:', '')}`;
  return `npm:${name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')}`;
}

function ruleFor(file: string): Rule {
  const rules = RULES.filter((rule) => file.startsWith(`${rule.folder}/`));
  return rules.reduce((longest, rule) => (rule.folder.length > longest.folder.length ? rule : longest));
}

function isAllowed(rule: Rule, target: string): boolean {
  if (target.startsWith(`${rule.folder}/`)) return true;
  return rule.may.some((may) =>
    may.endsWith(':') ? target.startsWith(may) : target === may || target.startsWith(`${may}/`),
  );
}

test('every import goes in an allowed direction', () => {
  const wrong = SOURCES.flatMap(sourceFiles).flatMap((file) =>
    importsOf(file)
      .map((name) => resolveImport(file, name))
      .filter((target) => !isAllowed(ruleFor(file), target))
      .map((target) => `${file} imports ${target}`),
  );
  assert.equal(wrong, []);
});

test('the check sees imports at all', () => {
  assert.ok(importsOf('vm/linker.ts').includes('./module'));
  assert.is(resolveImport('vm/linker.ts', './module'), 'vm/module');
  assert.not.ok(isAllowed(ruleFor('vm/linker.ts'), 'host/core/host'));
  assert.not.ok(isAllowed(ruleFor('frontends/lua/lexer.ts'), 'frontends/c/lexer'));
  assert.not.ok(isAllowed(ruleFor('host/core/host.ts'), 'node:fs'));
  assert.ok(importsOf('playground/worker.ts').includes('gazelle/browser'));
  for (const target of ['node:fs', 'host/node/index', 'host/core/host', 'npm:gazelle']) {
    assert.not.ok(isAllowed(ruleFor('playground/main.ts'), target));
  }
});

test('inside vm no file imports one that comes later', () => {
  const reachable = (file: string, seen = new Set<string>()): Set<string> => {
    for (const name of importsOf(file)) {
      const target = `${resolveImport(file, name)}.ts`;
      if (target.startsWith('.build/')) continue;
      if (seen.has(target)) continue;
      seen.add(target);
      reachable(target, seen);
    }
    return seen;
  };
  for (const [position, name] of VM_ORDER.entries()) {
    const reached = reachable(`vm/${name}.ts`);
    for (const later of VM_ORDER.slice(position + 1)) {
      assert.not.ok(reached.has(`vm/${later}.ts`), `vm/${name}.ts reaches vm/${later}.ts`);
    }
  }
});

test('vm uses nothing of the host but arithmetic', () => {
  const forbidden =
    /\b(?:Date\.|Math\.random|performance\.|console\.|setTimeout|setImmediate|process\.|document\.|window\.[a-z]|Math\.(?:sin|cos|tan|a(?:sin|cos|tan)2?|exp|log\w*|pow|cbrt|hypot|round|sinh|cosh|tanh)\b)/;
  const wrong = sourceFiles('vm').filter((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .some((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line) && forbidden.test(line.replace(/\/\/.*$/, ''))),
  );
  assert.equal(wrong, []);
});

test.run();
