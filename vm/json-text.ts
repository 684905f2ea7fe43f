// JSON text and values, for guests that take and give text: read and written step by step, each step charged, so that
// neither holds the machine up. Reads exactly what JSON is, to a depth; writes what crosses, as it would come back.
import {
  bigintToGuest,
  type FuelMeter,
  floatToGuest,
  type GuestValue,
  type HostValue,
  isContainer,
  isList,
  membersOf,
  setMember,
  type TextCodec,
} from './host-values';
import { MAXIMUM_RECORD_NAMES, MAXIMUM_VALUE_DEPTH } from './limits';
import { joinPieces, shortTextOfBytes, TEXT_PIECE, textOfBytes, wholePairs } from './text-conversion';

/** Instructions for a value, a key: what reading or writing one takes. */
const VALUE_COST = 8;
/** Characters of a string or number for an instruction, as a power of two. */
const TEXT_SHIFT = 3;

function charge(meter: FuelMeter, units: number): void {
  meter.fuel = (meter.fuel - units) | 0;
}

// --- reading ---

/** A list or record that is being read. */
interface Level {
  readonly list: GuestValue[] | null;
  readonly record: { [name: string]: GuestValue } | null;
  /** Names so far. */
  names: number;
}

/**
 * The value of a JSON text; undefined when it is none, is nested too deeply, has a record of more than MAXIMUM_RECORD_NAMES
 * names, or more than `mostValues` values and names. Yields when the fuel is used up.
 */
export function* readJson(
  meter: FuelMeter,
  text: string,
  mostValues: number,
): Generator<undefined, GuestValue | undefined, unknown> {
  let values = 0;
  const scanner = new Scanner(meter, text);
  const levels: Level[] = [];
  let name = '';
  for (;;) {
    // A value is next; of a record, its name before it.
    const top = levels[levels.length - 1];
    if (isRecord(top)) {
      const read = scanner.name() ?? (scanner.isLong ? yield* scanner.longString() : undefined);
      if (read === undefined || !scanner.takes(':')) return undefined;
      name = read;
    }
    charge(meter, VALUE_COST);
    if (meter.fuel <= 0) yield undefined;
    values += isRecord(top) ? 2 : 1;
    if (values > mostValues || (isRecord(top) && ++top.names > MAXIMUM_RECORD_NAMES)) return undefined;
    let value: GuestValue | undefined;
    const opened = scanner.open();
    if (opened !== null) {
      if (levels.length >= MAXIMUM_VALUE_DEPTH) return undefined;
      const level = newLevel(opened);
      value = level.list ?? level.record!;
      if (!scanner.takes(opened === '[' ? ']' : '}')) {
        place(top, name, value);
        levels.push(level);
        continue;
      }
    } else {
      value = scanner.scalar();
      if (scanner.isLong) value = yield* scanner.longString();
    }
    if (value === undefined) return undefined;
    place(top, name, value);
    if (top === undefined) return scanner.isAtEnd() ? value : undefined;
    // Behind a value: more of the same level, or its end, or the ends of several.
    for (let level = levels[levels.length - 1]; ; level = levels[levels.length - 1]) {
      if (level === undefined) return undefined;
      if (scanner.takes(',')) break;
      if (!scanner.takes(level.list === null ? '}' : ']')) return undefined;
      levels.pop();
      if (levels.length === 0) return scanner.isAtEnd() ? (level.list ?? level.record!) : undefined;
      charge(meter, 1);
      if (meter.fuel <= 0) yield undefined;
    }
  }
}

function newLevel(opened: '[' | '{'): Level {
  return opened === '[' ? { list: [], record: null, names: 0 } : { list: null, record: {}, names: 0 };
}

function isRecord(level: Level | undefined): level is Level {
  return level !== undefined && level.record !== null;
}

