// `gazelle/client` for browsers.
import { openBrowserTransport } from './browser-transport';
import { type Client, type ConnectOptions, connectBy, DEFAULT_URL } from './client';

export * from './public';

/** Connects to a server; `url` as `ws://127.0.0.1:7433/v1`. Rejects with ConnectionError. */
export function connect(url: string = DEFAULT_URL, options: ConnectOptions = {}): Promise<Client> {
  return connectBy(openBrowserTransport, url, options);
}
