// One call of a function on its way in: its arguments as the entry takes them, and what else it differs in from others.
import {
  allSteps,
  bytesOfText,
  entrySignature,
  type FuelMeter,
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
import type { Outputs } from './output-sinks';
import { toPlain } from './plain-values';
import { textCodec } from './text';

/** Arguments on their way in. */
export interface Crossing {
  readonly values: readonly HostValue[];
  readonly texts: ArgumentTexts;
}

/** Arguments as text, for the guests that ask for text: most take the value, and never do. */
export class ArgumentTexts {
  private made: readonly Uint8Array[] | null = null;

  constructor(private readonly values: readonly HostValue[]) {}

  /** At once, if they were not made before. */
  get all(): readonly Uint8Array[] {
    return this.made ?? allSteps(this.make({ fuel: 0 }));
  }

  /** In steps. Yields when the fuel is used up. */
  *make(meter: FuelMeter): Generator<undefined, readonly Uint8Array[], unknown> {
    const texts: Uint8Array[] = [];
    for (const value of this.values) texts.push(yield* textOf(meter, value));
    this.made = texts;
    return texts;
  }
}

export interface Call extends Crossing {
  readonly ancestry: Ancestry;
  /** What it has said itself, when it goes on. */
  readonly result: GuestValue | undefined;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly weight: number;
  readonly input: InputReader;
  readonly outputs: Outputs;
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
function* textOf(meter: FuelMeter, plain: HostValue): Generator<undefined, Uint8Array, unknown> {
  if (plain instanceof Uint8Array) return plain;
  if (typeof plain === 'bigint') return textCodec.encode(String(plain));
  if (typeof plain !== 'string') return yield* writeJson(meter, plain, textCodec);
  return yield* bytesOfText(meter, plain, textCodec);
}

/**
 * The argument as the entry takes it, and as text for the guests that ask for text. `isPlain`: it is another guest's, and need not
 * be copied. Throws CrossingError.
 */
export function crossingOf(
  program: Program,
  argument: unknown,
  args: readonly string[] | undefined,
  isPlain: boolean,
): Crossing {
  if (args !== undefined) return { values: takesNothing(program) ? NO_VALUES : args, texts: new ArgumentTexts(args) };
  if (argument === undefined) return { values: NO_VALUES, texts: NO_TEXTS };
  const plain = isPlain ? (argument as HostValue) : toPlain(argument);
  const texts = new ArgumentTexts([plain]);
  if (takesNothing(program)) return { values: NO_VALUES, texts };
  if (hasValueEntry(program)) return { values: [plain], texts };
  return { values: Array.isArray(plain) ? plain : [plain], texts };
}

/** Whether anything in a program can ask for its arguments as text: most cannot. */
export function asksForArguments({ modules }: Program): boolean {
  return modules.some(({ syscalls }) => syscalls.includes('argument_read') || syscalls.includes('argument_count'));
}

/** Of all calls that have none. */
export const NO_VALUES: readonly HostValue[] = [];
export const NO_TEXTS = new ArgumentTexts(NO_VALUES);

/** An entry that takes nothing by its type, as C's, reads its arguments as text. */
function takesNothing(program: Program): boolean {
  return !hasValueEntry(program) && entrySignature(program)!.params.length === 0;
}
