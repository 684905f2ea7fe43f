// Bytes of a module in the making: the primitive forms of the binary format. byte-reader.ts is its mirror.
import type { Steps } from './steps';
import { encodeUtf8 } from './utf8';

const FIRST_CAPACITY = 1024;
const MAXIMUM_UNSIGNED = 0xffffffff;
/** Bytes that are written in one step. */
const STEP_BYTES = 1024;

/** Appends primitives to a growing array of bytes. Little-endian; numbers of varying length are LEB128, shortest form. */
export class ByteWriter {
  private bytes = new Uint8Array(FIRST_CAPACITY);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  /** Where the step that is under way is to end. */
  private stepEnd = STEP_BYTES;
  private readonly names = new Map<string, number>();

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  word(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** An integer from 0 to 2^32 - 1. Throws RangeError. */
  unsigned(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > MAXIMUM_UNSIGNED)
      throw new RangeError(`cannot encode ${value}`);
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest & 127) | 128);
    this.byte(rest);
  }

  /** An int32, small ones of either sign short: 0, -1, 1, -2, ... become 0, 1, 2, 3, ... Throws RangeError. */
  signed(value: number): void {
    if ((value | 0) !== value) throw new RangeError(`cannot encode ${value}`);
    this.unsigned(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** A float's 8 bytes; all NaNs are one. */
  float(value: number): void {
    this.reserve(8);
    if (Number.isNaN(value)) {
      this.view.setInt32(this.length, 0, true);
      this.view.setInt32(this.length + 4, 0x7ff80000, true);
    } else this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Bytes behind their number. */
  block(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A name: 0 and its UTF-8 the first time, later the number of its first occurrence, from 1. */
  name(text: string): void {
    const known = this.names.get(text);
    if (known !== undefined) {
      this.unsigned(known);
      return;
    }
    this.names.set(text, this.names.size + 1);
    this.unsigned(0);
    this.block(encodeUtf8(text));
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.unsigned(items.length);
    for (const item of items) write(item);
  }

  /** The same of one that may be long. */
  *longList<T>(items: readonly T[], write: (item: T) => void): Steps<void> {
    this.unsigned(items.length);
    for (const item of items) {
      write(item);
      if (this.isStepOver()) yield;
    }
  }

  /** Whether enough was written for one step: then another begins. */
  isStepOver(): boolean {
    if (this.length < this.stepEnd) return false;
    this.stepEnd = this.length + STEP_BYTES;
    return true;
  }

  /** A section: its number, its length, what `write` writes. */
  section(number: number, write: () => void): void {
    this.byte(number);
    const start = this.length;
    write();
    this.endSection(start);
  }

  /** The same of one that may be long. */
  *longSection(number: number, write: () => Steps<void>): Steps<void> {
    this.byte(number);
    const start = this.length;
    yield* write();
    this.endSection(start);
  }

  private endSection(start: number): void {
    const content = this.bytes.slice(start, this.length);
    this.length = start;
    this.block(content);
  }

  private reserve(count: number): void {
    const wanted = this.length + count;
    if (wanted <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
