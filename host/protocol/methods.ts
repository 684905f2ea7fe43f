// The methods and notifications of the protocol: parameters, results, the errors that each can end with, and what the
// document says of them.
import { z } from 'zod';
import type { ProtocolErrorCode } from './errors';
import { EXECUTION_METHODS } from './execution-methods';
import { LEVEL_METHODS } from './level-methods';
import {
  budgetOptions,
  budgetUsage,
  bytes,
  description,
  diagnostic,
  executionError,
  executionResult,
  functionName,
  level,
  limitOptions,
  limits,
  outputChunk,
  policies,
  requestId,
  sharedLimits,
  status,
  suspensionReason,
  tenant,
  textOrBytes,
  weight,
} from './schemas';

/** The most executions that one request starts. */
export const MAXIMUM_COUNT = 10_000;

export interface MethodDefinition {
  readonly synopsis: string;
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** Beside those that every request can end with. */
  readonly errors: readonly ProtocolErrorCode[];
}

const serverLimits = z.strictObject({
  messageBytes: z.int().describe('bytes of a message to the server; a larger one closes the connection (1009)'),
  messageDepth: z.int().describe('how deeply a message may be nested'),
  messageValues: z
    .int()
    .describe('members and elements that a message may have, those of all its objects and lists together'),
  deployBytes: z.int().describe('bytes of one function: source or module, and files'),
  executions: z.int().describe('executions of one connection that are under way at once'),
  executeBytes: z
    .int()
    .describe('bytes of the requests `execute`, `restore` and `fork` of one connection that are under way'),
  subscriptions: z.int().describe('subscriptions of one connection'),
  responseBytes: z.int().describe('bytes of an answer'),
  snapshotBytes: z.int().describe('bytes of a snapshot that is given, taken, or copied by `fork`'),
  unreadBytes: z
    .int()
    .describe('bytes that may wait for a client to read them, before the connection is closed (4008)'),
});

export type ServerLimits = z.infer<typeof serverLimits>;

