// Worker threads of a page.
import type { StartWorker, WorkerThread } from '../core/index';

/** Beside this file in the package. Bundlers take it along as a file: it needs no other. */
const SCRIPT = new URL('./page-worker/index.js', import.meta.url);

/**
 * How a page starts threads that are not found by themselves, for `createHost({ startWorker })`. `create` makes a worker whose
 * script imports `gazelle/page-worker`, as `() => new Worker(new URL('./my-worker.js', import.meta.url), { type: 'module' })`.
 * A page cannot limit a worker's memory, nor tell that it has run out of it.
 */
export function pageWorkers(create: () => Worker): StartWorker {
  return () => {
    try {
      return threadOf(create());
    } catch (error) {
      return failedThread(error instanceof Error ? error.message : String(error));
    }
  };
}

function threadOf(worker: Worker): WorkerThread {
  return {
    post: (message) => worker.postMessage(message),
    listen: (receive) => worker.addEventListener('message', ({ data }) => receive(data)),
    onFailure(report) {
      worker.addEventListener('error', ({ message }) =>
        report(message || 'the script of the worker has failed', false),
      );
      worker.addEventListener('messageerror', () => report('a message could not be read', false));
    },
    // A page ends when it is left, whatever its workers do.
    hold: () => {},
    async terminate() {
      worker.terminate();
    },
  };
}

/** One that could not be made: a script of another origin, for example. */
function failedThread(reason: string): WorkerThread {
  return {
    post: () => {},
    listen: () => {},
    onFailure: (report) => queueMicrotask(() => report(reason, false)),
    hold: () => {},
    terminate: async () => {},
  };
}

/** With the script of the package; null where there are no workers. */
export const defaultStartWorker: StartWorker | null =
  typeof Worker === 'undefined' ? null : pageWorkers(() => new Worker(SCRIPT, { type: 'module' }));
