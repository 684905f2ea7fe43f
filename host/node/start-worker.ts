// Node's worker threads.
import { Worker } from 'node:worker_threads';
import type { WorkerThread } from '../core/index';

/** Beside this file in the package, whichever of the bundles it is in. */
const SCRIPT = new URL('./worker.js', import.meta.url);

/** Starts a thread of Node's. */
export function startWorker(): WorkerThread {
  const worker = new Worker(SCRIPT);
  let isExpected = false;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen: (receive) => worker.on('message', receive),
    onFailure(report) {
      let reason = '';
      worker.on('error', (error) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      worker.on('exit', (code) => {
        if (!isExpected) report(reason === '' ? `the thread ended with ${code}` : reason);
      });
    },
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    async terminate() {
      isExpected = true;
      await worker.terminate();
    },
  };
}