const FUNCTION_METHODS = {
  initialize: {
    synopsis: 'Who is there: version, languages, limits. A client may call it at any time; nothing depends on it.',
    params: z.strictObject({
      client: z
        .strictObject({ name: z.string().max(128), version: z.string().max(128) })
        .optional()
        .describe('who asks'),
    }),
    result: z.strictObject({
      server: z.strictObject({ name: z.string(), version: z.string() }).describe('who answers'),
      protocol: z.string().describe('the subprotocol that is spoken'),
      methods: z.array(z.string()).describe('the methods that this server has'),
      languages: z
        .array(z.strictObject({ name: z.string(), extensions: z.array(z.string()) }))
        .describe('what can be deployed, and what files of each language end with'),
      capabilities: z.array(z.string()).describe('what a deployment may grant'),
      limits: serverLimits.describe('what a connection may do'),
      functionLimits: limits.describe('what an execution may use when nobody says anything else'),
    }),
    errors: [],
  },
  deploy: {
    synopsis: 'Compiles a function and gives it a name. One that had the name is replaced; what runs of it goes on.',
    params: z.strictObject({
      tenant,
      name: z.string().max(1024).describe('matches `[A-Za-z0-9._-]{1,128}`'),
      language: z.string().max(128).optional().describe('the language of `source`'),
      source: textOrBytes.optional().describe('the source, as text or bytes'),
      module: bytes.optional().describe('in place of language and source: a compiled module'),
      fileName: z.string().max(1024).optional().describe('what the source is called in messages'),
      warnings: z
        .array(z.string().max(64))
        .max(100)
        .optional()
        .describe("warnings of the language's compiler to turn on, by its own names"),
      files: z.record(z.string(), textOrBytes).optional().describe('what the function sees as files, by relative path'),
      limits: limitOptions
        .optional()
        .describe("of each invocation, in place of the tenant's, up or down; null is no limit"),
      budget: budgetOptions.optional().describe('of all its invocations together'),
      weight,
      capabilities: z
        .array(z.string().max(128))
        .max(100)
        .optional()
        .describe('what the function may do; nothing by default'),
      http: z
        .strictObject({
          allow: z
            .array(
              z.strictObject({
                host: z.string().max(300).describe('a name, an address, `*.` and a domain, or `*`'),
                port: z.int().optional().describe("without it that of the URL's scheme"),
                methods: z.array(z.string().max(16)).max(20).optional().describe('without them all'),
              }),
            )
            .max(100),
        })
        .optional()
        .describe('what a function with the capability `http` may reach'),
      invoke: z
        .array(z.string().max(128))
        .max(1000)
        .optional()
        .describe('names of functions that one with the capability `invoke` may call; `*`: all'),
      initialise: z
        .boolean()
        .optional()
        .describe('whether the top-level code runs once, now; calls go on from there, in the function that it returns'),
    }),
    result: description.extend({ diagnostics: z.array(diagnostic).describe("the compiler's warnings") }),
    errors: [
      'tenant.unknown',
      'deploy.name',
      'deploy.language',
      'deploy.source',
      'deploy.compile',
      'deploy.compile_time',
      'deploy.compile_memory',
      'deploy.module',
      'deploy.files',
      'deploy.limits',
      'deploy.capabilities',
      'deploy.http',
      'deploy.invoke',
      'deploy.initialise',
      'deploy.size',
      'server.functions',
    ],
  },
  execute: {
    synopsis:
      'Calls a function, once or `count` times at once. Whatever comes of the function, a guest error or a limit too, is a result; errors are about the request.',
    params: z.strictObject({
      tenant,
      name: functionName,
      argument: z.unknown().optional().describe('a JSON value'),
      tagged: z.literal(true).optional().describe('`argument` has [tagged values](#tagged-values)'),
      args: z.array(z.string()).max(10_000).optional().describe('a list of strings, in place of `argument`'),
      stdin: textOrBytes.optional().describe('standard input'),
      limits: limitOptions.optional().describe("under the function's: a call may have less, never more"),
      weight,
      count: z.int().min(0).max(MAXIMUM_COUNT).optional().describe('so many executions; the result is then a list'),
      output: z
        .literal(true)
        .optional()
        .describe('the output comes as notifications `output`; `stdout` and `stderr` of the result are empty'),
    }),
    result: z.union([executionResult, z.array(executionResult)]),
    errors: [
      'tenant.unknown',
      'function.unknown',
      'connection.executions',
      'connection.bytes',
      'response.size',
      'worker.failed',
    ],
  },
  cancel: {
    synopsis:
      'Ends the executions that a request of this connection has started; they end with the status `cancelled`. False when none of it is under way.',
    params: z.strictObject({ request: requestId.describe('the id of a request `execute`, `restore` or `fork`') }),
    result: z.strictObject({ cancelled: z.boolean() }),
    errors: [],
  },
  list: {
    synopsis: 'What a tenant has deployed, sorted by name.',
    params: z.strictObject({ tenant }),
    result: z.strictObject({ functions: z.array(description) }),
    errors: ['tenant.unknown'],
  },
  describe: {
    synopsis: 'One function, with the warnings of its compiler, and what its invocations have used together.',
    params: z.strictObject({ tenant, name: functionName }),
    result: description.extend({
      diagnostics: z.array(diagnostic).describe("the compiler's warnings"),
      policies: policies.describe('at `limits`, where it is not the default'),
      sharedLimits: sharedLimits.describe('of all its invocations together'),
      sharedPolicies: policies.describe('at `sharedLimits`, where it is not the default'),
      usage: budgetUsage.describe('what they have used, those that run included'),
    }),
    errors: ['tenant.unknown', 'function.unknown'],
  },
  remove: {
    synopsis: 'Forgets a function; what runs of it goes on. False when there is none of that name.',
    params: z.strictObject({ tenant, name: functionName }),
    result: z.strictObject({ removed: z.boolean() }),
    errors: ['tenant.unknown'],
  },
  subscribe: {
    synopsis:
      'From now on, whatever executions of a function write, whoever started them, comes as `functionOutput`, and each end as `functionEnded`. The name is what counts: a function that replaces the other is heard too.',
    params: z.strictObject({ tenant, name: functionName }),
    result: z.strictObject({ subscription: z.string().describe('what the notifications carry') }),
    errors: ['tenant.unknown', 'function.unknown', 'connection.subscriptions'],
  },
  unsubscribe: {
    synopsis: 'Ends a subscription. False when there is none.',
    params: z.strictObject({ subscription: z.string().max(128) }),
    result: z.strictObject({ unsubscribed: z.boolean() }),
    errors: [],
  },
} as const satisfies Record<string, MethodDefinition>;

