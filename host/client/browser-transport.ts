// The WebSocket of the page, the worker or the run time.
import { SUBPROTOCOL } from '../protocol/constants';
import type { OpenTransport } from './transport';

/** The code of WebSocket for a connection that was never made, or was lost. */
const ABNORMAL_CLOSURE = 1006;

export const openBrowserTransport: OpenTransport = (url, events) => {
  const socket = new WebSocket(url, SUBPROTOCOL);
  socket.addEventListener('open', () => events.opened());
  socket.addEventListener('message', ({ data }) => events.message(String(data)));
  // What is wrong a page is not told. 'close' follows, but not where the page's own policy forbids the connection.
  socket.addEventListener('error', () => {
    if (socket.readyState !== socket.OPEN) events.closed(ABNORMAL_CLOSURE, '');
  });
  socket.addEventListener('close', ({ code, reason }) => events.closed(code, reason));
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
};
