// One call of a function on its way in: its arguments as the entry takes them, and what else it differs in from others.
import {
  entrySignature,
  type GuestValue,
  type HostValue,
  hasValueEntry,
  type Limits,
  type Policies,
  type Program,
  SnapshotError,
  writeJson,
} from '../../vm/index';
import type { ExecuteOptions } from './function';
import type { InputReader } from './input';
import type { Ancestry } from './invocations';
import { once } from './once';
import type { Outputs } from './output-sinks';
import { toPlain } from './plain-values';
import { textCodec } from './text';

/** Arguments on their way in. */
export interface Crossing {
  readonly values: readonly HostValue[];
  readonly texts: () => readonly Uint8Array[];
}

export interface Call extends Crossing, Outputs {
  readonly ancestry: Ancestry;
  /** What it has said itself, when it goes on. */
  readonly result: GuestValue | undefined;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly weight: number;
  readonly input: InputReader;
  readonly signal: AbortSignal | undefined;
  readonly onSuspended: ExecuteOptions['onSuspended'];
}

/** Arguments as text. Throws TypeError. */
export function checkArgs(args: readonly string[]): readonly string[] {
  if (!Array.isArray(args) || args.some((arg) => typeof arg !== 'string')) {
    throw new TypeError('args must be a list of strings');
  }
  return [...args];
}

/** What an execution has said itself, from its snapshot. Throws SnapshotError `snapshot.corrupt`. */
export function parseResult(json: Uint8Array): GuestValue | undefined {
  if (json.length === 0) return undefined;
  try {
    const value = JSON.parse(textCodec.decodeLeniently(json)) as GuestValue;
    toPlain(value);
    return value;
  } catch {
    throw new SnapshotError('snapshot.corrupt', 'the call');
  }
}

/** Text and bytes as they are, everything else as JSON. */
function textOf(plain: HostValue): Uint8Array {
  if (typeof plain === 'string') return textCodec.encode(plain);
  if (plain instanceof Uint8Array) return plain;
  return textCodec.encode(typeof plain === 'bigint' ? String(plain) : jsonOf(plain));
}

/** Written in one go: the caller pays for it. */
function jsonOf(plain: HostValue): string {
  const writing = writeJson({ fuel: 0 }, plain, textCodec);
  for (;;) {
    const { done, value } = writing.next();
    if (done) return value;
  }
}

/** The argument as the entry takes it, and as text for the guests that ask for text. Throws CrossingError. */
export function crossingOf(program: Program, argument: unknown, args: readonly string[] | undefined): Crossing {
  if (args !== undefined)
    return { values: takesNothing(program) ? [] : args, texts: once(() => args.map(textCodec.encode)) };
  if (argument === undefined) return { values: [], texts: () => [] };
  const plain = toPlain(argument);
  // Most functions take the value, and never ask for its text.
  const texts = once(() => [textOf(plain)]);
  if (takesNothing(program)) return { values: [], texts };
  if (hasValueEntry(program)) return { values: [plain], texts };
  return { values: Array.isArray(plain) ? plain : [plain], texts };
}

/** An entry that takes nothing by its type, as C's, reads its arguments as text. */
function takesNothing(program: Program): boolean {
  return !hasValueEntry(program) && entrySignature(program)!.params.length === 0;
}
