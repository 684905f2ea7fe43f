// What the methods for executions under way do, and those that go on from one.
import type { Execution } from '../../core/index';
import type { EXECUTION_METHODS } from '../../protocol/execution-methods';
import type { Result } from '../../protocol/index';
import { encodeLong } from './long-bytes';
import type { Handler } from './methods';
import { inTurns } from './turns';
import { amountsFromWire, checkingValues } from './wire-values';
import { checkSnapshotSize, forkWork, restoreWork } from './works';

export const EXECUTION_HANDLERS: { readonly [M in keyof typeof EXECUTION_METHODS]: Handler<M> } = {
  status: (connection, params) => standingOf(connection.find(params).execution),
  suspend: async (connection, params) => {
    const { execution } = connection.find(params);
    await execution.suspend();
    return standingOf(execution);
  },
  resume: (connection, params) => {
    const { execution } = connection.find(params);
    execution.resume();
    return standingOf(execution);
  },
  refill: (connection, { amounts, ...address }) => {
    const { execution } = connection.find(address);
    checkingValues(() => execution.refill(amountsFromWire(amounts)));
    return standingOf(execution);
  },
  snapshot: (connection, params, id) => {
    const { limits } = connection.service;
    const { execution } = connection.find(params);
    connection.answerLong(id, async (before, after) => {
      // First by what it is about, for writing it takes its time and memory.
      checkSnapshotSize(execution.memoryBytes, limits);
      const bytes = await execution.snapshot();
      checkSnapshotSize(bytes.length, limits);
      return inTurns(encodeLong(`${before}{"snapshot":{"base64":"`, bytes, `"}}${after}`));
    });
    return undefined;
  },
  fork: (connection, params, id) => {
    connection.execute(id, forkWork(connection, params));
    return undefined;
  },
  restore: (connection, params, id) => {
    connection.execute(id, restoreWork(connection, params));
    return undefined;
  },
};

function standingOf({ status, suspendedFor, memoryBytes }: Execution): Result<'status'> {
  return { status, suspendedFor, memoryBytes };
}
