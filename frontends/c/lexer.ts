// Turns a source file into preprocessing tokens, all at once. It never fails: what is no token becomes an OTHER
// token, which is an error only if it survives preprocessing (so that any text may stand in a skipped group).
import type { TokenType } from 'chevrotain';
import type { SourceFile } from './source-file';
import { CHARACTER, END, NAME, NUMBER, OTHER, PUNCTUATOR, STRING, Token } from './token';
import {
  CharacterType,
  EndType,
  IdentifierType,
  InvalidType,
  keywordTypes,
  NumberType,
  punctuatorTypes,
  StringType,
} from './token-types';

const NEWLINE = 10;
const QUOTE = 34;
const APOSTROPHE = 39;
const STAR = 42;
const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;

// One class a byte value: what a token that starts with it is.
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const classes = new Uint8Array(256);
for (const character of ' \t\v\f\n') classes[character.charCodeAt(0)] = SPACE;
for (const character of '_$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') {
  classes[character.charCodeAt(0)] = LETTER;
}
for (let byte = 128; byte < 256; byte++) classes[byte] = LETTER;
for (const character of '0123456789') classes[character.charCodeAt(0)] = DIGIT;

/** The tokens of `file`, an END token last; stops with one after `maxTokens`, which the caller then sees as too long. */
export function tokenize(file: SourceFile, maxTokens: number): Token[] {
  return new Scanner(file).run(maxTokens);
}

class Scanner {
  private position = 0;
  private line = 1;
  private lineStart = 0;
  private nextSplice = 0;
  private spaceBefore = false;
  private startsLine = true;
  private readonly text: string;
  private readonly tokens: Token[] = [];

  constructor(private readonly file: SourceFile) {
    this.text = file.text;
  }

  run(maxTokens: number): Token[] {
    this.skipSpace();
    while (this.position < this.text.length && this.tokens.length < maxTokens) {
      this.scanToken();
      this.skipSpace();
    }
    this.startsLine = true;
    this.add(END, '', EndType, this.text.length);
    return this.tokens;
  }

  private add(kind: number, image: string, type: TokenType, start: number): void {
    const { file, spaceBefore, startsLine } = this;
    const { splices } = file;
    while (this.nextSplice < splices.length && splices[this.nextSplice]! <= start) this.joinLine();
    const column = start - this.lineStart + 1;
    this.tokens.push(new Token(kind, image, type, file, this.line, column, spaceBefore, startsLine, false));
    this.spaceBefore = false;
    this.startsLine = false;
  }

  /** Passes a place where a backslash joined two lines. */
  private joinLine(): void {
    this.lineStart = this.file.splices[this.nextSplice++]!;
    this.line++;
  }

  private endLine(newline: number): void {
    const { splices } = this.file;
    while (this.nextSplice < splices.length && splices[this.nextSplice]! <= newline) this.joinLine();
    this.line++;
    this.lineStart = newline + 1;
  }

  private skipSpace(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.position);
      if (code === NEWLINE) {
        this.endLine(this.position);
        this.startsLine = true;
      } else if (code === SLASH && this.skipComment()) {
        this.spaceBefore = true;
        continue;
      } else if (classes[code] !== SPACE) return;
      this.spaceBefore = true;
      this.position++;
    }
  }

  private skipComment(): boolean {
    const { text, position } = this;
    const second = text.charCodeAt(position + 1);
    if (second === SLASH) {
      this.position = text.indexOf('\n', position);
      return true;
    }
    if (second !== STAR) return false;
    const end = text.indexOf('*/', position + 2);
    if (end === -1) {
      this.add(OTHER, '/*', InvalidType, position);
      this.position = text.length;
      return true;
    }
    for (let at = text.indexOf('\n', position); at !== -1 && at < end; at = text.indexOf('\n', at + 1))
      this.endLine(at);
    this.position = end + 2;
    return true;
  }

  private scanToken(): void {
    const { text, position: start } = this;
    const code = text.charCodeAt(start);
    const next = text.charCodeAt(start + 1);
    if (code === QUOTE) this.scanLiteral(start, start);
    else if (code === APOSTROPHE) this.scanLiteral(start, start);
    else if (classes[code] === LETTER) this.scanName(start);
    else if (classes[code] === DIGIT || (code === DOT && classes[next] === DIGIT)) this.scanNumber(start);
    else this.scanPunctuator(start);
  }

  private scanName(start: number): void {
    const { text } = this;
    let end = start + 1;
    while (classes[text.charCodeAt(end)]! >= LETTER) end++;
    const next = text.charCodeAt(end);
    const image = text.slice(start, end);
    if ((next === QUOTE || next === APOSTROPHE) && /^(?:L|u|U|u8)$/.test(image)) {
      this.scanLiteral(start, end);
      return;
    }
    this.position = end;
    const keyword = keywordTypes.get(image);
    if (keyword === undefined) this.add(NAME, image, IdentifierType, start);
    else this.add(NAME, image, keyword, start);
  }

  /** A preprocessing number: looser than any constant; what it means is decided when it is used. */
  private scanNumber(start: number): void {
    const { text } = this;
    let end = start + 1;
    for (;;) {
      const code = text.charCodeAt(end);
      const isSign = (code === 43 || code === 45) && /[eEpP]/.test(text.charAt(end - 1));
      if (!isSign && code !== DOT && classes[code]! < LETTER) break;
      end++;
    }
    this.position = end;
    this.add(NUMBER, text.slice(start, end), NumberType, start);
  }

  private scanLiteral(start: number, quoteAt: number): void {
    const { text } = this;
    const quote = text.charCodeAt(quoteAt);
    let end = quoteAt + 1;
    for (let code = text.charCodeAt(end); code !== quote && code !== NEWLINE; code = text.charCodeAt(end)) {
      end += code === BACKSLASH && text.charCodeAt(end + 1) !== NEWLINE ? 2 : 1;
    }
    const isClosed = text.charCodeAt(end) === quote;
    this.position = isClosed ? end + 1 : end;
    const image = text.slice(start, this.position);
    if (!isClosed) this.add(OTHER, image, InvalidType, start);
    else if (quote === QUOTE) this.add(STRING, image, StringType, start);
    else this.add(CHARACTER, image, CharacterType, start);
  }

  private scanPunctuator(start: number): void {
    const { text } = this;
    for (let length = 4; length > 0; length--) {
      const type = punctuatorTypes.get(text.substr(start, length));
      if (type === undefined) continue;
      this.position = start + length;
      this.add(PUNCTUATOR, text.substr(start, length), type, start);
      return;
    }
    this.position = start + 1;
    this.add(OTHER, text.charAt(start), InvalidType, start);
  }
}
