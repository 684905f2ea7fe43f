// docs/syscalls.md, docs/limits.md and docs/errors.md as texts. What the tables of the machine and the host say is taken
// from them; only prose stands here.
import { executionErrorCodes, HOST_ERRORS } from '../host/core/errors';
import { HTTP_METHODS } from '../host/core/http';
import { ENTRY_BYTES } from '../host/core/storage';
import { SYSCALL_FAILURES } from '../host/core/syscalls/failures';
import { MAXIMUM_HEADERS } from '../host/core/syscalls/http';
import { MAXIMUM_HEAD_BYTES, MAXIMUM_RESPONSE_HEADERS } from '../host/core/syscalls/http-exchange';
import { MAXIMUM_PAGE_KEYS } from '../host/core/syscalls/storage';
import { MAXIMUM_MEMORY_BYTES } from '../vm/context';
import {
  MAXIMUM_BODY_BYTES,
  MAXIMUM_FRAMES,
  MAXIMUM_JSON_BYTES,
  MAXIMUM_KEY_BYTES,
  MAXIMUM_LIST_ELEMENTS,
  MAXIMUM_LOG_BYTES,
  MAXIMUM_LOG_VALUES,
  MAXIMUM_MESSAGE_LENGTH,
  MAXIMUM_MESSAGE_VALUES,
  MAXIMUM_RECORD_NAMES,
  MAXIMUM_REQUEST_VALUES,
  MAXIMUM_RESULT_NAMES,
  MAXIMUM_STACK_WORDS,
  MAXIMUM_STORED_BYTES,
  MAXIMUM_TRANSFER_BYTES,
  MAXIMUM_VALUE_BYTES,
  MAXIMUM_VALUE_DEPTH,
  MAXIMUM_VALUE_NODES,
} from '../vm/limits';
import { LIMITS, SHARED_LIMIT_NAMES } from '../vm/meter';
import { SNAPSHOT_ERRORS } from '../vm/snapshot-errors';
import { SYSCALLS } from '../vm/syscalls';

/** The documents by path. */
export function hostDocuments(notice: string): Record<string, string> {
  return {
    'docs/syscalls.md': syscallsDocument(notice),
    'docs/limits.md': limitsDocument(notice),
    'docs/errors.md': errorsDocument(notice),
  };
}

function syscallsDocument(notice: string): string {
  const rows = SYSCALLS.map(({ number, name, params, result, capability, cost, synopsis }) => [
    String(number),
    `\`${name}\``,
    params.join(', '),
    result === 'none' ? '' : result,
    capability === null ? '' : `\`${capability}\``,
    String(cost),
    synopsis,
  ]);
  return `<!-- ${notice} -->
# Syscalls

The only door between a guest and the world. Every call is charged its cost, and 1 for every 64 bytes that cross, before it is
done; it counts against the limit \`syscalls\`, and what \`write\` writes against \`outputBytes\`. A call either is answered at
once or parks the context until the host has the answer; the guest sees a plain call in both cases.

${table(['number', 'name', 'parameters', 'result', 'capability', 'cost', 'what it does'], rows)}

A syscall with a capability needs one that the deployment grants (\`capabilities\`). Without it the execution ends with the
error \`capability_denied\`, which names the capability; it cannot be caught.

## How each family calls

| kind | a typed function | a value function |
| --- | --- | --- |
| \`i32\`, \`i64\`, \`f64\` | a register | an integer, or a float without a fraction; \`f64\`: any number |
| \`bytes\` | two registers: address and length in the linear memory | a string |
| \`buffer\` as a parameter | two registers: address and capacity | the largest number of bytes that is wanted |
| \`buffer\` as a result | an i32: how many bytes were written, -1 at the end | a string, nil at the end |
| \`json\` as a parameter | two registers: address and length of a JSON text | any value that JSON can express |
| \`json\` as a result | an i32: the length of a JSON text, which \`answer_read\` then reads; -1 when the call failed, and the text is the message | a value |
| \`answer\` as a result | an i64, and bytes that \`answer_read\` then reads | an integer, and bytes that \`answer_read\` then reads |

Arguments are checked before anything is done. Typed code that names memory which is not all inside its linear memory traps
with \`trap.memory_out_of_bounds\`; text that is no JSON with \`trap.wrong_argument\`. Value code gets an error that it can
catch: \`bad argument #2 to 'write' (string expected, got nil)\`.

A read gives at most ${bytes(MAXIMUM_TRANSFER_BYTES)} at once, and may give fewer than there are; a write is always complete. A JSON text has at most
${bytes(MAXIMUM_JSON_BYTES)} and is nested ${MAXIMUM_VALUE_DEPTH} deep at most. Texts of values and JSON are converted in pieces, 1 for every 8 bytes, more where a
character takes several; each value of a JSON text costs 8, each that is copied from a host's large answer 1. What functions say
to each other has at most ${count(MAXIMUM_MESSAGE_VALUES)} values, names among them; a record in a JSON text or value that a syscall is given
or answers has at most ${count(MAXIMUM_RECORD_NAMES)} names; fields of a log record have ${count(MAXIMUM_LOG_VALUES)} values, what is asked of HTTP ${count(MAXIMUM_REQUEST_VALUES)}. Bytes that are more than a
syscall takes are not looked at: they cost nothing but the call. An offset or index that does not exist is the end, not an error.

What fails with an error that the guest may handle is an error in value code. Typed code is told by -1, of a \`buffer\` by -2,
and the last answer is the message as JSON text; when \`read\` fails it is not told: the execution ends with
\`syscall.failed\`. A message begins with its code:

${table(
  ['code', 'meaning'],
  Object.entries(SYSCALL_FAILURES).map(([code, meaning]) => [`\`${code}\``, meaning]),
)}

