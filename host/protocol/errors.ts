// The errors of the protocol in one table: stable code, number of JSON-RPC, meaning. docs/protocol.md is generated from it.
// What goes wrong inside a function is no error here: it is a result.
import { SNAPSHOT_ERRORS } from '../../vm/index';
import { HOST_ERRORS } from '../core/errors';

export interface ProtocolErrorDefinition {
  /** `error.code` of JSON-RPC. */
  readonly number: number;
  readonly meaning: string;
}

const OWN_ERRORS = {
  'message.json': { number: -32700, meaning: 'the message is no JSON' },
  'message.depth': {
    number: -32600,
    meaning: 'the message is nested more deeply than `messageDepth`; it was not parsed',
  },
  'message.values': {
    number: -32600,
    meaning: 'the message has more members and elements than `messageValues`; it was not parsed',
  },
  'message.request': {
    number: -32600,
    meaning: 'the message is no request of JSON-RPC 2.0 with an id that is allowed',
  },
  'message.batch': { number: -32600, meaning: 'a batch: send its requests one after the other, without waiting' },
  'message.id': { number: -32600, meaning: 'an execution with this id is under way' },
  'method.unknown': { number: -32601, meaning: 'there is no such method' },
  'params.invalid': { number: -32602, meaning: 'the parameters are not what the method takes; the message says where' },
  'server.failed': { number: -32603, meaning: 'a defect of the server' },
  'function.unknown': { number: -32002, meaning: 'no function of this name is deployed' },
  'connection.executions': {
    number: -32003,
    meaning: 'more executions than one connection may have under way; `resource`, `limit`, `used`',
  },
  'connection.bytes': {
    number: -32008,
    meaning: 'the requests `execute` under way are larger than `executeBytes`; `resource`, `limit`, `used`',
  },
  'deploy.size': {
    number: -32004,
    meaning: 'source and files are larger than `deployBytes`; `resource`, `limit`, `used`',
  },
  'server.functions': {
    number: -32005,
    meaning:
      'as many functions, or as many bytes of them, are deployed as the server keeps; `resource`, `limit`, `used`',
  },
  'response.size': {
    number: -32006,
    meaning:
      'the results of one request are larger than `responseBytes`; what was still running was cancelled; `resource`, `limit`, `used`',
  },
  'tenant.unknown': { number: -32009, meaning: 'there is no tenant of this name; `tenant.set` makes one' },
  'execution.unknown': {
    number: -32010,
    meaning: 'no execution with this id and index is under way on this connection, or it has not begun yet',
  },
  'snapshot.size': {
    number: -32011,
    meaning: 'the snapshot is larger than `snapshotBytes`; `resource`, `limit`, `used`',
  },
  'server.tenants': {
    number: -32012,
    meaning: 'there are as many tenants as the server keeps; `resource`, `limit`, `used`',
  },
  'connection.subscriptions': {
    number: -32007,
    meaning: 'more subscriptions than one connection may have; `resource`, `limit`, `used`',
  },
} as const satisfies Record<string, ProtocolErrorDefinition>;

/** Errors of host.deploy, and of a host that is closed, keep their codes. */
const DEPLOY_NUMBER = -32000;
const CLOSED_NUMBER = -32001;
/** So do those of snapshots. */
const SNAPSHOT_NUMBER = -32013;

export type ProtocolErrorCode = keyof typeof OWN_ERRORS | keyof typeof HOST_ERRORS | keyof typeof SNAPSHOT_ERRORS;

/** Every error of the protocol by its code. */
export const PROTOCOL_ERRORS: Readonly<Record<ProtocolErrorCode, ProtocolErrorDefinition>> = {
  ...OWN_ERRORS,
  ...(Object.fromEntries(
    Object.entries(SNAPSHOT_ERRORS).map(([code, meaning]) => [code, { number: SNAPSHOT_NUMBER, meaning }]),
  ) as Record<keyof typeof SNAPSHOT_ERRORS, ProtocolErrorDefinition>),
  ...(Object.fromEntries(
    Object.entries(HOST_ERRORS).map(([code, meaning]) => [
      code,
      { number: code === 'host.closed' ? CLOSED_NUMBER : DEPLOY_NUMBER, meaning },
    ]),
  ) as Record<keyof typeof HOST_ERRORS, ProtocolErrorDefinition>),
};
