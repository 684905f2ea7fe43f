// Reads the primitive forms of the binary format from untrusted bytes: every length is compared with what is left before
// anything is allocated, every value has exactly one accepted form. byte-writer.ts is its mirror.
import { ModuleError, type ModuleErrorCode } from './errors';
import { MAXIMUM_NAME_LENGTH } from './limits';
import type { Steps } from './steps';
import { decodeUtf8 } from './utf8';

const MAXIMUM_LEB_BYTES = 5;
/** Of a character of JavaScript's. */
const MOST_UTF8_BYTES = 3;
const CANONICAL_NAN_HIGH = 0x7ff80000;
/** Bytes that are read in one step: 0.1 ms, half a millisecond before the optimiser has seen it. */
const STEP_BYTES = 2048;

/** Throws ModuleError (`module.truncated`, `module.malformed`) with the byte's offset. */
export class ByteReader {
  private readonly view: DataView;
  private position: number;
  /** End of what may be read: of the section, inside one. */
  private end: number;
  /** Where the step that is under way is to end. */
  private stepEnd = 0;
  private readonly names: string[] = [];
  private readonly knownNames = new Set<string>();

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = start;
    this.end = bytes.length;
  }

  refuse(code: ModuleErrorCode, detail: string): never {
    throw new ModuleError(code, detail, { offset: this.position });
  }

  byte(): number {
    this.need(1);
    return this.bytes[this.position++]!;
  }

  /** A byte below `count`. */
  choice(count: number, what: string): number {
    const value = this.byte();
    if (value >= count) this.refuse('module.malformed', what);
    return value;
  }

  word(): number {
    this.need(4);
    const value = this.view.getInt32(this.position, true);
    this.position += 4;
    return value;
  }

  words(count: number): Int32Array {
    if (count > (this.end - this.position) >> 2) this.refuse('module.truncated', `${count} words`);
    const words = new Int32Array(count);
    const end = this.position + count * 4;
    new Uint8Array(words.buffer).set(this.bytes.subarray(this.position, end));
    this.position = end;
    return words;
  }

  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (let count = 1; ; count++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) {
        if (byte === 0 && count > 1) this.refuse('module.malformed', 'number that is longer than it needs to be');
        break;
      }
      if (count === MAXIMUM_LEB_BYTES) this.refuse('module.malformed', 'long number');
    }
    if (value > 0xffffffff) this.refuse('module.malformed', 'large number');
    return value;
  }

  /** An unsigned number below 2^31. */
  natural(): number {
    const value = this.unsigned();
    if (value > 0x7fffffff) this.refuse('module.malformed', 'large number');
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  float(): number {
    this.need(8);
    const value = this.view.getFloat64(this.position, true);
    const [low, high] = [this.word(), this.word()];
    if (Number.isNaN(value) && (low !== 0 || high !== CANONICAL_NAN_HIGH)) this.refuse('module.malformed', 'NaN');
    return value;
  }

  block(): Uint8Array {
    const length = this.natural();
    this.need(length);
    const bytes = this.bytes.slice(this.position, this.position + length);
    this.position += length;
    return bytes;
  }

  name(): string {
    const number = this.natural();
    if (number > this.names.length) this.refuse('module.malformed', `name ${number}`);
    if (number > 0) return this.names[number - 1]!;
    const bytes = this.block();
    if (bytes.length > MAXIMUM_NAME_LENGTH * MOST_UTF8_BYTES) this.refuse('module.too_large', 'name');
    const text = decodeUtf8(bytes);
    if (text === null || this.knownNames.has(text)) this.refuse('module.malformed', 'name');
    this.names.push(text);
    this.knownNames.add(text);
    return text;
  }

  /** The length of a list of at most `maximum` items, each of at least `itemBytes` bytes. */
  count(maximum: number, itemBytes: number, what: string): number {
    const count = this.natural();
    if (count > maximum) this.refuse('module.too_large', `${count} ${what}, at most ${maximum}`);
    if (count * itemBytes > this.end - this.position) this.refuse('module.truncated', `${count} ${what}`);
    return count;
  }

  /** A list; its length as `count`. */
  list<T>(maximum: number, itemBytes: number, what: string, read: () => T): T[] {
    const count = this.count(maximum, itemBytes, what);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read());
    return items;
  }

  /** The same of a list that may be long. */
  *longList<T>(maximum: number, itemBytes: number, what: string, read: () => T): Steps<T[]> {
    const count = this.count(maximum, itemBytes, what);
    const items: T[] = [];
    for (let index = 0; index < count; index++) {
      items.push(read());
      if (this.isStepOver()) yield;
    }
    return items;
  }

  /** Whether enough was read for one step: then another begins. */
  isStepOver(): boolean {
    if (this.position < this.stepEnd) return false;
    this.stepEnd = this.position + STEP_BYTES;
    return true;
  }

  /** A section of that number; `read` must read all of it. */
  section<T>(number: number, read: () => T): T {
    const outerEnd = this.beginSection(number);
    const content = read();
    this.endSection(number, outerEnd);
    return content;
  }

  /** The same of one that may be long. */
  *longSection<T>(number: number, read: () => Steps<T>): Steps<T> {
    const outerEnd = this.beginSection(number);
    const content = yield* read();
    this.endSection(number, outerEnd);
    return content;
  }

  private beginSection(number: number): number {
    if (this.byte() !== number) this.refuse('module.malformed', `section ${number} should stand here`);
    const length = this.natural();
    this.need(length);
    const outerEnd = this.end;
    this.end = this.position + length;
    return outerEnd;
  }

  private endSection(number: number, outerEnd: number): void {
    if (this.position !== this.end) this.refuse('module.malformed', `section ${number} is too long`);
    this.end = outerEnd;
  }

  /** All bytes must have been read. */
  finish(): void {
    if (this.position !== this.bytes.length) this.refuse('module.malformed', 'more bytes behind the last section');
  }

  private need(count: number): void {
    if (count > this.end - this.position) this.refuse('module.truncated', `${count} bytes are missing`);
  }
}
