// The strings that fengari's parser sees: names as they are, literals as tags that it cannot fold or confuse, and
// long names as tags too, because it compares and hashes names byte by byte.
import type { Constant } from '../../vm/index';
import { bytesToLatin1, type LiteralTable } from './literals';
import { createParserString, type ParserConstant, type ParserString } from './parser-fengari';

/** No name begins with these. */
const LITERAL_TAG = '$';
const LONG_NAME_TAG = '@';
const LONGEST_PLAIN_NAME = 40;

/** Strings of one parse, each made once. */
export class ParserStrings {
  private readonly names: ParserString[] = [];
  private readonly literalStrings: ParserString[] = [];
  private readonly origins = new Map<ParserString, Constant | string>();

  constructor(private readonly literals: LiteralTable) {}

  forName(index: number): ParserString {
    const name = this.literals.names[index]!;
    return (this.names[index] ??= this.make(name.length <= LONGEST_PLAIN_NAME ? name : LONG_NAME_TAG + index, name));
  }

  forLiteral(index: number): ParserString {
    return (this.literalStrings[index] ??= this.make(LITERAL_TAG + index, this.literals.constants[index]!));
  }

  /** For names that the parser makes itself: `self` and the hidden variables of loops. */
  forBytes(bytes: Uint8Array): ParserString {
    return this.forName(this.literals.internName(bytesToLatin1(bytes)));
  }

  private make(text: string, origin: Constant | string): ParserString {
    const string = createParserString(text);
    this.origins.set(string, origin);
    return string;
  }

  /** The name that a string of the parser's stands for. */
  toName(string: ParserString): string {
    const origin = this.origins.get(string);
    return typeof origin === 'string' ? origin : bytesToLatin1(string.getstr());
  }

  /** The constant that an entry of the parser's constant list stands for. */
  toConstant({ value }: ParserConstant): Constant {
    if (value === null || value === undefined) return { kind: 'nil' };
    if (typeof value === 'boolean') return { kind: 'boolean', value };
    // The default step of a numeric for is the one number that does not come from our tokens.
    if (typeof value === 'number') return { kind: 'integer', low: value | 0, high: value < 0 ? -1 : 0 };
    const origin = this.origins.get(value as ParserString) ?? this.toName(value as ParserString);
    return typeof origin === 'string' ? { kind: 'string', bytes: new TextEncoder().encode(origin) } : origin;
  }

  /** Puts names where a message of the parser's has their tags. */
  expandTags(message: string): string {
    return message.replace(/@(\d+)/g, (_tag, index) => this.literals.names[Number(index)]!);
  }
}
