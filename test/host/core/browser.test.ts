// The whole host in a bundle for browsers, in a context that has what pages have and nothing of Node: languages with
// their built libraries, files, an execution from its start to its result.
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const channels: MessageChannel[] = [];
/** A page ends with its channels; this process would not. */
class PageChannel extends MessageChannel {
  constructor() {
    super();
    channels.push(this);
  }
}
test.after(() => {
  for (const { port1 } of channels) port1.close();
});

/** What the bundle uses of a page. */
const PAGE = {
  TextEncoder,
  TextDecoder,
  atob,
  btoa,
  performance,
  crypto,
  setTimeout,
  clearTimeout,
  MessageChannel: PageChannel,
  AbortController,
  console,
};

test('deploys and runs functions of every language', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "import { createHost } from './host/core/index'; globalThis.createHost = createHost;",
      resolveDir: '.',
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    metafile: true,
    loader: { '.lua': 'text', '.c': 'text', '.h': 'text', '.sm': 'text' },
    // What fengari looks at while it loads: its configuration, and the host's path separator when there is a process.
    define: { 'process.env.FENGARICONF': 'undefined' },
    external: ['os'],
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  assert.equal(
    imported.filter((path) => path.startsWith('node:')),
    [],
  );
  const page = createContext({ ...PAGE });
  runInContext(outputFiles[0]!.text, page);
  const run = `(async () => {
    const host = await createHost();
    const lua = await host.run({
      language: 'lua',
      source: 'io.open("new", "w"):write("x"):close() return require("part"), io.open("new"):read("a"), ...',
      files: { 'part.lua': 'return "a part"' },
      argument: [0.5],
    });
    const c = await host.run({ language: 'c', source: '#include <stdio.h>\\nint main(void) { printf("%d", 42); return 7; }' });
    const sm = await host.run({ language: 'sm', source: 'func main(a: i32) -> i32\\n  a 1 i32.add\\nend', argument: 1 });
    await host.close();
    return JSON.stringify([lua.values, c.stdout, c.exitCode, sm.value]);
  })()`;
  const answer = (await runInContext(run, page)) as string;
  assert.equal(JSON.parse(answer), [['a part', 'x', [0.5]], '42', 7, 2]);
});

test.run();
