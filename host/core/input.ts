// A function's standard input: bytes that are there, or that come while it runs. A read that finds none waits.
import { textCodec } from './text';

/** What `stdin` may be: all of it, or pieces as they come. */
export type InputSource = string | Uint8Array | AsyncIterable<Uint8Array>;

const NOTHING = new Uint8Array(0);

/** Throws TypeError for anything that is no InputSource. */
export function checkInput(source: InputSource): void {
  if (typeof source === 'string' || source instanceof Uint8Array) return;
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) return;
  throw new TypeError('stdin must be a string, bytes (Uint8Array), or an async iterable of bytes');
}

/** The reading end. One read at a time. */
export class InputReader {
  private current: Uint8Array;
  private position = 0;
  private readonly source: AsyncIterator<Uint8Array> | null;

  /** `first` comes before what the source gives. Throws TypeError for anything that is no InputSource. */
  constructor(source: InputSource, first: Uint8Array = NOTHING) {
    checkInput(source);
    this.source = null;
    if (typeof source === 'string') this.current = source === '' ? NOTHING : textCodec.encode(source);
    else if (source instanceof Uint8Array) this.current = source;
    else {
      this.current = NOTHING;
      this.source = source[Symbol.asyncIterator]();
    }
    if (first.length > 0) this.current = concat(first, this.current);
  }

  /** What is here and was not read yet: all of the rest, but for what an iterable has still to give. */
  get buffered(): Uint8Array {
    return this.current.subarray(this.position);
  }

  /** At least one and at most `most` bytes, or null at the end; nothing when `most` is 0. */
  read(most: number): Uint8Array | null | Promise<Uint8Array | null> {
    if (most === 0) return new Uint8Array(0);
    if (this.position < this.current.length) return this.take(most);
    return this.source === null ? null : this.readMore(this.source, most);
  }

  /** Tells the source that nothing more will be read. */
  close(): void {
    this.source?.return?.()?.catch(() => {});
  }

  private take(most: number): Uint8Array {
    const bytes = this.current.subarray(this.position, this.position + most);
    this.position += bytes.length;
    return bytes;
  }

  private async readMore(source: AsyncIterator<Uint8Array>, most: number): Promise<Uint8Array | null> {
    for (;;) {
      const { done, value } = await source.next();
      if (done) return null;
      if (!(value instanceof Uint8Array)) throw new TypeError('stdin gave something that is no Uint8Array');
      if (value.length === 0) continue;
      this.current = value;
      this.position = 0;
      return this.take(most);
    }
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