function place(level: Level | undefined, name: string, value: GuestValue): void {
  if (level === undefined) return;
  if (level.list !== null) level.list.push(value);
  else setMember(level.record!, name, value);
}

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly [word: string, value: boolean | null][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** Characters of a string that are looked through at once. */
const READ_PIECE = TEXT_PIECE / 3;
/** Characters of an escape like \u0041. */
const UNICODE_ESCAPE = 6;

function unquoted(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}

/** Tokens of a text. */
class Scanner {
  /** The string that was wanted is a long one: `longString` reads it. */
  isLong = false;
  private at = 0;

  constructor(
    private readonly meter: FuelMeter,
    private readonly text: string,
  ) {}

  isAtEnd(): boolean {
    this.skipBlanks();
    return this.at === this.text.length;
  }

  /** Whether `character` is next, which is passed over then. */
  takes(character: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  /** The bracket that begins a list or record, if one is next. */
  open(): '[' | '{' | null {
    if (this.takes('[')) return '[';
    return this.takes('{') ? '{' : null;
  }

  /** A name; undefined when there is none, or `isLong`. */
  name(): string | undefined {
    this.skipBlanks();
    charge(this.meter, VALUE_COST);
    return this.string();
  }

  /** Undefined when there is none, or `isLong`. */
  scalar(): GuestValue | undefined {
    this.skipBlanks();
    if (this.text[this.at] === '"') return this.string();
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text)?.[0];
    if (number !== undefined) {
      charge(this.meter, number.length >> TEXT_SHIFT);
      this.at += number.length;
      return Number(number);
    }
    const word = WORDS.find(([text]) => this.text.startsWith(text, this.at));
    if (word === undefined) return undefined;
    this.at += word[0].length;
    return word[1];
  }

  /** The string that is next, in pieces. */
  *longString(): Generator<undefined, string | undefined, unknown> {
    const { meter, text } = this;
    this.isLong = false;
    const start = this.at;
    let result: string | undefined = '';
    for (let end = start; ; ) {
      const from = end === start ? start + 1 : end;
      const to = this.pieceEnd(from);
      charge(meter, ((to - start) >> TEXT_SHIFT) - ((end - start) >> TEXT_SHIFT));
      const piece = unquoted(`"${text.slice(from, to)}"`);
      result = result === undefined || piece === undefined ? undefined : result + piece;
      end = to;
      if (text[end] === '"' || end >= text.length) {
        this.at = end + 1;
        return end < text.length ? result : undefined;
      }
      if (meter.fuel <= 0) yield undefined;
    }
  }

  private string(): string | undefined {
    const { text, at } = this;
    if (text[at] !== '"') return undefined;
    const end = this.pieceEnd(at + 1);
    this.isLong = text[end] !== '"' && end < text.length;
    if (this.isLong) return undefined;
    charge(this.meter, (end - at) >> TEXT_SHIFT);
    this.at = end + 1;
    // Its characters and escapes are JSON's own matter.
    return unquoted(text.slice(at, end + 1));
  }

  /** Where the string that goes on at `from` ends, at its quote or that of the text; or a piece of it, which tears no escape apart. */
  private pieceEnd(from: number): number {
    const { text } = this;
    const most = Math.min(from + READ_PIECE, text.length);
    let escaped = from - UNICODE_ESCAPE;
    let end = this.firstSpecial(from, most);
    for (; end < most && text[end] !== '"'; end++) if (text[end] === '\\') escaped = end++;
    const isTorn =
      text[end] !== '"' && end < text.length && text[escaped + 1] === 'u' && end - escaped < UNICODE_ESCAPE;
    return isTorn ? escaped : end;
  }

  /** Where the first quote or escape is, or `most`: most texts have no escapes, and the host's search is faster than a loop. */
  private firstSpecial(from: number, most: number): number {
    const piece = this.text.slice(from, most);
    const quote = piece.indexOf('"');
    const plain = quote < 0 ? piece : piece.slice(0, quote);
    const backslash = plain.indexOf('\\');
    return from + (backslash < 0 ? plain.length : backslash);
  }

  private skipBlanks(): void {
    const code = this.text.charCodeAt(this.at);
    if (code > 0x20) return;
    BLANKS.lastIndex = this.at;
    const { length } = BLANKS.exec(this.text)![0];
    charge(this.meter, length >> TEXT_SHIFT);
    this.at += length;
  }
}

// --- writing ---

/** What is left of a list or record that is being written. */
interface Rest {
  readonly entries: Iterator<readonly [name: string | null, value: HostValue]>;
  readonly end: string;
  isFirst: boolean;
}

/** Characters that are encoded at once. */
const WRITTEN_PIECE = TEXT_PIECE >> 1;
/** Characters that are quoted at once: no character becomes more than six. */
const QUOTED_PIECE = WRITTEN_PIECE / 6;

/** A text that is being written: its bytes, and the characters behind them. */
class Writer {
  readonly pieces: Uint8Array[] = [];
  private characters = '';

  constructor(
    readonly meter: FuelMeter,
    readonly text: TextCodec,
  ) {}

  /** Parts that belong together, as the halves of a pair, come together. */
  write(part: string): void {
    this.characters += part;
    if (this.characters.length >= WRITTEN_PIECE) this.encode();
  }

  /** In pieces: a long text that grows by little parts is put in order when it is first looked at, all at once. */
  encode(): void {
    const { meter, characters } = this;
    charge(meter, characters.length >> TEXT_SHIFT);
    const piece = this.text.encode(characters);
    charge(meter, (piece.length - characters.length) >> 1);
    this.pieces.push(piece);
    this.characters = '';
  }
}

/** A value as JSON text, in UTF-8. Yields when the fuel is used up. */
export function* writeJson(
  meter: FuelMeter,
  value: HostValue,
  text: TextCodec,
): Generator<undefined, Uint8Array, unknown> {
  const writer = new Writer(meter, text);
  const rests: Rest[] = [];
  yield* begin(writer, value, rests);
  for (let rest = rests[0]; rest !== undefined; rest = rests[rests.length - 1]) {
    const { done, value: entry } = rest.entries.next();
    if (done) {
      writer.write(rest.end);
      rests.pop();
      continue;
    }
    if (!rest.isFirst) writer.write(',');
    rest.isFirst = false;
    const [name, element] = entry;
    if (name !== null) {
      yield* writeText(writer, name);
      writer.write(':');
    }
    yield* begin(writer, element, rests);
  }
  writer.encode();
  return yield* joinPieces(meter, writer.pieces);
}

/** Writes a scalar; or the beginning of a list or record, whose rest is pushed. */
function* begin(writer: Writer, value: HostValue, rests: Rest[]): Generator<undefined, void, unknown> {
  const { meter, text } = writer;
  charge(meter, VALUE_COST);
  if (meter.fuel <= 0) yield undefined;
  if (isContainer(value)) {
    const isOfList = isList(value);
    const entries = isOfList ? unnamed(value) : membersOf(value).entries;
    rests.push({ entries, end: isOfList ? ']' : '}', isFirst: true });
    writer.write(isOfList ? '[' : '{');
  } else if (value instanceof Uint8Array) {
    const bytes = (start: number, end: number) => value.subarray(start, end);
    const isShort = value.length <= TEXT_PIECE;
    const crossed = isShort
      ? shortTextOfBytes(meter, value, text)
      : yield* textOfBytes(meter, value.length, bytes, text);
    const isText = typeof crossed === 'string';
    if (!isText) writer.write('{"base64":');
    yield* writeText(writer, isText ? crossed : crossed.base64);
    if (!isText) writer.write('}');
  } else if (typeof value === 'string') yield* writeText(writer, value);
  else if (typeof value === 'number') writer.write(numeral(floatToGuest(value)));
  else if (typeof value === 'bigint') writer.write(numeral(bigintToGuest(value)));
  else writer.write(String(value));
}

function* unnamed(list: readonly HostValue[]): Generator<[null, HostValue]> {
  for (const value of list) yield [null, value];
}

function numeral(value: number | string): string {
  return typeof value === 'number' ? JSON.stringify(value) : `"${value}"`;
}

function* writeText(writer: Writer, value: string): Generator<undefined, void, unknown> {
  const { meter } = writer;
  if (value.length <= QUOTED_PIECE) {
    charge(meter, value.length >> TEXT_SHIFT);
    writer.write(JSON.stringify(value));
    return;
  }
  writer.write('"');
  for (let done = 0; done < value.length; ) {
    const end = wholePairs(value, Math.min(done + QUOTED_PIECE, value.length));
    charge(meter, (end >> TEXT_SHIFT) - (done >> TEXT_SHIFT));
    writer.write(JSON.stringify(value.slice(done, end)).slice(1, -1));
    done = end;
    if (meter.fuel <= 0) yield undefined;
  }
  writer.write('"');
}
