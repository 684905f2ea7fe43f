// What one server and one connection may use, each with its reason. Limits of executions are host/core's.
import type { LimitOptions } from '../../core/index';
import type { ServerLimits } from '../../protocol/index';

/** What applies to a served function when nobody says anything else. */
export const SERVED_FUNCTION_LIMITS: LimitOptions = {
  instructions: 1_000_000_000,
  wallTimeMs: 30_000,
  memoryBytes: 64 * 2 ** 20,
  // Less than the API's: output is kept until an execution ends, and one connection may have thousands.
  outputBytes: 4 * 2 ** 20,
};

/** What one connection may do; told to clients by `initialize`. */
export const CONNECTION_LIMITS: ServerLimits = {
  // The largest argument, as base64, and room for the rest of a request.
  messageBytes: 8 * 2 ** 20,
  // Arguments may have 128 levels; tagged objects have up to two for each of theirs.
  messageDepth: 280,
  // They are parsed in one go, so many in some 20 ms.
  messageValues: 280_000,
  deployBytes: 4 * 2 ** 20,
  executions: 10_000,
  // What a call was given is kept as long as it runs.
  executeBytes: 64 * 2 ** 20,
  subscriptions: 100,
  responseBytes: 32 * 2 ** 20,
  // As base64 it fits into a message, with room for the rest: what can be taken can be given back.
  snapshotBytes: 5 * 2 ** 20,
  // Room for two of the largest answers.
  unreadBytes: 64 * 2 ** 20,
};

/** What one server keeps. */
export interface StoreLimits {
  readonly tenants: number;
  /** Of all tenants. */
  readonly functions: number;
  /** Sources, modules and files of all functions. */
  readonly functionBytes: number;
  readonly connections: number;
}

export const STORE_LIMITS: StoreLimits = {
  tenants: 1024,
  functions: 4096,
  functionBytes: 256 * 2 ** 20,
  connections: 1024,
};

/** From so many bytes on that wait for a client, its requests are not read and its executions' output is held. */
export const CONGESTED_BYTES = 2 ** 20;

/** Milliseconds that one connection's requests may take in one turn of the event loop. */
export const TURN_MS = 2;

/** Clients are asked so often for a sign of life. */
export const HEARTBEAT_MS = 15_000;
