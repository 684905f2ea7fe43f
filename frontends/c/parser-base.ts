// What all parts of the C parser share: chevrotain's machinery (token stream, rules, mismatch errors), the scopes
// that tell typedef names from other names, nesting limits, and recovery. Prediction is by hand, one token ahead and
// with the scopes, which is what C needs and what keeps the parser fast.
import { EmbeddedActionsParser, type TokenType } from 'chevrotain';
import { MAX_NESTING } from './limits';
import { CompilationStopped, type Report } from './report';
import type { Token } from './token';
import { EndType, IdentifierType, typeOf, vocabulary } from './token-types';

/** Thrown at a syntax error; caught where the parser goes on. */
export class SyntaxProblem extends Error {}

const SEMICOLON = typeOf(';');
const OPENING = typeOf('(');
const CLOSING = typeOf(')');

/** The base of the parser's layers. */
export abstract class ParserBase extends EmbeddedActionsParser {
  protected report!: Report;
  private depth = 0;
  private scopes: Map<string, boolean>[] = [];
  private endToken!: Token;

  constructor() {
    // The recorded grammar is used for nothing (prediction is by hand), so there is nothing to validate.
    super(vocabulary, { recoveryEnabled: false, maxLookahead: 1, skipValidations: true });
  }

  /** Starts over with `tokens`, whose last is the end token. */
  protected begin(tokens: readonly Token[], report: Report): void {
    this.input = tokens as Token[];
    this.endToken = tokens[tokens.length - 1]!;
    this.report = report;
    this.depth = 0;
    this.scopes = [new Map([['__builtin_va_list', true]])];
  }

  // --- tokens ---

  protected peek(): Token {
    const token = this.LA(1) as Token;
    return token.type === undefined ? (this.endToken ?? NO_TOKEN) : token;
  }

  protected peekSecond(): Token {
    const token = this.LA(2) as Token;
    return token.type === undefined ? (this.endToken ?? NO_TOKEN) : token;
  }

  protected take(): Token {
    const token = this.peek();
    if (token.tokenType !== EndType) this.CONSUME(token.tokenType);
    return token;
  }

  /** Takes the next token if it is the keyword or punctuator `image`. */
  protected accept(image: string): Token | undefined {
    return this.peek().type === image ? this.take() : undefined;
  }

  protected expect(type: TokenType): Token {
    const token = this.LA(1) as Token;
    if (token.tokenType === type) return this.take();
    return this.fail(`expected ${type.LABEL}`, type === SEMICOLON);
  }

  protected expectSemicolon(): Token {
    return this.expect(SEMICOLON);
  }

  protected expectOpening(): Token {
    return this.expect(OPENING);
  }

  protected expectClosing(): Token {
    return this.expect(CLOSING);
  }

  protected expectName(): Token {
    return this.expect(IdentifierType);
  }

  /** Reports `message` with what was found instead, at the next token or behind the last one, and gives up the phrase. */
  protected fail(message: string, isBehind = false): never {
    const token = this.peek();
    const found = token.tokenType === EndType ? 'the end of the file' : `'${token.image}'`;
    const last = this.LA(0) as Token;
    const text = `${message} before ${found}`;
    if (isBehind && last.type !== undefined && last.line !== token.line) {
      this.report.error('syntax', `${message} after '${last.image}'`, last);
    } else this.report.error('syntax', text, token.tokenType === EndType && last.type !== undefined ? last : token);
    throw new SyntaxProblem(text);
  }

  // --- nesting ---

  /** Parses one more level of something nested. */
  protected nested<T>(parse: () => T): T {
    if (++this.depth > MAX_NESTING) this.report.fatal('nesting-too-deep', 'nested too deeply', this.peek());
    const result = parse();
    this.depth--;
    return result;
  }

  /** Parses with `parse`; after a syntax error goes on where `skip` leads, with undefined. */
  protected recovering<T>(parse: () => T, skip: () => void): T | undefined {
    const { depth } = this;
    const scopeCount = this.scopes.length;
    const start = this.peek();
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof SyntaxProblem) || this.peek().tokenType === EndType) throw stopped(error);
      this.depth = depth;
      this.scopes.length = scopeCount;
      skip();
      if (this.peek() === start) this.take();
      return undefined;
    }
  }

  /** Skips to behind the next `;` or balanced `}` at this level, or to in front of a `}` that closes the level. */
  protected skipToEndOfStatement(): void {
    for (let braces = 0; ; ) {
      const token = this.peek();
      if (token.tokenType === EndType) return;
      if (token.type === '}' && braces === 0) return;
      this.take();
      if (token.type === '{') braces++;
      else if (token.type === '}' && --braces === 0) return;
      else if (token.type === ';' && braces === 0) return;
    }
  }

  // --- names ---

  protected openScope(): void {
    this.scopes.push(new Map());
  }

  protected closeScope(): void {
    this.scopes.pop();
  }

  protected declareName(name: string, isTypedef: boolean): void {
    this.scopes[this.scopes.length - 1]!.set(name, isTypedef);
  }

  protected isTypedefName(token: Token): boolean {
    if (token.tokenType !== IdentifierType) return false;
    for (let index = this.scopes.length - 1; index >= 0; index--) {
      const isTypedef = this.scopes[index]!.get(token.image);
      if (isTypedef !== undefined) return isTypedef;
    }
    return false;
  }
}

/** What `peek` gives while chevrotain records the grammar: matches nothing. */
const NO_TOKEN = { type: '', tokenType: EndType, image: '' } as unknown as Token;

function stopped(error: unknown): unknown {
  return error instanceof SyntaxProblem ? new CompilationStopped() : error;
}
