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
  type Usage,
} from '../../vm/index';
import type { FunctionDescription } from '../core/index';

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

/** Limits as they are given: null is no limit. */
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

/** All limits: null is no limit. */
export const limits = z.strictObject(
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, z.number().nullable()])),
) as unknown as z.ZodType<{ readonly [Name in keyof Limits]: number | null }>;

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

export const stackFrame = z.strictObject({ function: z.string(), file: z.string(), line: z.int() });

export const executionError = z.strictObject({
  code: z.string(),
  message: z.string(),
  stack: z.array(stackFrame),
  skippedFrames: z.int(),
  resource: z.string().optional(),
  level: z.enum(['host', 'tenant', 'function', 'invocation']).optional(),
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
