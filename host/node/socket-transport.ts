// The WebSocket of a client in Node. Messages of one turn leave in one write.
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { OpenTransport } from '../client/transport';
import { SUBPROTOCOL } from '../protocol/constants';

/** Larger messages of a server close the connection. */
const MAXIMUM_MESSAGE_BYTES = 256 * 2 ** 20;
/** How long nothing may come before the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 30_000;

export const openSocketTransport: OpenTransport = (url, events) => {
  const options = { perMessageDeflate: false, maxPayload: MAXIMUM_MESSAGE_BYTES, followRedirects: false };
  const socket = new WebSocket(url, SUBPROTOCOL, options);
  let stream: Socket | undefined;
  let isCorked = false;
  let problem = '';
  const uncork = () => {
    isCorked = false;
    stream?.uncork();
  };
  socket.on('upgrade', (response) => {
    stream = response.socket;
    stream.setKeepAlive(true, KEEP_ALIVE_MS);
  });
  socket.on('open', () => events.opened());
  socket.on('message', (data: Buffer) => events.message(data.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Of several addresses that were tried, the message is empty.
    problem = error.message || (error.code ?? '');
  });
  socket.on('close', (code, reason) => events.closed(code, reason.length > 0 ? reason.toString() : problem));
  return {
    send(text) {
      if (stream !== undefined && !isCorked) {
        isCorked = true;
        stream.cork();
        process.nextTick(uncork);
      }
      socket.send(text);
    },
    close: () => socket.close(),
  };
};
