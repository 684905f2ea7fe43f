// What a snapshot holds of a call beside its context: the function's name, arguments that are asked for as text, the value it has said itself, standard input
// that is here and was not read. Its bytes may come from anywhere.
import { Pace, SnapshotError, type Steps } from '../../vm/index';
import { textCodec } from './text';

export interface HeldCall {
  readonly name: string;
  readonly args: readonly Uint8Array[];
  readonly input: Uint8Array;
  /** The value that the execution has said itself, as JSON text; empty when it has not. */
  readonly result: Uint8Array;
}

const LENGTH_BYTES = 4;
/** Parts that are found in one step. */
const STEP_PARTS = 2048;
/** More than any function's name has. */
const MOST_NAME_BYTES = 1024;

/** The name, the input, the result, the arguments, each behind its length: bytes that follow each other. */
export function encodeHeldCall({ name, args, input, result }: HeldCall): Uint8Array[] {
  return [textCodec.encode(name), input, result, ...args].flatMap((part) => {
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, part.length, true);
    return [length, part];
  });
}

/** Throws SnapshotError `snapshot.corrupt`. */
export function* decodeHeldCall(bytes: Uint8Array): Steps<HeldCall> {
  const pace = new Pace(STEP_PARTS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + LENGTH_BYTES <= bytes.length ? view.getUint32(at, true) : bytes.length;
    const end = at + LENGTH_BYTES + length;
    if (end > bytes.length) throw new SnapshotError('snapshot.corrupt', 'the call');
    parts.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
    if (pace.isOver()) yield;
  }
  const [name, input, result] = parts;
  if (name === undefined || input === undefined || result === undefined || name.length > MOST_NAME_BYTES) {
    throw new SnapshotError('snapshot.corrupt', 'the call');
  }
  return { name: textCodec.decodeLeniently(name), input, result, args: parts.slice(3) };
}
