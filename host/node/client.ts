// `gazelle/client` for Node.
import { type Client, type ConnectOptions, connectBy, DEFAULT_URL } from '../client/client';
import { openSocketTransport } from './socket-transport';

export * from '../client/public';

/** Connects to a server; `url` as `ws://127.0.0.1:7433/v1`. Rejects with ConnectionError. */
export function connect(url: string = DEFAULT_URL, options: ConnectOptions = {}): Promise<Client> {
  return connectBy(openSocketTransport, url, options);
}
