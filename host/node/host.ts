// A host in Node: that of host/core with Node's HTTP client.
import { createHost as createCoreHost, type Host, type HostOptions, type HttpClient } from '../core/index';

let client: Promise<HttpClient> | null = null;

/** Node's HTTP client (http/client.ts), which is loaded with the first request: most programs make none. */
export const nodeHttpClient: HttpClient = {
  async request(request) {
    client ??= import('./http/client').then(({ createNodeClient }) => createNodeClient());
    return (await client).request(request);
  },
};

/** Makes a host, as host/core's; its functions can make HTTP requests. Throws TypeError or RangeError for wrong options. */
export function createHost(options: HostOptions = {}): Promise<Host> {
  return createCoreHost({ httpClient: nodeHttpClient, ...options });
}
