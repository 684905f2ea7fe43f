// docs/protocol.md as text: written from the protocol's schemas and tables; only prose stands here.
import { z } from 'zod';
import {
  CONGESTED_BYTES,
  CONNECTION_LIMITS,
  HEARTBEAT_MS,
  SERVED_FUNCTION_LIMITS,
  STORE_LIMITS,
} from '../host/node/server/limits';
import {
  CLOSE_CODES,
  DEFAULT_PORT,
  METHODS,
  NOTIFICATIONS,
  PROTOCOL_ERRORS,
  PROTOCOL_PATH,
  type ProtocolErrorCode,
  requestId,
  SUBPROTOCOL,
} from '../host/protocol/index';
import {
  amounts,
  budgetOptions,
  budgetUsage,
  executionResult,
  limitOptions,
  limits,
  policies,
  sharedAmounts,
  sharedLimits,
} from '../host/protocol/schemas';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** What has a name of its own in the document, known by its members. */
const NAMED = new Map(
  (
    [
      [limits, 'limits'],
      [sharedLimits, 'shared limits'],
      [limitOptions, 'limit options'],
      [budgetOptions, 'budget options'],
      [amounts, 'amounts'],
      [sharedAmounts, 'amounts'],
      [budgetUsage, 'usage'],
      [policies, 'policies'],
    ] as const
  ).map(([schema, name]) => [membersOf(schemaOf(schema)), `[${name}](#limits-and-usage)`]),
);
const EXECUTION_RESULT = membersOf(schemaOf(executionResult));

function membersOf({ properties, required = [] }: JsonSchema): string {
  return JSON.stringify([Object.keys(properties ?? {}), required]);
}

/** The document. */
export function protocolDocument(notice: string): string {
  const methods = Object.entries(METHODS).map(([name, { synopsis, params, result, errors }]) =>
    methodSection(name, synopsis, params, result, errors),
  );
  const notifications = Object.entries(NOTIFICATIONS).map(
    ([name, { synopsis, params }]) => `### ${name}\n\n${synopsis}\n\n${members('member', schemaOf(params))}`,
  );
  return `<!-- ${notice} -->
# The protocol

JSON-RPC 2.0 over a WebSocket: path \`${PROTOCOL_PATH}\`, subprotocol \`${SUBPROTOCOL}\`, port ${DEFAULT_PORT} unless told otherwise. \`gazelle/client\`
([server.md](server.md)) speaks it; so can anything that has WebSockets and JSON.

\`\`\`text
→ {"jsonrpc":"2.0","id":1,"method":"deploy","params":{"name":"double","language":"lua","source":"return 2 * ..."}}
← {"jsonrpc":"2.0","id":1,"result":{"name":"double","language":"lua","id":"9b0c…","limits":{…},"capabilities":[],"diagnostics":[]}}
→ {"jsonrpc":"2.0","id":2,"method":"execute","params":{"name":"double","argument":21}}
← {"jsonrpc":"2.0","id":2,"result":{"status":"ok","value":42,"values":[42],"exitCode":0,"stdout":"","stderr":"","usage":{…}}}
\`\`\`

## Messages

- A message is one text frame with one JSON object. Binary frames close the connection (1003), text that is not UTF-8 too
  (1007). Members that are not listed here are refused.
- An **id** is ${requestId.description}. The client chooses it, and need not wait for an answer before the next request;
  answers come in the order in which the work ends. The id of an execution that is under way cannot be used again.
- What has a method and no id is a notification: the server has none that it acts on, and does not answer.
- **Batches** are refused with \`message.batch\`: requests need not wait for each other, so they say nothing more.
- \`params\` is always an object, and may be left out when it would be empty.
- **Bytes** are \`{"base64": "…"}\` where a type says so, in the alphabet with \`+\` and \`/\`, padded.
- **No limit**, Infinity in the API, is \`null\`.

### Tagged values

JSON has no words for bytes, large integers and some floats. Where a message has \`"tagged": true\`, an object with one of these
as its only member stands for such a value; \`$object\` holds an object that has such a member and means it.

| tag | value |
| --- | --- |
| \`{"$bytes": "AAEC"}\` | bytes, as base64 |
| \`{"$integer": "9007199254740993"}\` | an integer |
| \`{"$float": "NaN"}\` | \`NaN\`, \`Infinity\`, \`-Infinity\` or \`-0\` |
| \`{"$object": {"$bytes": 1}}\` | the object \`{"$bytes": 1}\` |

Results have no tags: in [the API](api.md#arguments-and-results) they are such already that JSON can say them.

### Limits and usage

| type | |
| --- | --- |
| limits | an object with all limits of an invocation by name ([limits.md](limits.md)); \`null\` is none |
| shared limits | the same with those beside that only functions, tenants and hosts have |
| limit options | some of these limits, and \`policies\` |
| budget options | some of the shared limits, and \`policies\` |
| policies | by limit, what becomes of what it stops: \`kill\`, \`suspend\` or \`throttle\` |
| amounts | some limits, with by how much they are raised; \`null\` is to no limit |
| usage | ${Object.keys(schemaOf(budgetUsage).properties!)
    .map((name) => `\`${name}\``)
    .join(', ')}: of what is held at a time, how much now |

### Errors and results

