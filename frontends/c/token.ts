// One token, from the lexer through the preprocessor to chevrotain: the same object all the way.
import type { IToken, TokenType } from 'chevrotain';
import type { SourceFile } from './source-file';

/** What the preprocessor tells apart. */
export const NAME = 0;
export const NUMBER = 1;
export const CHARACTER = 2;
export const STRING = 3;
export const PUNCTUATOR = 4;
/** A character that starts no token, or an unterminated literal. */
export const OTHER = 5;
/** The end of a file, an argument or a list. */
export const END = 6;
/** An empty macro argument next to `##`. */
export const PLACEMARKER = 7;

/** A preprocessing token; immutable once made, because token lists of headers and macros are shared. */
export class Token implements IToken {
  readonly startOffset = 0;
  readonly tokenTypeIdx: number;
  /** The canonical spelling of a keyword or punctuator; otherwise the class: Identifier, Number, String, ... */
  readonly type: string;

  constructor(
    readonly kind: number,
    /** The spelling in the source. */
    readonly image: string,
    readonly tokenType: TokenType,
    readonly file: SourceFile,
    readonly line: number,
    readonly column: number,
    readonly spaceBefore: boolean,
    readonly startsLine: boolean,
    /** Set once the name was met while its own macro was being replaced: it is never replaced again. */
    readonly isPainted: boolean,
  ) {
    this.tokenTypeIdx = tokenType.tokenTypeIdx!;
    this.type = tokenType.name;
  }

  /** The same token at the position of `place`, as a macro's body appears where the macro is used. */
  movedTo(place: Token, spaceBefore = this.spaceBefore): Token {
    const { kind, image, tokenType, isPainted } = this;
    return new Token(kind, image, tokenType, place.file, place.line, place.column, spaceBefore, false, isPainted);
  }

  /** The same token, marked never to be replaced again. */
  painted(): Token {
    const { kind, image, tokenType, file, line, column, spaceBefore, startsLine } = this;
    return new Token(kind, image, tokenType, file, line, column, spaceBefore, startsLine, true);
  }

  /** The same token with other white space in front of it. */
  spaced(spaceBefore: boolean): Token {
    if (spaceBefore === this.spaceBefore && !this.startsLine) return this;
    const { kind, image, tokenType, file, line, column, isPainted } = this;
    return new Token(kind, image, tokenType, file, line, column, spaceBefore, false, isPainted);
  }
}

/** Whether `token` is the punctuator `image`. */
export function isPunctuator(token: Token, image: string): boolean {
  return token.type === image && token.kind === PUNCTUATOR;
}
