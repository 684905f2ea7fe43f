// The names that both ends must agree on before any message.

/** The WebSocket subprotocol; its number is raised when a message changes in a way that old clients do not understand. */
export const SUBPROTOCOL = 'gazelle.v1';

/** The path of the WebSocket. */
export const PROTOCOL_PATH = '/v1';

export const DEFAULT_PORT = 7433;

/** Codes of WebSocket closings beside the standard ones. */
export const CLOSE_CODES = {
  /** The client reads so slowly that more waits for it than the server keeps. */
  tooSlow: 4008,
} as const;