Storage is that of the function's tenant: all its functions share it. A key has 1 to ${MAXIMUM_KEY_BYTES} bytes, a value ${bytes(MAXIMUM_STORED_BYTES)}. Each
value has a version above 0 that no other value of that storage ever has. It counts ${ENTRY_BYTES} bytes, those of the key and those of the
value as \`storageBytes\`; each call is one of the \`storageOperations\`. A page of keys has ${MAXIMUM_PAGE_KEYS} at most.

HTTP: a request is an object with \`url\`, and, if it likes, \`method\` (${HTTP_METHODS.join(', ')}), \`headers\` (an object), \`redirect\`
(\`manual\` or \`follow\`) and \`timeoutMs\` for each wait. Its head counts as \`networkOutBytes\` as the characters of method, URL,
names and values of headers; so does a response's as \`networkInBytes\`. A handle is open until it is closed, its body is at the end,
or its execution is.

Clocks tell whole milliseconds, so that a function does not see what its neighbours do to the processor's caches.

Streams: 0 is stdin, 1 stdout, 2 stderr. Writing to any other answers -1, reading from any other is at the end. Clock 0 counts
from 1970, clock 1 from the start of the execution.
`;
}

function limitsDocument(notice: string): string {
  const rows = SHARED_LIMIT_NAMES.map((name) => {
    const { resource, default: standard, synopsis, policies, isShared } = LIMITS[name];
    const value = isShared
      ? 'only together'
      : standard === Number.POSITIVE_INFINITY
        ? 'none'
        : standard.toLocaleString('en');
    return [`\`${name}\``, `\`${resource}\``, value, policies.join(', '), synopsis];
  });
  return `<!-- ${notice} -->
# Limits

What may be used, at four levels: host, tenant, function, invocation. \`limits\` are those of each invocation: a host sets them
for all its functions, a tenant for its own, a deployment for one; each overrides the one before
(\`limits: { instructions: 5_000_000 }\`), and a call may tighten them for itself. A \`budget\`, of a function, a tenant or the
host, is what all invocations there may use together; it has no limits but those that are given. \`Infinity\` is no limit, but
one heap never exceeds ${bytes(MAXIMUM_MEMORY_BYTES)}.

${table(['name', 'resource', 'default of an invocation', 'policies, the default first', 'what is counted'], rows)}

What is used counts at all four levels at once, before it is done. The first limit to trip, from the invocation upward, says what
happens, by its policy (\`limits: { policies: { instructions: 'suspend' } }\`, and so in a \`budget\`):

- **kill** ends the execution with the status \`limit\` and an error with \`code\` (\`limit.\` and the resource), \`resource\`,
  \`level\`, \`limit\`, \`used\`, \`message\` and \`stack\` with the source line; \`usage\` and the output so far are there as always.
- **suspend** has it stand still until the limit is raised: \`execution.refill\`, or that of the function, tenant or host whose
  budget it is; or until others there have given back as much as it wants.
- **throttle** has it wait: for the rate to admit it, or for others to give back what they hold. Its wall time goes on.

Who waits for what others hold is let in in the order of coming; those who want more than is there are passed, and keep their places.

A rate lets so much through a second; after a rest, what a second brings, or \`instructionsBurst\`, may come at once. Waiting
costs nothing. Invocations beyond \`concurrentInvocations\` queue; what \`queueLength\` does not admit ends with \`limit\` at once.

- **instructions** are counted one by one, bulk work (copying, searching, collecting, converting) in proportion to its size,
  before it is done. Counting does not depend on the machine, the neighbours or the time: the same function with the same
  input ends at the same instruction. The limit is looked at where control goes backward, at calls and in bulk work, and ends
  the execution at the first such place where as much or more was used: \`used\` may be above the limit by what one step
  costs (see below).
- **memoryBytes** counts the heap up to the highest place in use, with what lies unused between. A function that cannot get
  memory gets its language's answer first: C's malloc gives NULL, Lua raises an error that can be caught. Only when that is
  not handled the execution ends. With the policy \`suspend\` Lua code, and \`malloc\`, wait for more in place of that, and then go on as if it
  had been there; what no limit could ever admit is refused all the same.
- **wallTimeMs** runs from the call on, waiting for a turn, for the host or asleep included. It is the one limit that is not
  deterministic; it is looked at between slices of instructions.
- **memoryBytes** of a budget counts whole regions: powers of two from 4 KiB on, steps of 1 MiB beyond 512 KiB.
- **wallTimeMs** of a budget is the sum of its invocations' times.
- **outputBytes** is exact: what fits is delivered, the byte that does not ends the execution.
- **syscalls**: so many calls are answered; the next ends the execution.

## Fixed limits

| what | limit |
| --- | --- |
| calls that are active at once (\`stack\`) | ${MAXIMUM_FRAMES.toLocaleString('en')} |
| registers of all active calls | ${bytes(MAXIMUM_STACK_WORDS * 4)} |
| C's and sm's memory stack (\`memory_stack\`) | what the module says: C 256 KiB |
| depth of an argument or result | ${MAXIMUM_VALUE_DEPTH} |
| values in an argument or result | ${MAXIMUM_VALUE_NODES.toLocaleString('en')} |
| elements of a list in a result, or in what a host function is given or answers | ${count(MAXIMUM_LIST_ELEMENTS)} |
| names of a record in a result | ${count(MAXIMUM_RESULT_NAMES)} |
| text in an argument or result | ${bytes(MAXIMUM_VALUE_BYTES)} |
| an argument list or answer of a host function | ${bytes(MAXIMUM_JSON_BYTES)} of text, as many values, ${count(MAXIMUM_RECORD_NAMES)} names of one record |
| an argument or answer of \`invoke\` | ${bytes(MAXIMUM_JSON_BYTES)} of text, ${count(MAXIMUM_MESSAGE_VALUES)} values |
| a log record's fields | ${bytes(MAXIMUM_LOG_BYTES)} of text, ${count(MAXIMUM_LOG_VALUES)} values |
| a log record's message | ${bytes(MAXIMUM_LOG_BYTES)} |
| a key of the storage, a value | ${MAXIMUM_KEY_BYTES} bytes, ${bytes(MAXIMUM_STORED_BYTES)} |
| a request's body, or a piece of one | ${bytes(MAXIMUM_BODY_BYTES)} |
| a request's headers | ${MAXIMUM_HEADERS}, of ${bytes(MAXIMUM_HEAD_BYTES)} together |
| a response's headers | ${count(MAXIMUM_RESPONSE_HEADERS)}, of ${bytes(MAXIMUM_HEAD_BYTES)} together |
| an error's message | ${MAXIMUM_MESSAGE_LENGTH.toLocaleString('en')} bytes |

Stack overflows end with the status \`limit\` too, except in Lua, where they are errors that can be caught.

## Steps

Between two looks at the instruction limit lies one step, so that is how far it can be exceeded. Most steps cost some tens of
instructions, and most bulk work goes on in steps of at most 1,024. Resizing a table of more than 1,024 entries, doubling the
table of short strings, growing the linear memory, a thread's registers and its frame records, passing many values, copying
long strings, hashing and comparing long keys, and looking for what catches an error are done in such steps too. The longest
steps:

| what is done in one step | most that it is charged |
| --- | --- |
| moving a heap to a larger region, at 512 KiB the last time | 8,192 |
| moving the arguments of a call by way of \`__call\`; returning many values from the main chunk | 1 for 8 values |
| finding a key among keys of the same hash | 16,384 |
| finding a short string among strings of the same hash | 8,192 |

A table takes a new key only where fewer than 4,096 others share its hash (shrinking may bring together four times as many); then
it is the error "too many keys of one hash in a table". Of short strings 8,193 may share a hash, and then memory counts as used up.
Both take keys that were made for it.

\`npm run steps\` gives single operations the largest arguments that a limit of 64 and of 512 MiB admits and prints the longest
steps.
`;
}

function errorsDocument(notice: string): string {
  const execution = executionErrorCodes().map(([code, meaning]) => [`\`${code}\``, meaning]);
  const snapshot = Object.entries(SNAPSHOT_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  const host = Object.entries(HOST_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return `<!-- ${notice} -->
# Errors

Codes are stable; messages may change. Misuse of the programming interface (a wrong type of an option, an unknown limit)
throws TypeError or RangeError.

## In results

\`result.error.code\`, with the status \`limit\` for \`limit.*\`, \`cancelled\` for \`cancelled\`, and \`error\` for all others.

${table(['code', 'meaning'], execution)}

## Thrown

By \`host.deploy\` and \`host.run\` (DeployError), and by a closed host (HostError).

${table(['code', 'meaning'], host)}

By \`execution.snapshot\`, \`execution.fork\` and \`host.restore\` (SnapshotError); see [snapshots.md](snapshots.md).

${table(['code', 'meaning'], snapshot)}
`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function bytes(count: number): string {
  const units: [number, string][] = [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ];
  const [size, unit] = units.find(([unitSize]) => count >= unitSize && count % unitSize === 0) ?? [1, 'bytes'];
  return `${(count / size).toLocaleString('en')} ${unit}`;
}
