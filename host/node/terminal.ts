// The streams that a command works on: a process's own, or a test's.
import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Calls `listener` once when the user interrupts; the answer takes it back. */
  onInterrupt(listener: () => void): () => void;
  /** Calls `listener` once when the user or the system wants an end: SIGINT, SIGTERM. */
  onStop(listener: () => void): void;
}

/** Undefined when the bytes went out, else a promise of room for more. A stream that was closed takes everything. */
export function write(stream: Writable, bytes: Uint8Array): undefined | Promise<void> {
  if (stream.write(bytes) || stream.destroyed) return undefined;
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener('drain', done);
      stream.removeListener('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

/** Writes a text and waits until it is out. */
export function writeAll(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
