// The WebSocket of the page, the worker or the run time.
import { SUBPROTOCOL } from '../protocol/constants';
import type { OpenTransport } from './transport';

export const openBrowserTransport: OpenTransport = (url, events) => {
  const socket = new WebSocket(url, SUBPROTOCOL);
  socket.addEventListener('open', () => events.opened());
  socket.addEventListener('message', ({ data }) => events.message(String(data)));
  // What is wrong a page is not told: 'close' follows. Other implementations insist on a listener.
  socket.addEventListener('error', () => {});
  socket.addEventListener('close', ({ code, reason }) => events.closed(code, reason));
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
};