/** All methods. Those of functions and executions are verbs; those of a level say which. */
export const METHODS = {
  ...FUNCTION_METHODS,
  ...EXECUTION_METHODS,
  ...LEVEL_METHODS,
} as const satisfies Record<string, MethodDefinition>;

export type MethodName = keyof typeof METHODS;
export type Params<M extends MethodName> = z.infer<(typeof METHODS)[M]['params']>;
export type Result<M extends MethodName> = z.infer<(typeof METHODS)[M]['result']>;

export interface NotificationDefinition {
  readonly synopsis: string;
  readonly params: z.ZodType;
}

/** What a server sends by itself. */
export const NOTIFICATIONS = {
  output: {
    synopsis:
      'A piece of the output of an execution that was started with `output`. All of them come before the answer.',
    params: z.strictObject({
      request: requestId.describe('the id of a request `execute`, `restore` or `fork`'),
      index: z.int().optional().describe('which of `count` executions, from 0'),
      ...outputChunk,
    }),
  },
  suspended: {
    synopsis:
      'An execution of this connection stands still: by `suspend`, or by a limit whose policy is `suspend`. It goes on after `resume`, or when what is used up is refilled where `level` says; until then its request has no answer. Its output so far has come before.',
    params: z.strictObject({
      request: requestId.describe('the id of a request `execute`, `restore` or `fork`'),
      index: z.int().optional().describe('which of `count` executions, from 0'),
      reason: suspensionReason,
      level: level.optional().describe('whose limit it is'),
      limit: z.number().optional(),
      used: z.number().optional(),
    }),
  },
  functionOutput: {
    synopsis: 'A piece of the output of a function that was subscribed to.',
    params: z.strictObject({
      subscription: z.string(),
      name: functionName,
      execution: z.string().describe('which execution, unique in the server'),
      ...outputChunk,
      dropped: z
        .int()
        .optional()
        .describe('so many bytes of the subscription were left out before this, for the client read too slowly'),
    }),
  },
  functionEnded: {
    synopsis: 'An execution of a function that was subscribed to has ended.',
    params: z.strictObject({
      subscription: z.string(),
      name: functionName,
      execution: z.string(),
      status,
      error: executionError.optional(),
    }),
  },
} as const satisfies Record<string, NotificationDefinition>;

export type NotificationName = keyof typeof NOTIFICATIONS;
export type NotificationParams<N extends NotificationName> = z.infer<(typeof NOTIFICATIONS)[N]['params']>;

/** A request. Its parameters are checked by its method's schema. */
export const request = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: requestId,
  method: z.string(),
  params: z.unknown().optional(),
});

/** `error.data` of an answer. */
export const errorData = z.strictObject({
  code: z.string(),
  resource: z.string().optional(),
  limit: z.number().optional(),
  used: z.number().optional(),
  usage: z.unknown().optional(),
  stack: z.array(z.unknown()).optional(),
  diagnostics: z.array(diagnostic).optional(),
});

export type ErrorData = z.infer<typeof errorData>;

/** What a server sends: an answer with a result or an error, or a notification. */
export const serverMessage = z.union([
  z.strictObject({ jsonrpc: z.literal('2.0'), id: requestId, result: z.unknown() }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: requestId.nullable(),
    error: z.strictObject({ code: z.int(), message: z.string(), data: errorData }),
  }),
  z.strictObject({ jsonrpc: z.literal('2.0'), method: z.string(), params: z.unknown() }),
]);
