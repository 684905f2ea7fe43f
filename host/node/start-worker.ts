// Node's worker threads.
import { Worker } from 'node:worker_threads';
import type { ThreadOptions, WorkerThread } from '../core/index';

/** Beside this file in the package, whichever of the bundles it is in. */
const SCRIPT = new URL('./worker.js', import.meta.url);

const MEGABYTE = 1 << 20;

/** Starts a thread of Node's. */
export function startWorker({ memoryBytes }: ThreadOptions = {}): WorkerThread {
  const resourceLimits = memoryBytes === undefined ? {} : { maxOldGenerationSizeMb: memoryBytes / MEGABYTE };
  // Not the flags of this process: some, as `--input-type`, are no thread's.
  const worker = new Worker(SCRIPT, { resourceLimits, execArgv: [] });
  worker.unref();
  let isExpected = false;
  return {
    post: (message) => worker.postMessage(message),
    listen: (receive) => worker.on('message', receive),
    onFailure(report) {
      let failure: unknown;
      worker.on('error', (error) => {
        failure = error;
      });
      worker.on('exit', (code) => {
        if (isExpected) return;
        const reason = failure instanceof Error ? failure.message : `the thread ended with ${code}`;
        report(reason, (failure as { code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY');
      });
    },
    hold(isHeld) {
      // One that is being ended keeps the process until it has: somebody waits for that.
      if (isExpected) return;
      if (isHeld) worker.ref();
      else worker.unref();
    },
    async terminate() {
      isExpected = true;
      await worker.terminate();
    },
  };
}
