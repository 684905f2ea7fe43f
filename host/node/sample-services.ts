// The services that functions ask over HTTP, as their manifests describe them, on a server of this machine: for tests and the
// demo, which so make real requests.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionFolder, Json } from './function-folder';

export interface SampleServices {
  /** As a host grants it: `127.0.0.1:PORT`. */
  readonly address: string;
  /** A function whose service is this one: in its rules and in its samples. */
  redirect(folder: FunctionFolder): FunctionFolder;
  close(): void;
}

/** Serves the answers of all `folders` that have a service. */
export async function startSampleServices(folders: readonly FunctionFolder[]): Promise<SampleServices> {
  const answers = new Map<string, Json>(folders.flatMap(({ service }) => Object.entries(service?.answers ?? {})));
  const server = createServer((request, response) => {
    const answer = answers.get(request.url!);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? null));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `127.0.0.1:${port}`;
  return {
    address,
    redirect(folder) {
      const { service, options, samples } = folder;
      if (service === undefined || options.http === undefined) return folder;
      const { hostname } = new URL(service.origin);
      const allow = options.http.allow.map((rule) =>
        rule.host === hostname ? { ...rule, host: '127.0.0.1', port } : rule,
      );
      const asked = JSON.parse(JSON.stringify(samples).replaceAll(service.origin, `http://${address}`));
      return { ...folder, samples: asked, options: { ...options, http: { allow } } };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
