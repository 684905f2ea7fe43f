// The server: executions a second over one WebSocket against a bare echo of the same messages, and how long a small call
// and a ping take while hostile loops run. Server, echo and client are processes of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { WebSocket } from 'ws';
import { connect } from '../host/node/client';
import { SUBPROTOCOL } from '../host/protocol/index';
import { formatMs, formatTable, median, quantile } from './statistics';

const MESSAGES = 20_000;
const ROUNDS = 7;
/** Requests that are under way at once. */
const WINDOW = 256;
const LOOPS = 100;
const PROBE_MS = 6000;

const TINY = { name: 'tiny', language: 'lua', source: 'return ...' };
const ENDLESS: readonly { name: string; language: string; source: string }[] = [
  { name: 'endless-lua', language: 'lua', source: 'while true do end' },
  { name: 'endless-c', language: 'c', source: 'int main(void) { for (;;) {} }' },
];

/** A bare server that sends back what it gets; `corked`: the answers of one turn in one write, as ours does. */
const ECHO = `
import { WebSocketServer } from 'ws';
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => console.log(JSON.stringify({ url: 'ws://127.0.0.1:' + server.address().port })));
server.on('connection', (socket, request) => {
  const corked = request.url === '/corked';
  let isCorked = false;
  socket.on('message', (data) => {
    if (corked && !isCorked) {
      isCorked = true;
      request.socket.cork();
      process.nextTick(() => {
        isCorked = false;
        request.socket.uncork();
      });
    }
    socket.send(data, { binary: false });
  });
});`;

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
}

function start(...args: string[]): Promise<Served> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve({ child, url: JSON.parse(String(data)).url }));
    child.once('close', (status) => reject(new Error(`${args[0]} ended with ${status}`)));
  });
}

/** Messages a second: `count` requests with at most WINDOW under way, and as many answers. */
async function measureMessages(url: string, count: number): Promise<number> {
  const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let sent = 0;
  let answered = 0;
  const send = () => {
    sent++;
    socket.send(`{"jsonrpc":"2.0","id":${sent},"method":"execute","params":{"name":"tiny","argument":${sent}}}`);
  };
  const begin = performance.now();
  await new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      if (answered === 0 && data.includes('"error"')) reject(new Error(data.toString()));
      if (++answered === count) resolve();
      else if (sent < count) send();
    });
    while (sent < WINDOW) send();
  });
  const seconds = (performance.now() - begin) / 1000;
  socket.close();
  return count / seconds;
}

/** The same by the client of the package, which makes promises of answers. */
async function measureClient(url: string, count: number): Promise<number> {
  const client = await connect(url);
  let next = 0;
  const work = async () => {
    while (next < count) await client.execute('tiny', next++);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: WINDOW }, work));
  const seconds = (performance.now() - begin) / 1000;
  await client.close();
  return count / seconds;
}

interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

async function probe(once: () => Promise<unknown>): Promise<Latency> {
  const times: number[] = [];
  const end = performance.now() + PROBE_MS;
  while (performance.now() < end) {
    const begin = performance.now();
    await once();
    times.push(performance.now() - begin);
    // Not in step with the server's turns.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  }
  return { count: times.length, p50: median(times), p99: quantile(times, 0.99), most: Math.max(...times) };
}

async function measureLatency(url: string): Promise<Record<string, Latency>> {
  const hostile = await connect(url);
  const client = await connect(url);
  const socket = new WebSocket(url, SUBPROTOCOL);
  await new Promise((resolve) => socket.once('open', resolve));
  const execute = () => client.execute('tiny', 1);
  const ping = () =>
    new Promise((resolve) => {
      socket.once('pong', resolve);
      socket.ping();
    });
  const results: Record<string, Latency> = {
    'execute, nothing else runs': await probe(execute),
    'ping, nothing else runs': await probe(ping),
  };
  const limits = { instructions: Infinity, wallTimeMs: 600_000 };
  for (const fn of ENDLESS) await hostile.deploy({ ...fn, limits });
  const running = ENDLESS.map(({ name }) => hostile.executeMany(name, LOOPS / ENDLESS.length));
  for (const ending of running) ending.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1000));
  results[`execute, ${LOOPS} hostile loops`] = await probe(execute);
  results[`ping, ${LOOPS} hostile loops`] = await probe(ping);
  socket.close();
  await client.close();
  await hostile.close();
  return results;
}

export async function measureServer(): Promise<unknown> {
  const server = await start('dist/gazelle.js', 'serve', '--port', '0', '--json');
  const echo = await start('--input-type=module', '-e', ECHO);
  try {
    const client = await connect(server.url);
    await client.deploy(TINY);
    await client.close();
    const subjects: Record<string, () => Promise<number>> = {
      'bare ws echo': () => measureMessages(echo.url, MESSAGES),
      'bare ws echo, answers of a turn in one write': () => measureMessages(`${echo.url}/corked`, MESSAGES),
      'execute, raw messages': () => measureMessages(server.url, MESSAGES),
      'execute, by gazelle/client': () => measureClient(server.url, MESSAGES),
    };
    const samples: Record<string, number[]> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, measure] of Object.entries(subjects)) (samples[name] ??= []).push(await measure());
    }
    const rates = Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, median(values)]));
    const bare = rates['bare ws echo']!;
    const rows = Object.entries(rates).map(([name, rate]) => [
      name,
      `${Math.round(rate).toLocaleString('en')}/s`,
      `${((100 * rate) / bare).toFixed(0)} %`,
    ]);
    console.log(formatTable([`one WebSocket, ${WINDOW} under way (bar 40 %)`, 'messages', 'of the echo'], rows));
    const latencies = await measureLatency(server.url);
    const lines = Object.entries(latencies).map(([name, { p50, p99, most }]) => [
      name,
      ...[p50, p99, most].map(formatMs),
    ]);
    console.log(`\n${formatTable(['latency (bars at p99: execute 30 ms, ping 20 ms)', 'p50', 'p99', 'most'], lines)}`);
    return { rates, latencies };
  } finally {
    server.child.kill('SIGTERM');
    echo.child.kill('SIGTERM');
  }
}
