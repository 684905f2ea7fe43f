// The methods for executions under way, and for going on from what was saved of one.
import { z } from 'zod';
import type { MethodDefinition } from './methods';
import {
  amounts,
  bytes,
  executionAddress,
  executionResult,
  limitOptions,
  standing,
  tenant,
  textOrBytes,
  weight,
} from './schemas';

/** How an execution goes on that was saved or copied. */
const continuation = {
  limits: limitOptions
    .optional()
    .describe('the most that it may use: of each limit the smaller counts, of these and of those that it had'),
  weight,
  stdin: textOrBytes.optional().describe('what comes behind the input that it holds'),
  suspended: z.literal(true).optional().describe('it stands still at first, until `resume`'),
  output: z.literal(true).optional().describe('as for `execute`'),
};

const STARTING = ['connection.executions', 'connection.bytes', 'response.size'] as const;

export const EXECUTION_METHODS = {
  status: {
    synopsis: 'How an execution stands.',
    params: z.strictObject(executionAddress),
    result: standing,
    errors: ['execution.unknown'],
  },
  suspend: {
    synopsis:
      'Has an execution stand still, and answers when it does: at once when it waits, else after its turn; one that queues, when it is let in. Its wall time does not run meanwhile.',
    params: z.strictObject(executionAddress),
    result: standing,
    errors: ['execution.unknown'],
  },
  resume: {
    synopsis: 'Lets an execution go on after `suspend`.',
    params: z.strictObject(executionAddress),
    result: standing,
    errors: ['execution.unknown'],
  },
  refill: {
    synopsis:
      "Raises an execution's limits, beyond those of its function too; it goes on if it stood for want of them. What it uses counts on in the budgets above.",
    params: z.strictObject({ ...executionAddress, amounts: amounts.describe('by how much, by limit') }),
    result: standing,
    errors: ['execution.unknown'],
  },
  snapshot: {
    synopsis: 'All that a suspended execution is ([snapshots.md](snapshots.md)), for `restore` here or anywhere.',
    params: z.strictObject(executionAddress),
    result: z.strictObject({ snapshot: bytes }),
    errors: ['execution.unknown', 'snapshot.running', 'snapshot.ended', 'snapshot.size'],
  },
  fork: {
    synopsis:
      'A second execution from where a suspended one stands. It goes on as that of this request, whose answer is its result; without `limits` it has those of the first.',
    params: z.strictObject({ ...executionAddress, ...continuation }),
    result: executionResult,
    errors: [
      'execution.unknown',
      'snapshot.running',
      'snapshot.ended',
      'snapshot.memory',
      'snapshot.size',
      ...STARTING,
    ],
  },
  restore: {
    synopsis:
      'Goes on from a snapshot with the function that has its modules: the one of its name, else any of the tenant. The answer is its result, as that of `execute`.',
    params: z.strictObject({ tenant, snapshot: bytes, ...continuation }),
    result: executionResult,
    errors: [
      'tenant.unknown',
      'snapshot.format',
      'snapshot.version',
      'snapshot.truncated',
      'snapshot.checksum',
      'snapshot.modules',
      'snapshot.corrupt',
      'snapshot.memory',
      'snapshot.size',
      ...STARTING,
    ],
  },
} as const satisfies Record<string, MethodDefinition>;
