// What a worker of a page runs: `gazelle/page-worker`.
import { runWorker } from '../core/workers/worker';

/** Of the global scope, which is typed as a page's. */
interface Scope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', receive: (event: MessageEvent) => void): void;
}

const scope = globalThis as unknown as Scope;
runWorker({
  post: (message) => scope.postMessage(message),
  listen: (receive) => scope.addEventListener('message', ({ data }) => receive(data)),
});
