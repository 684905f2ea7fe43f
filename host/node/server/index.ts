// The server, as `gazelle/server` exports it.
export type { StoreLimits } from './limits';
export { type ServeOptions, type Server, startServer } from './server';
