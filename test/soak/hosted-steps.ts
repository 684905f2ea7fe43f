// How long a whole host holds its event loop at once: between two of its turns there, what promises bring included.

import { createSurroundings, type Surroundings } from '../../host/core/event-loop';
import { createHost, type Host } from '../../host/core/index';
import { ensureTraining } from '../../host/core/training';
import { HOST_FUNCTIONS, HOSTED_CLIENT, type HostedCase } from '../metering/largest-hosted';

const UNBOUNDED = Number.POSITIVE_INFINITY;

/** The times of the event loop's turns, one turn of an execution each. */
export async function timesOf(
  one: HostedCase,
  mebibytes: number,
  sliceInstructions: number,
): Promise<{ times: number[]; status: string }> {
  await ensureTraining();
  const times: number[] = [];
  const surroundings: Surroundings = {
    ...createSurroundings(),
    isHeld: () => true,
    yieldToHost(callback) {
      setImmediate(() => {
        const used = process.cpuUsage();
        const start = performance.now();
        // Behind the callback and all that it has settled.
        setImmediate(() => {
          const elapsed = performance.now() - start;
          const { user, system } = process.cpuUsage(used);
          times.push(Math.min(elapsed, (user + system) / 1000));
        });
        callback();
      });
    },
  };
  const limits = { memoryBytes: mebibytes << 20, instructions: UNBOUNDED, networkInBytes: UNBOUNDED };
  const host: Host = await createHost({ surroundings, sliceInstructions, limits, httpClient: HOSTED_CLIENT });
  await one.prepare?.(host);
  const called = await host.deploy({
    name: 'main',
    language: one.language,
    source: one.source,
    capabilities: ['storage', 'http', 'invoke'],
    invoke: ['*'],
    functions: HOST_FUNCTIONS,
    http: { allow: [{ host: 'example.com' }] },
  });
  const { argument, args, stdin } = one;
  // What a host does once for a program is not looked at here, nor is what is cleaned before and behind.
  await called.execute(argument, { args, stdin });
  for (let before = -1; before < times.length; ) {
    before = times.length;
    await turnOfEventLoop();
  }
  // V8 collects when it next makes an array, if the first call has made a large heap.
  globalThis.gc?.();
  const first = times.length;
  const { status, error } = await called.execute(argument, { args, stdin });
  await turnOfEventLoop();
  const taken = times.slice(first);
  await turnOfEventLoop();
  await host.close();
  return { times: taken, status: status === 'ok' ? status : (error?.message ?? status).slice(0, 40) };
}

/** Two: the first may be the one that is under way. */
async function turnOfEventLoop(): Promise<void> {
  for (let count = 0; count < 2; count++) await new Promise((resolve) => setImmediate(resolve));
}
