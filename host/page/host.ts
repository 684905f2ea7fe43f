// A host in a page: that of host/core with the page's threads.
import { createHost as createCoreHost, type Host, type HostOptions } from '../core/index';
import { defaultStartWorker } from './start-worker';

/**
 * Makes a host, as host/core's: without workers unless they are asked for, but texts are compiled in threads, where the page can
 * start some. Rejects with TypeError or RangeError for options that are wrong, HostError `host.shared_memory`.
 */
export function createHost(options: HostOptions = {}): Promise<Host> {
  return createCoreHost({ startWorker: defaultStartWorker, ...options });
}
