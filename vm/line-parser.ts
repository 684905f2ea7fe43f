// One line of assembly text, token by token. Every method takes what it names or refuses the line.
import { type Token, tokenize, unquoteBytes, unquoteName } from './assembly-text';
import { ModuleError } from './errors';
import type { Signature, ValueType } from './module';
import { TYPE_BYTES } from './module-writer';

const MAXIMUM_NATURAL = 0x7fffffff;

/** Throws ModuleError `module.syntax` with the line's number. */
export class LineParser {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(
    text: string,
    /** From 1. */
    readonly number: number,
  ) {
    const tokens = tokenize(text);
    this.tokens = tokens ?? this.refuse('something that is no token');
  }

  get isEmpty(): boolean {
    return this.tokens.length === 0;
  }

  refuse(detail: string): never {
    throw new ModuleError('module.syntax', detail, { line: this.number });
  }

  /** The next token's text; undefined at the end. */
  peek(ahead = 0): string | undefined {
    return this.tokens[this.position + ahead]?.text;
  }

  takeIf(text: string): boolean {
    const token = this.tokens[this.position];
    if (token === undefined || token.kind === 'string' || token.text !== text) return false;
    this.position++;
    return true;
  }

  word(): string {
    return this.take('word', 'a word').text;
  }

  mark(text: string): void {
    if (!this.takeIf(text)) this.refuse(`'${text}' is missing`);
  }

  name(): string {
    return unquoteName(this.take('string', 'a name in quotes').text) ?? this.refuse('wrong escape in a name');
  }

  bytes(): Uint8Array {
    return unquoteBytes(this.take('string', 'bytes in quotes').text) ?? this.refuse('wrong escape in bytes');
  }

  /** A word or a name in quotes. */
  nameOrWord(): string {
    return this.tokens[this.position]?.kind === 'string' ? this.name() : this.word();
  }

  /** A decimal number from 0 to 2^31 - 1. */
  natural(): number {
    return this.toNatural(this.word());
  }

  /** A natural number behind a prefix, such as `r3`. */
  prefixed(prefix: string): number {
    const word = this.word();
    if (!word.startsWith(prefix)) this.refuse(`'${word}' does not begin with '${prefix}'`);
    return this.toNatural(word.slice(prefix.length));
  }

  /** A decimal integer with any sign. */
  integer(): number {
    const word = this.word();
    if (!/^[+-]?[0-9]{1,10}$/.test(word)) this.refuse(`'${word}' is not an integer`);
    return Number(word);
  }

  signature(): Signature {
    const params = this.types();
    if (!this.takeIf('->')) this.refuse("'->' is missing");
    return { params, results: this.types() };
  }

  end(): void {
    if (this.position < this.tokens.length) this.refuse(`'${this.peek()}' is too much`);
  }

  private types(): ValueType[] {
    const types: ValueType[] = [];
    this.mark('(');
    while (!this.takeIf(')')) {
      if (types.length > 0) this.mark(',');
      const type = this.word() as ValueType;
      if (!TYPE_BYTES.includes(type)) this.refuse(`'${type}' is not a type`);
      types.push(type);
    }
    return types;
  }

  private toNatural(digits: string): number {
    const value = /^[0-9]{1,10}$/.test(digits) ? Number(digits) : -1;
    if (value < 0 || value > MAXIMUM_NATURAL) this.refuse(`'${digits}' is not a number`);
    return value;
  }

  private take(kind: Token['kind'], what: string): Token {
    const token = this.tokens[this.position];
    if (token === undefined || token.kind !== kind) return this.refuse(`${what} is missing`);
    this.position++;
    return token;
  }
}
