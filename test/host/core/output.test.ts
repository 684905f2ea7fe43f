// What an execution has written: kept in order, in blocks, read as text and as pieces.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../../host/core/index';
import { OutputLog } from '../../../host/core/output';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Sizes around those of the blocks, to either stream. */
const WRITES: readonly (readonly [stream: 1 | 2, text: string])[] = [
  [2, ''],
  [1, 'a'],
  [1, 'é'.repeat(200)],
  [2, 'e'.repeat(65_000)],
  [1, '😀'.repeat(40_000)],
  [1, 'x'],
  [2, 'y'.repeat(65_536)],
  [1, 'z'.repeat(200_001)],
];

test('both streams come out as they were written, wherever blocks end', async () => {
  const log = new OutputLog();
  for (const [stream, text] of WRITES) log.write(stream, bytes(text));
  log.end();
  const written = (stream: number) =>
    WRITES.filter(([to]) => to === stream)
      .map(([, text]) => text)
      .join('');
  assert.is(log.textOf('stdout'), written(1));
  assert.is(log.textOf('stderr'), written(2));
  const streams: string[] = [];
  const texts = { stdout: '', stderr: '' };
  for await (const { stream, text } of log) {
    texts[stream] += text;
    if (streams[streams.length - 1] !== stream) streams.push(stream);
  }
  assert.equal(texts, { stdout: written(1), stderr: written(2) });
  assert.equal(streams, ['stdout', 'stderr', 'stdout', 'stderr', 'stdout']);
});

test('thousands of single bytes to both streams in turn keep their order', async () => {
  const log = new OutputLog();
  const turns = 10_000;
  for (let turn = 0; turn < turns; turn++) log.write(turn % 2 === 0 ? 1 : 2, Uint8Array.of(65 + (turn % 26)));
  log.end();
  let turn = 0;
  for await (const chunk of log) {
    assert.is(chunk.stream, turn % 2 === 0 ? 'stdout' : 'stderr');
    assert.is(chunk.text, String.fromCharCode(65 + (turn % 26)));
    turn++;
  }
  assert.is(turn, turns);
  assert.is(log.textOf('stdout').length + log.textOf('stderr').length, turns);
});

test('what comes while somebody reads is read too', async () => {
  const log = new OutputLog();
  const texts: string[] = [];
  const reading = (async () => {
    for await (const { text } of log) texts.push(text);
  })();
  for (const part of ['one ', 'two ', 'three']) {
    log.write(1, bytes(part));
    await new Promise((resolve) => setImmediate(resolve));
  }
  log.end();
  await reading;
  assert.is(texts.join(''), 'one two three');
});

test('a result has its output as text, and as JSON, also when it failed', async () => {
  const host = await createHost();
  const result = await host.run({ language: 'lua', source: "print('é') io.stderr:write('\\xff') error('no')" });
  assert.is(result.stdout, 'é\n');
  assert.is(result.stderr, '\ufffd');
  const { stdout, stderr, error } = JSON.parse(JSON.stringify(result));
  assert.equal([stdout, stderr, error.message], ['é\n', '\ufffd', result.error!.message]);
  assert.is({ ...result }.stdout, 'é\n');
  await host.close();
});

test.run();