What comes of a function is a **result**, whatever it is: its \`status\` is \`ok\`, \`error\` (uncaught error, trap), \`limit\` or
\`cancelled\`, and \`error\` has code, message, stack and, of limits, resource, level, limit and used ([errors.md](errors.md)). An
**error** says that the request itself was refused: \`error.data.code\` is stable, \`error.code\` a number for it, and
\`error.data\` may have \`resource\`, \`limit\`, \`used\`, \`usage\`, \`stack\` and \`diagnostics\`.

## Methods

A \`tenant\` that is left out is \`default\`, which is always there. Methods for executions know those of their own connection only.

${methods.join('\n\n')}

## Notifications

From the server to the client.

${notifications.join('\n\n')}

A piece of output has its bytes as \`text\` or as \`base64\`, never both. Writes to the same stream in a row may come as one piece.

## Errors

Every request may end with those that begin with \`message.\`, \`method.\`, \`params.\`, \`server.failed\` and \`host.closed\`. Of a message
whose id cannot be told the answer has \`"id": null\`.

| number | code | meaning |
| --- | --- | --- |
${Object.entries(PROTOCOL_ERRORS)
  .map(([code, { number, meaning }]) => `| ${number} | \`${code}\` | ${meaning} |`)
  .join('\n')}

## Connections

- A request to open one needs \`Sec-WebSocket-Protocol: ${SUBPROTOCOL}\` (else 400) and the path \`${PROTOCOL_PATH}\` (else 404).
- Its \`Host\` must be an address, \`localhost\`, the name that the server listens on, or one that it was told with
  \`--allow-host\`; any other could have been made to point to the server by whoever owns it (403).
- A header \`Origin\`, which browsers always send, must be that of the server itself: pages of others cannot connect (403).
- The server pings every ${HEARTBEAT_MS / 1000} s, and ends a connection that has not answered twice.
- When a connection ends, what it has started is cancelled, what is suspended too, and its subscriptions are gone.

| limit | value | what |
| --- | --- | --- |
${limitRows()}

A client that does not read is not read from: when ${CONGESTED_BYTES / 1024} KiB wait for it, its requests stay where they are and what it
executes with \`output\` is held, until it reads. When \`unreadBytes\` wait, it is given up with the close code ${CLOSE_CODES.tooSlow}. A
subscription never holds a function: its client loses output, of which \`dropped\` says how much, and ends.

## What is limited beside

| limit | value |
| --- | --- |
| tenants | ${count(STORE_LIMITS.tenants)} |
| functions that are deployed, of all tenants | ${count(STORE_LIMITS.functions)} |
| bytes of their sources, modules and files | ${count(STORE_LIMITS.functionBytes)} |
| connections | ${count(STORE_LIMITS.connections)} |
| instructions of an execution, unless its tenant, its deployment or its call says otherwise | ${count(SERVED_FUNCTION_LIMITS.instructions!)} |
| its wall time, likewise | ${count(SERVED_FUNCTION_LIMITS.wallTimeMs!)} ms |
| its memory, likewise | ${count(SERVED_FUNCTION_LIMITS.memoryBytes!)} bytes |
| its output, likewise | ${count(SERVED_FUNCTION_LIMITS.outputBytes!)} bytes |
`;
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
}

function methodSection(
  name: string,
  synopsis: string,
  params: z.ZodType,
  result: z.ZodType,
  errors: readonly ProtocolErrorCode[],
): string {
  const parts = [`### ${name}`, synopsis];
  const given = schemaOf(params);
  parts.push(Object.keys(given.properties!).length === 0 ? 'No parameters.' : members('parameter', given));
  parts.push(resultText(schemaOf(result)));
  if (errors.length > 0) parts.push(`Errors: ${errors.map((code) => `\`${code}\``).join(', ')}.`);
  return parts.join('\n\n');
}

/** An execution's result is described in the API's reference; `tagged` is all that is added. */
function resultText(schema: JsonSchema): string {
  if (schema.anyOf === undefined) {
    const isExecution = membersOf(schema) === EXECUTION_RESULT;
    return isExecution ? 'The result is that of [the API](api.md#the-result).' : members('result', schema);
  }
  return 'The result is that of [the API](api.md#the-result); with `count`, a list of so many.';
}

function members(heading: string, { properties, required }: JsonSchema): string {
  const rows = Object.entries(properties!).map(([name, schema]) => {
    const optional = required?.includes(name) ? '' : '?';
    return `| \`${name}\`${optional} | ${describeType(schema)} | ${schema.description ?? ''} |`;
  });
  return `| ${heading} | type | |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

function describeType(schema: JsonSchema): string {
  const { type, anyOf, items, properties, additionalProperties } = schema;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(describeType))].join(' or ');
  if (type === 'array') return `list of ${describeType(items ?? {})}`;
  if (type === 'object') return describeObject(properties, additionalProperties, schema.required);
  return typeof type === 'string' ? type : 'any';
}

function describeObject(
  properties: JsonSchema['properties'],
  additional: JsonSchema['additionalProperties'],
  required: JsonSchema['required'],
): string {
  const named = NAMED.get(membersOf({ properties: properties ?? {}, required: required ?? [] }));
  if (properties !== undefined && named !== undefined) return named;
  if (properties === undefined) return `object of ${describeType(additional as JsonSchema)} by name`;
  const names = Object.keys(properties).map((name) => (required?.includes(name) ? name : `${name}?`));
  return `\`{ ${names.join(', ')} }\``;
}

function limitRows(): string {
  const { limits } = schemaOf(METHODS.initialize.result).properties!;
  return Object.entries(CONNECTION_LIMITS)
    .map(([name, value]) => `| \`${name}\` | ${count(value)} | ${limits!.properties![name]!.description ?? ''} |`)
    .join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en');
}
