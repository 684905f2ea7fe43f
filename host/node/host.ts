// A host in Node: that of host/core with Node's HTTP client and threads.
import { availableParallelism } from 'node:os';
import { createHost as createCoreHost, type Host, type HostOptions, type HttpClient } from '../core/index';
import { nodeCodeCache } from './code-cache';
import { startWorker } from './start-worker';

let client: Promise<HttpClient> | null = null;

/** Node's HTTP client (http/client.ts), which is loaded with the first request: most programs make none. */
export const nodeHttpClient: HttpClient = {
  async request(request) {
    client ??= import('./http/client').then(({ createNodeClient }) => createNodeClient());
    return (await client).request(request);
  },
};

/** The host's own thread needs a core, too. */
const DEFAULT_WORKERS = Math.max(1, availableParallelism() - 1);

/**
 * Makes a host, as host/core's; its functions can make HTTP requests, and long calls run in threads. Throws TypeError or
 * RangeError for wrong options.
 */
export function createHost(options: HostOptions = {}): Promise<Host> {
  return createCoreHost({
    httpClient: nodeHttpClient,
    workers: DEFAULT_WORKERS,
    startWorker,
    codeCache: nodeCodeCache,
    ...options,
  });
}
