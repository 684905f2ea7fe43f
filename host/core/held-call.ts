// What a snapshot holds of a call beside its context: the function's name, arguments that are asked for as text, the value it has said itself, standard input
// that is here and was not read. Its bytes may come from anywhere.
import { SnapshotError } from '../../vm/index';
import { textCodec } from './text';

export interface HeldCall {
  readonly name: string;
  readonly args: readonly Uint8Array[];
  readonly input: Uint8Array;
  /** The value that the execution has said itself, as JSON text; empty when it has not. */
  readonly result: Uint8Array;
}

const LENGTH_BYTES = 4;

/** Parts behind their lengths: the name, the input, the result, the arguments. */
export function encodeHeldCall({ name, args, input, result }: HeldCall): Uint8Array {
  const parts = [textCodec.encode(name), input, result, ...args];
  const bytes = new Uint8Array(parts.reduce((total, part) => total + LENGTH_BYTES + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + LENGTH_BYTES);
    at += LENGTH_BYTES + part.length;
  }
  return bytes;
}

/** Throws SnapshotError `snapshot.corrupt`. */
export function decodeHeldCall(bytes: Uint8Array): HeldCall {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + LENGTH_BYTES <= bytes.length ? view.getUint32(at, true) : bytes.length;
    const end = at + LENGTH_BYTES + length;
    if (end > bytes.length) throw new SnapshotError('snapshot.corrupt', 'the call');
    parts.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  const [name, input, result, ...args] = parts;
  if (name === undefined || input === undefined || result === undefined) {
    throw new SnapshotError('snapshot.corrupt', 'the call');
  }
  return { name: textCodec.decodeLeniently(name), input, result, args };
}
