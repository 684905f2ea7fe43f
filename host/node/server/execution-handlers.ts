// What the methods for executions under way do, and those that go on from one.
import type { Execution } from '../../core/index';
import type { EXECUTION_METHODS } from '../../protocol/execution-methods';
import { encodeBase64, type Result } from '../../protocol/index';
import type { Handler } from './methods';
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
  snapshot: (connection, params) => {
    const { limits } = connection.service;
    const { execution } = connection.find(params);
    return connection.oneByOne(async () => {
      // First by what it is about, for writing it takes its time and memory.
      checkSnapshotSize(execution.memoryBytes, limits);
      const bytes = await execution.snapshot();
      checkSnapshotSize(bytes.length, limits);
      return { snapshot: { base64: encodeBase64(bytes) } };
    });
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
