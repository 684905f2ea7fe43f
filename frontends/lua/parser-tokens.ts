// The lexer's tokens with as much lookahead as the rules of the grammar need, and the texts of tokens in messages.
import type { Lexer } from './lexer';
import type { LiteralTable } from './literals';
import { quoteNear } from './string-literal';
import { createToken, spellTokenKind, TOKEN, type Token } from './token';

/** Tokens in order. */
export class TokenQueue {
  /** Tokens that were looked at, from `head` on. */
  private waiting: Token[] = [];
  private head = 0;

  constructor(private readonly lexer: Lexer) {}

  /** Takes the next token. */
  read(): Token {
    if (this.head === this.waiting.length) return this.readFromLexer();
    const token = this.waiting[this.head++]!;
    if (this.head === this.waiting.length) {
      this.waiting = [];
      this.head = 0;
    }
    return token;
  }

  /** The token that `read` will give after `ahead` others. */
  peek(ahead: number): Token {
    while (this.waiting.length - this.head <= ahead) this.waiting.push(this.readFromLexer());
    return this.waiting[this.head + ahead]!;
  }

  /** Puts tokens in front of the next one. */
  insert(...tokens: Token[]): void {
    this.waiting = [...tokens, ...this.waiting.slice(this.head)];
    this.head = 0;
  }

  private readFromLexer(): Token {
    const token = createToken();
    this.lexer.next(token);
    return token;
  }
}

/** Most bytes of a token that a message shows. */
const LONGEST_SHOWN = 4000;

/** The token as Lua shows it behind "near": its text in quotes, strings with their escapes replaced. */
export function tokenText(token: Token, source: Uint8Array, literals: LiteralTable): string {
  if (token.kind === TOKEN['<name>'] || token.kind === TOKEN['<number>'] || token.kind === TOKEN['<integer>']) {
    return quoteNear(source.subarray(token.start, Math.min(token.end, token.start + LONGEST_SHOWN)));
  }
  if (token.kind !== TOKEN['<string>']) return spellTokenKind(token.kind);
  const constant = literals.constants[token.value]!;
  const content = constant.kind === 'string' ? constant.bytes.subarray(0, LONGEST_SHOWN) : [];
  const delimiter = /^\[=*\[|^./s.exec(quoteDelimiter(source, token))![0];
  const closing = delimiter.replaceAll('[', ']');
  const toBytes = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
  return quoteNear([...toBytes(delimiter), ...content, ...toBytes(closing)]);
}

function quoteDelimiter(source: Uint8Array, token: Token): string {
  return String.fromCharCode(...source.subarray(token.start, Math.min(token.end, token.start + LONGEST_SHOWN)));
}

/** Whether a call's arguments could follow: there a string literal would be an argument. */
export function endsPrefixExpression(kind: number): boolean {
  return (
    kind === TOKEN['<name>'] ||
    kind === TOKEN['<string>'] ||
    kind === 0x29 /* ) */ ||
    kind === 0x5d /* ] */ ||
    kind === 0x7d /* } */
  );
}
