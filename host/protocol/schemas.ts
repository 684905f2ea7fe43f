// The parts that messages are made of. With methods.ts the one source of the protocol: every message that a server gets is
// checked by these schemas, the types are theirs, and docs/protocol.md is written from them.
import { z } from 'zod';
import {
  LIMIT_NAMES,
  LIMITS,
  type LimitName,
  type Limits,
  type Policies,
  type Policy,
  SHARED_LIMIT_NAMES,
  type SharedLimits,
  type SuspensionReason,
  type Usage,
} from '../../vm/index';
import type { BudgetUsage, FunctionDescription } from '../core/index';

/** A request's id: what the answer and the output of an execution carry. */
export const requestId = z
  .union([z.string().min(1).max(128), z.int()])
  .describe('a string of 1 to 128 characters, or an integer');

/** Bytes in a message. */
export const bytes = z.strictObject({ base64: z.string() });

export const textOrBytes = z.union([z.string(), bytes]);

export const functionName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/)
  .describe('the name of a function');

/** Whose functions, where a message may leave it out. */
export const tenant = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/)
  .optional()
  .describe('whose; `default` without it');

export const tenantName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/)
  .describe('the name of a tenant');

export const weight = z
  .number()
  .min(0.001)
  .max(1_000_000)
  .optional()
  .describe("its part of the machine's time, beside that of its siblings; 0.001 to 1,000,000, 1 by default");

/** Limits as they are given: null is no limit. */
export type WireBudget = { readonly [Name in LimitName]?: number | null } & { readonly policies?: Policies };
export type WireAmounts = { readonly [Name in LimitName]?: number | null };
export type WireLimits = { readonly [Name in keyof Limits]?: number | null } & { readonly policies?: Policies };

/** What is done at a limit: one of those that it has. */
function policiesOf(names: readonly LimitName[]): z.ZodType<Policies> {
  const withPolicies = names.filter((name) => LIMITS[name].policies.length > 0);
  return z.strictObject(
    Object.fromEntries(
      withPolicies.map((name) => [name, z.enum(LIMITS[name].policies as readonly [Policy, ...Policy[]]).optional()]),
    ),
  ) as unknown as z.ZodType<Policies>;
}

function limitOptionsOf(names: readonly LimitName[]): z.ZodType {
  return z.strictObject({
    ...Object.fromEntries(names.map((name) => [name, z.number().min(LIMITS[name].minimum).nullable().optional()])),
    policies: policiesOf(names).optional(),
  });
}

export const limitOptions = limitOptionsOf(LIMIT_NAMES) as unknown as z.ZodType<WireLimits>;

export const budgetOptions = limitOptionsOf(SHARED_LIMIT_NAMES) as unknown as z.ZodType<WireBudget>;

function amountsOf(names: readonly LimitName[]): z.ZodType {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, z.number().min(0).nullable().optional()])));
}

/** By how much limits are raised: null is to no limit. */
export const sharedAmounts = amountsOf(SHARED_LIMIT_NAMES) as unknown as z.ZodType<WireAmounts>;
export const amounts = amountsOf(LIMIT_NAMES) as unknown as z.ZodType<{
  readonly [Name in keyof Limits]?: number | null;
}>;

/** All limits: null is no limit. */
export type WireAllLimits<L> = { readonly [Name in keyof L]: number | null };
/** What becomes of what limits stop, where it is not the default. */
export const policies = policiesOf(SHARED_LIMIT_NAMES);
export const limits = allLimits(LIMIT_NAMES) as unknown as z.ZodType<WireAllLimits<Limits>>;
export const sharedLimits = allLimits(SHARED_LIMIT_NAMES) as unknown as z.ZodType<WireAllLimits<SharedLimits>>;

function allLimits(names: readonly LimitName[]): z.ZodType {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, z.number().nullable()])));
}

export const diagnostic = z.strictObject({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  length: z.int(),
  hint: z.string().optional(),
});

export const description = z.strictObject({
  name: functionName,
  language: z.string(),
  id: z.string().describe("the hash of the function's module"),
  limits: limits,
  capabilities: z.array(z.string()),
}) satisfies z.ZodType<Omit<FunctionDescription, 'limits'>>;

export const level = z.enum(['host', 'tenant', 'function', 'invocation']);

export const stackFrame = z.strictObject({ function: z.string(), file: z.string(), line: z.int() });

export const executionError = z.strictObject({
  code: z.string(),
  message: z.string(),
  stack: z.array(stackFrame),
  skippedFrames: z.int(),
  resource: z.string().optional(),
  level: level.optional(),
  limit: z.number().optional(),
  used: z.number().optional(),
  capability: z.string().optional(),
  value: z.unknown().optional(),
});

export const usage = z.strictObject({
  instructions: z.number(),
  memoryPeakBytes: z.number(),
  memoryRefusals: z.number(),
  wallTimeMs: z.number(),
  startTimeMs: z.number(),
  outputBytes: z.number(),
  logBytes: z.number(),
  syscalls: z.number(),
  requests: z.number(),
  networkInBytes: z.number(),
  networkOutBytes: z.number(),
  storageBytes: z.number(),
  storageOperations: z.number(),
}) satisfies z.ZodType<Usage>;

/** What all invocations of a function, a tenant or the host have used together. */
export const budgetUsage = z.strictObject({
  instructions: z.number(),
  memoryBytes: z.number(),
  wallTimeMs: z.number(),
  outputBytes: z.number(),
  logBytes: z.number(),
  syscalls: z.number(),
  requests: z.number(),
  openRequests: z.number(),
  networkInBytes: z.number(),
  networkOutBytes: z.number(),
  storageBytes: z.number(),
  storageOperations: z.number(),
  concurrentInvocations: z.number(),
  queueLength: z.number(),
  memoryPeakBytes: z.number(),
}) satisfies z.ZodType<BudgetUsage>;

/** Which execution, of those that a request has started. */
export const executionAddress = {
  request: requestId.describe('the id of a request `execute`, `restore` or `fork` of this connection'),
  index: z.int().min(0).optional().describe('which of `count` executions, from 0; the first without it'),
};

/** Why an execution stands still. */
export const suspensionReason = z
  .string()
  .describe('`request`, or the resource that is used up') as unknown as z.ZodType<SuspensionReason>;

/** How an execution stands. */
export const standing = z.strictObject({
  status: z.enum(['running', 'waiting', 'suspended', 'ended']),
  suspendedFor: suspensionReason.nullable().describe('why it is suspended: `request`, or the resource that is used up'),
  memoryBytes: z.int().describe('how large its heap is now: about what its snapshot has'),
});

export const status = z.enum(['ok', 'error', 'limit', 'cancelled']);

export const logRecord = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error']),
  time: z.number(),
  message: z.string(),
  fields: z.unknown(),
});

/** The API's result (docs/api.md). */
export const executionResult = z.strictObject({
  status,
  value: z.unknown(),
  values: z.array(z.unknown()),
  exitCode: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  logs: z.array(logRecord),
  usage,
  error: executionError.optional(),
});

export const outputChunk = {
  stream: z.enum(['stdout', 'stderr']),
  text: z.string().optional().describe('the bytes, when they are UTF-8'),
  base64: z.string().optional().describe('the bytes, when they are not'),
};

/** A file of tenants, by name: what `tenant.set` takes of each. */
export const tenantsFile = z.record(
  tenantName,
  z.strictObject({ limits: limitOptions.optional(), budget: budgetOptions.optional(), weight }),
);
