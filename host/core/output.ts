// What an execution has written, in order, kept compactly whatever the size of the single writes: a hostile function
// writes millions of single bytes. Bounded by the output limit, which is enforced where the bytes come from.

import type { LogRecord } from './logs';

/** A piece of output as `execution.logs` gives it. Writes to the same stream in a row may come as one piece. */
export interface LogChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8; a character that is split between two pieces comes with the second. */
  readonly text: string;
}

const STREAMS = ['stdout', 'stderr'] as const;
const FIRST_BYTES = 256;
const NOTHING = new Uint8Array(0);

/** Both streams of one execution, and the records beside them. */
export class OutputLog implements AsyncIterable<LogChunk> {
  /** Structured logs, when nobody takes them as they come. */
  readonly records: LogRecord[] = [];
  private bytes = NOTHING;
  private length = 0;
  /** Where each run of one stream ends. Streams alternate, so only the first run's is kept. */
  private readonly ends: number[] = [];
  private firstStream = 0;
  private isEnded = false;
  private wakers: (() => void)[] = [];

  /** Appends a copy of `bytes` to stream 1 (stdout) or 2 (stderr). */
  write(stream: 1 | 2, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.reserve(this.length + bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    const runs = this.ends.length;
    if (runs === 0) this.firstStream = stream - 1;
    if (runs > 0 && this.streamOf(runs - 1) === stream - 1) this.ends[runs - 1] = this.length;
    else this.ends.push(this.length);
    this.wake();
  }

  /** No more output comes: iterations end. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** All of one stream as text; bytes that are no UTF-8 become U+FFFD. */
  textOf(stream: 'stdout' | 'stderr'): string {
    if (this.ends.length === 0) return '';
    const wanted = STREAMS.indexOf(stream);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    let text = '';
    for (let run = 0; run < this.ends.length; run++) {
      if (this.streamOf(run) === wanted) text += decoder.decode(this.runFrom(run, 0), { stream: true });
    }
    return text + decoder.decode();
  }

  /** From the beginning, then as it comes, until the execution has ended. */
  async *[Symbol.asyncIterator](): AsyncGenerator<LogChunk, void, undefined> {
    const decoders = STREAMS.map(() => new TextDecoder('utf-8', { ignoreBOM: true }));
    let position = 0;
    for (let run = 0; ; ) {
      if (run < this.ends.length && position < this.ends[run]!) {
        const bytes = this.runFrom(run, position).slice();
        position += bytes.length;
        const stream = this.streamOf(run);
        yield { stream: STREAMS[stream]!, bytes, text: decoders[stream]!.decode(bytes, { stream: true }) };
      } else if (run < this.ends.length - 1) run++;
      else if (this.isEnded) return;
      else await new Promise<void>((resolve) => this.wakers.push(resolve));
    }
  }

  private streamOf(run: number): number {
    return (this.firstStream + run) & 1;
  }

  /** The bytes of a run from `position` on. */
  private runFrom(run: number, position: number): Uint8Array {
    const start = run === 0 ? 0 : this.ends[run - 1]!;
    return this.bytes.subarray(Math.max(start, position), this.ends[run]);
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(FIRST_BYTES, this.bytes.length * 2, length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  private wake(): void {
    if (this.wakers.length === 0) return;
    const { wakers } = this;
    this.wakers = [];
    for (const waker of wakers) waker();
  }
}
