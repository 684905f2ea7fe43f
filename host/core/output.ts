// What an execution has written, in order, kept compactly whatever the size of the single writes: a hostile function
// writes millions of single bytes. Bounded by the output limit, which is enforced where the bytes come from. It grows by blocks:
// nothing that is long is copied to make room.

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
/** Bytes of a block, as a power of two. */
const BLOCK_SHIFT = 16;
const BLOCK_BYTES = 1 << BLOCK_SHIFT;
const NOTHING = new Uint8Array(0);

/** Numbers below 2^32 in order, in blocks. */
class NumberList {
  length = 0;
  private readonly blocks: Uint32Array[] = [];

  at(index: number): number {
    return this.blocks[index >>> NUMBERS_SHIFT]![index & (NUMBERS - 1)]!;
  }

  set(index: number, value: number): void {
    this.blocks[index >>> NUMBERS_SHIFT]![index & (NUMBERS - 1)] = value;
  }

  push(value: number): void {
    if (this.length === 0) this.blocks.push(new Uint32Array(FEW_NUMBERS));
    else if (this.length === FEW_NUMBERS) this.blocks[0] = grown(this.blocks[0]!);
    else if ((this.length & (NUMBERS - 1)) === 0) this.blocks.push(new Uint32Array(NUMBERS));
    this.length++;
    this.set(this.length - 1, value);
  }
}

/** Numbers of a block, and those of the first at first: most functions write to one stream. */
const NUMBERS_SHIFT = 12;
const NUMBERS = 1 << NUMBERS_SHIFT;
const FEW_NUMBERS = 8;

function grown(few: Uint32Array): Uint32Array {
  const block = new Uint32Array(NUMBERS);
  block.set(few);
  return block;
}

/** Of those that have written nothing, of which a hundred thousand may wait: lists are made when there is something for them. */
const NO_BLOCKS: Uint8Array[] = [];
const NO_NUMBERS = new NumberList();

/** Both streams of one execution, and the records beside them. */
export class OutputLog implements AsyncIterable<LogChunk> {
  private kept: LogRecord[] | null = null;
  /** All but the last are full; the first grows to a block's size. */
  private blocks = NO_BLOCKS;
  private length = 0;
  /** Where each run of one stream ends. Streams alternate, so only the first run's is kept. */
  private ends = NO_NUMBERS;
  private firstStream = 0;
  private isEnded = false;
  private wakers: (() => void)[] | null = null;

  /** Appends a copy of `bytes` to stream 1 (stdout) or 2 (stderr). */
  write(stream: 1 | 2, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.ends === NO_NUMBERS) {
      this.blocks = [];
      this.ends = new NumberList();
    }
    for (let done = 0; done < bytes.length; ) {
      const at = this.length & (BLOCK_BYTES - 1);
      const count = Math.min(bytes.length - done, BLOCK_BYTES - at);
      this.blockFor(at + count).set(count === bytes.length ? bytes : bytes.subarray(done, done + count), at);
      this.length += count;
      done += count;
    }
    const runs = this.ends.length;
    if (runs === 0) this.firstStream = stream - 1;
    if (runs > 0 && this.streamOf(runs - 1) === stream - 1) this.ends.set(runs - 1, this.length);
    else this.ends.push(this.length);
    this.wake();
  }

  record(record: LogRecord): void {
    this.kept ??= [];
    this.kept.push(record);
  }

  /** Structured logs so far. */
  get records(): readonly LogRecord[] {
    return this.kept ?? [];
  }

  /** Bytes of both streams. */
  get byteLength(): number {
    return this.length;
  }

  /** No more output comes: iterations end. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** All of one stream as text; bytes that are no UTF-8 become U+FFFD. */
  textOf(stream: 'stdout' | 'stderr'): string {
    let text = '';
    for (const part of this.textsOf(stream)) text += part;
    return text;
  }

  /** The same in parts. */
  *textsOf(stream: 'stdout' | 'stderr'): Generator<string, void> {
    const wanted = STREAMS.indexOf(stream);
    const runs = this.ends.length;
    if (runs === 0 || (runs === 1 && this.firstStream !== wanted)) return;
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    // First bytes in a row: decoding a byte at a time takes much longer.
    const bytes = new Uint8Array(Math.min(this.length, BLOCK_BYTES));
    let count = 0;
    for (let run = 0, position = 0; run < runs; run++) {
      if (this.streamOf(run) !== wanted) position = this.ends.at(run);
      while (position < this.ends.at(run)) {
        const piece = this.pieceAt(position, Math.min(this.ends.at(run), position + bytes.length - count));
        bytes.set(piece, count);
        count += piece.length;
        position += piece.length;
        if (count < bytes.length) continue;
        yield decoder.decode(bytes, { stream: true });
        count = 0;
      }
    }
    yield decoder.decode(bytes.subarray(0, count));
  }

  /** From the beginning, then as it comes, until the execution has ended. */
  async *[Symbol.asyncIterator](): AsyncGenerator<LogChunk, void, undefined> {
    const decoders = STREAMS.map(() => new TextDecoder('utf-8', { ignoreBOM: true }));
    let position = 0;
    for (let run = 0; ; ) {
      if (run < this.ends.length && position < this.ends.at(run)) {
        const bytes = this.pieceAt(position, this.ends.at(run)).slice();
        position += bytes.length;
        const stream = this.streamOf(run);
        yield { stream: STREAMS[stream]!, bytes, text: decoders[stream]!.decode(bytes, { stream: true }) };
      } else if (run < this.ends.length - 1) run++;
      else if (this.isEnded) return;
      else await new Promise<void>((resolve) => this.awaitMore(resolve));
    }
  }

  private streamOf(run: number): number {
    return (this.firstStream + run) & 1;
  }

  /** The bytes from `position` to `end`, or to the end of their block. */
  private pieceAt(position: number, end: number): Uint8Array {
    const block = position >>> BLOCK_SHIFT;
    const start = block << BLOCK_SHIFT;
    return this.blocks[block]!.subarray(position - start, Math.min(end - start, BLOCK_BYTES));
  }

  /** The last block, with room for so many bytes in all. */
  private blockFor(bytes: number): Uint8Array {
    const index = this.length >>> BLOCK_SHIFT;
    const block = this.blocks[index] ?? NOTHING;
    if (bytes <= block.length) return block;
    const least = index === 0 ? Math.max(FIRST_BYTES, block.length * 2, bytes) : BLOCK_BYTES;
    const larger = new Uint8Array(Math.min(least, BLOCK_BYTES));
    larger.set(block);
    this.blocks[index] = larger;
    return larger;
  }

  private awaitMore(waker: () => void): void {
    this.wakers ??= [];
    this.wakers.push(waker);
  }

  private wake(): void {
    const { wakers } = this;
    this.wakers = null;
    for (const waker of wakers ?? []) waker();
  }
}
