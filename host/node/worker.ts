// What a worker thread of Node's runs.
import { parentPort } from 'node:worker_threads';
import { runWorker } from '../core/workers/worker';
import { nodeCodeCache } from './code-cache';

const port = parentPort!;
runWorker({
  post: (message) => port.postMessage(message),
  listen: (receive) => port.on('message', receive),
  codeCache: nodeCodeCache,
});
