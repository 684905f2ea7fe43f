// Worker threads of a page.
import type { StartWorker } from '../core/index';

/**
 * What `createHost({ workers, startWorker })` needs in a page. `create` makes a worker whose script imports
 * `gazelle/page-worker`, as `() => new Worker(new URL('./my-worker.js', import.meta.url), { type: 'module' })`: written in
 * the page's own code, bundlers find the script. A page cannot limit a worker's memory, nor tell that it has run out of it.
 */
export function pageWorkers(create: () => Worker): StartWorker {
  return () => {
    const worker = create();
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
  };
}
