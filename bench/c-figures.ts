// What C costs before and beside its running: compiling a file of a thousand lines, library included, and the memory of a
// context that has been started.
import { readdirSync, readFileSync } from 'node:fs';
import { compileSource } from '../host/core/compile';
import { createHost, type Host } from '../host/node/index';
import { formatMs, formatTable, median } from './statistics';

const FOLDER = 'bench/programs/c';
const LINES = 1000;
const ROUNDS = 30;
const IDLE: Readonly<Record<string, string>> = {
  'an endless loop': 'int main(void) { for (;;) {} }',
  'with printf': '#include <stdio.h>\nint main(void) { printf("%d\\n", 1); for (;;) {} }',
  'with malloc': '#include <stdlib.h>\nint main(void) { if (malloc(100) == 0) return 1; for (;;) {} }',
  'with an array of 2,000 bytes':
    'int f(char *); int main(void) { char a[2000]; return f(a); } int f(char *a) { for (;;) a[0] = 1; }',
};

/** The bench's programs after each other, as often as it takes, each with names of its own; main calls them all. */
function thousandLines(): { source: string; lines: number } {
  const parts: string[] = [];
  const calls: string[] = [];
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.c'));
  let lines = 0;
  for (let index = 0; lines < LINES; index++) {
    const text = readFileSync(`${FOLDER}/${names[index % names.length]}`, 'utf8');
    const part = renamed(text, `_${index}`);
    parts.push(part);
    lines += part.split('\n').length - 1;
    calls.push(`main_${index}(argc, argv);`);
  }
  return { source: `${parts.join('')}int main(int argc, char **argv) { ${calls.join(' ')} }\n`, lines };
}

/** `text` with `suffix` behind the names that it defines for the whole file. */
function renamed(text: string, suffix: string): string {
  const defined = [
    ...text.matchAll(/^#define (\w+)/gm),
    ...text.matchAll(/^(?:\w+ )+\**(\w+)(?=[[(;=, ])/gm),
    ...text.matchAll(/^(?:static )?(?:struct|enum) (\w+)/gm),
    ...text.matchAll(/^static [^(){}=;]*?, \**(\w+)[[;,]/gm),
    ...(/^enum \w* ?{([^}]*)}/m.exec(text)?.[1]?.matchAll(/(\w+)/g) ?? []),
  ].map(([, name]) => name!);
  const names = [...new Set(defined)].filter((name) => !/^(?:int|long|double|char|unsigned|struct)$/.test(name));
  const pattern = new RegExp(`(?<![\\w.>"#<])(${names.join('|')})\\b(?!\\.h)`, 'g');
  return text.replace(pattern, `$1${suffix}`);
}

function measureCompile(host: Host): { lines: number; ms: number } {
  const { source, lines } = thousandLines();
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    compileSource(host.languages, { language: 'c', source, fileName: 'thousand.c', files: {} });
    const { user, system } = process.cpuUsage(start);
    // The first ones compile the library, and have the host's compiler at work.
    if (round >= ROUNDS / 3) samples.push((user + system) / 1000);
  }
  return { lines, ms: median(samples) };
}

async function measureIdle(host: Host): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const [name, source] of Object.entries(IDLE)) {
    const result = await host.run({ language: 'c', source, limits: { instructions: 20_000 } });
    if (result.status !== 'limit') throw new Error(`${name}: ${result.status}`);
    bytes[name] = result.usage.memoryPeakBytes;
  }
  return bytes;
}

export async function measureCFigures(): Promise<unknown> {
  const host = await createHost({ workers: 0 });
  const compile = measureCompile(host);
  const idle = await measureIdle(host);
  await host.close();
  const rows = [
    [`compiling ${compile.lines} lines and what they need of the library, warm`, formatMs(compile.ms), '100 ms'],
    ...Object.entries(idle).map(([name, bytes]) => [
      `memory of a context: ${name}`,
      `${bytes} B`,
      '8 KiB and its data',
    ]),
  ];
  console.log(`\n${formatTable(['C', 'measured', 'bar'], rows)}`);
  return { compile, idle };
}
