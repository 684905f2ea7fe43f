// What can be done to an execution on a server, asked for by messages; one that has ended needs none.
import { type Limits, SnapshotError, type SuspensionReason } from '../../vm/index';
import type { Execution, Steering } from '../core/execution';
import type { ExecutionResult, RestoreOptions } from '../core/index';
import { checkRefill } from '../core/limits';
import { decodeBase64 } from '../protocol/base64';
import type { Params, Result } from '../protocol/index';
import type { Connection } from './connection';
import type { SentCall } from './sent-call';

type AskingMethod = 'status' | 'suspend' | 'resume' | 'refill' | 'snapshot';

/** Steers a call; `fork` starts the call that is a copy of it. */
export function steer(
  connection: Connection,
  call: SentCall<ExecutionResult>,
  fork: (options: RestoreOptions) => Execution<'server'>,
): Steering<'server'> {
  /** Null when it has ended; rejects when the server has refused it, or is gone. */
  async function ask<M extends AskingMethod>(method: M, more: Omit<Params<M>, 'request'>): Promise<Result<M> | null> {
    await call.sent;
    try {
      if (!call.hasEnded) return await connection.request(method, { request: call.id, ...more } as Params<M>);
    } catch (error) {
      // What ended it, if anything did, came before this.
      if (!call.hasEnded) throw error;
    }
    if (call.failure !== null) throw call.failure;
    return null;
  }

  async function suspension(): Promise<SuspensionReason | null> {
    if (call.hasEnded) return null;
    const next = call.suspensions.next();
    const now = ask('status', {}).then(
      (standing) => standing?.suspendedFor ?? next,
      () => next,
    );
    return Promise.race([next, now]);
  }

  return {
    status: async () => (await ask('status', {}))?.status ?? 'ended',
    memoryBytes: async () => (await ask('status', {}))?.memoryBytes ?? 0,
    suspendedFor: async () => (await ask('status', {}))?.suspendedFor ?? null,
    suspension,
    suspend: async () => (await ask('suspend', {}))?.status === 'suspended',
    resume: async () => {
      await ask('resume', {});
    },
    refill: async (more: Partial<Limits>) => {
      await ask('refill', { amounts: checkRefill(more) });
    },
    snapshot: async () => {
      const answer = await ask('snapshot', {});
      if (answer === null) throw new SnapshotError('snapshot.ended');
      return bytesFrom(answer.snapshot.base64);
    },
    fork(options) {
      if (call.hasEnded) throw new SnapshotError('snapshot.ended');
      return fork(options);
    },
  };
}

/** Of a call that the server never saw. */
export const ENDED_BEFORE: Steering<'server'> = {
  status: async () => 'ended',
  suspendedFor: async () => null,
  memoryBytes: async () => 0,
  suspension: async () => null,
  suspend: async () => false,
  resume: async () => {},
  refill: async () => {},
  snapshot: async () => {
    throw new SnapshotError('snapshot.ended');
  },
  fork() {
    throw new SnapshotError('snapshot.ended');
  },
};

function bytesFrom(base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes === null) throw new TypeError('the snapshot is no base64');
  return bytes;
}
