// The C parser: statements and translation units, over the layers for declarations and expressions. It stops at
// syntax only; after an error it goes on with the next statement or declaration.
import { DeclarationParser } from './declaration-parser';
import type { Report } from './report';
import type { Declaration, Declarator, Derivation, Expression, Specifiers, Statement } from './syntax-tree';
import type { Token } from './token';
import { IdentifierType, typeOf } from './token-types';

const OPENING_BRACE = typeOf('{');
const CLOSING_BRACE = typeOf('}');
const COLON = typeOf(':');
const WHILE = typeOf('while');

type Block = Statement & { kind: 'block' };

/** The tree of a translation unit; syntax errors are in the report. */
export function parse(tokens: readonly Token[], report: Report): Declaration[] {
  parser ??= new CParser();
  return parser.parse(tokens, report);
}

let parser: CParser | undefined;

class CParser extends DeclarationParser {
  private readonly translationUnit = this.RULE('translationUnit', () => this.parseTranslationUnit());
  private readonly externalDeclaration = this.RULE('externalDeclaration', () => this.parseExternalDeclaration());
  private readonly statement = this.RULE('statement', () => this.parseStatement());

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  parse(tokens: readonly Token[], report: Report): Declaration[] {
    this.begin(tokens, report);
    return this.translationUnit();
  }

  // --- the translation unit ---

  private parseTranslationUnit(): Declaration[] {
    const declarations: Declaration[] = [];
    while (!this.RECORDING_PHASE && this.peek().type !== 'End') {
      if (this.accept(';') !== undefined) continue;
      const declaration = this.recovering(
        () => this.SUBRULE(this.externalDeclaration),
        () => this.skipToNextDeclaration(),
      );
      if (declaration !== undefined) declarations.push(declaration);
    }
    return declarations;
  }

  private skipToNextDeclaration(): void {
    this.skipToEndOfStatement();
    while (this.peek().type === '}') this.take();
  }

  private parseExternalDeclaration(): Declaration {
    if (this.RECORDING_PHASE) return NOTHING;
    if (this.peek().type === '_Static_assert') return this.parseStaticAssert();
    if (this.peek().type === 'asm') this.report.fatal('unsupported', 'there is no assembler', this.peek());
    this.refuseUnknownType();
    const specifiers = this.parseSpecifiers();
    if (this.peek().type === ';') return this.parseInitDeclarators(specifiers);
    const declarator = this.parseDeclarator();
    const outer = declarator.derivations[0];
    const isOldStyle = outer?.kind === 'function' && (outer.names?.length ?? 0) > 0;
    if (outer?.kind === 'function' && (this.peek().type === '{' || (isOldStyle && this.peek().type !== ';'))) {
      return this.parseFunction(specifiers, declarator);
    }
    return this.parseInitDeclarators(specifiers, declarator);
  }

  /**
   * A name in front of another name must be a type: says so rather than that a semicolon is missing, and goes on as
   * if it were one.
   */
  private refuseUnknownType(): void {
    const token = this.peek();
    if (token.tokenType !== IdentifierType || this.isTypedefName(token)) return;
    const second = this.peekSecond();
    if (second.tokenType !== IdentifierType && second.type !== '*') return;
    this.report.error('undeclared', `unknown type '${token.image}'`, token, hintForType(token.image));
    this.declareName(token.image, true);
  }

  private parseFunction(specifiers: Specifiers, declarator: Declarator): Declaration {
    if (declarator.name === undefined) this.fail('expected a name');
    this.declareName(declarator.name!.image, false);
    this.openScope();
    this.declareParameters(declarator.derivations[0] as Derivation & { kind: 'function' });
    const parameterDeclarations: Declaration[] = [];
    while (this.peek().type !== '{') {
      if (!this.startsDeclaration(this.peek())) this.expect(OPENING_BRACE);
      parameterDeclarations.push(this.parseInitDeclarators(this.parseSpecifiers()));
    }
    const body = this.parseBlock();
    this.closeScope();
    return { kind: 'function', specifiers, declarator, parameterDeclarations, body };
  }

  private declareParameters(derivation: Derivation & { kind: 'function' }): void {
    for (const { declarator } of derivation.parameters) {
      if (declarator.name !== undefined) this.declareName(declarator.name.image, false);
    }
    for (const name of derivation.names ?? []) this.declareName(name.image, false);
  }

  // --- statements ---

  protected parseBlock(): Block {
    const token = this.expect(OPENING_BRACE);
    const items: Statement[] = [];
    this.openScope();
    while (this.peek().type !== '}' && this.peek().type !== 'End') {
      const item = this.recovering(
        () => this.parseBlockItem(),
        () => this.skipToEndOfStatement(),
      );
      if (item !== undefined) items.push(item);
    }
    const end = this.expect(CLOSING_BRACE);
    this.closeScope();
    return { kind: 'block', token, items, end };
  }

  private parseBlockItem(): Statement {
    const token = this.peek();
    const second = this.peekSecond();
    const isLabel = token.tokenType === IdentifierType && second.type === ':';
    if (second.tokenType === IdentifierType) this.refuseUnknownType();
    if (!isLabel && this.startsDeclaration(token)) {
      return { kind: 'declarations', token, declaration: this.parseInitDeclarators(this.parseSpecifiers()) };
    }
    if (token.type === '_Static_assert') return { kind: 'declarations', token, declaration: this.parseStaticAssert() };
    return this.SUBRULE(this.statement);
  }

  private parseBody(): Statement {
    this.openScope();
    const body = this.nested(() => this.SUBRULE(this.statement));
    this.closeScope();
    return body;
  }

  private parseStatement(): Statement {
    if (this.RECORDING_PHASE) return { kind: 'expression', token: this.peek(), value: undefined };
    const token = this.peek();
    switch (token.type) {
      case '{':
        return this.nested(() => this.parseBlock());
      case ';':
        this.take();
        return { kind: 'expression', token, value: undefined };
      case 'if':
        return this.parseIf();
      case 'while': {
        this.take();
        return { kind: 'while', token, condition: this.parseCondition(), body: this.parseBody() };
      }
      case 'do':
        return this.parseDo();
      case 'for':
        return this.parseFor();
      case 'switch': {
        this.take();
        return { kind: 'switch', token, value: this.parseCondition(), body: this.parseBody() };
      }
      case 'case':
        return this.parseCase();
      case 'default':
        this.take();
        this.expect(COLON);
        return { kind: 'default', token, body: this.parseLabelled() };
      case 'break':
      case 'continue':
        this.take();
        this.expectSemicolon();
        return { kind: token.type, token };
      case 'return':
        return this.parseReturn();
      case 'goto':
        return this.parseGoto();
      case 'asm':
        return this.report.fatal('unsupported', 'there is no assembler', token);
      case 'Identifier':
        if (this.peekSecond().type !== ':') break;
        this.take();
        this.take();
        return { kind: 'label', token, body: this.parseLabelled() };
    }
    const value = this.parseExpression();
    this.expectSemicolon();
    return { kind: 'expression', token, value };
  }

  /** The statement behind a label: none is needed at the end of a block (C23), and a declaration may follow. */
  private parseLabelled(): Statement {
    this.parseAttributes();
    const token = this.peek();
    if (token.type === '}') return { kind: 'expression', token, value: undefined };
    return this.nested(() => this.parseBlockItem());
  }

  private parseCondition(): Expression {
    this.expectOpening();
    const condition = this.parseExpression();
    this.expectClosing();
    return condition;
  }

  private parseIf(): Statement {
    const token = this.take();
    const arms = [{ condition: this.parseCondition(), body: this.parseBody() }];
    while (this.peek().type === 'else' && this.peekSecond().type === 'if') {
      this.take();
      this.take();
      arms.push({ condition: this.parseCondition(), body: this.parseBody() });
    }
    const otherwise = this.accept('else') === undefined ? undefined : this.parseBody();
    return { kind: 'if', token, arms, otherwise };
  }

  private parseDo(): Statement {
    const token = this.take();
    const body = this.parseBody();
    this.expect(WHILE);
    const condition = this.parseCondition();
    this.expectSemicolon();
    return { kind: 'do', token, condition, body };
  }

  private parseFor(): Statement {
    const token = this.take();
    this.expectOpening();
    this.openScope();
    const initial = this.parseForInitial();
    const condition = this.peek().type === ';' ? undefined : this.parseExpression();
    this.expectSemicolon();
    const step = this.peek().type === ')' ? undefined : this.parseExpression();
    this.expectClosing();
    const body = this.parseBody();
    this.closeScope();
    return { kind: 'for', token, initial, condition, step, body };
  }

  private parseForInitial(): Statement | undefined {
    const token = this.peek();
    if (this.accept(';') !== undefined) return undefined;
    if (this.startsDeclaration(token)) {
      return { kind: 'declarations', token, declaration: this.parseInitDeclarators(this.parseSpecifiers()) };
    }
    const value = this.parseExpression();
    this.expectSemicolon();
    return { kind: 'expression', token, value };
  }

  private parseCase(): Statement {
    const token = this.take();
    const value = this.parseConditional();
    const last = this.accept('...') === undefined ? undefined : this.parseConditional();
    this.expect(COLON);
    return { kind: 'case', token, value, last, body: this.parseLabelled() };
  }

  private parseGoto(): Statement {
    const token = this.take();
    const isComputed = this.accept('*') !== undefined;
    const statement: Statement = isComputed
      ? { kind: 'computedGoto', token, value: this.parseExpression() }
      : { kind: 'goto', token, name: this.expectName() };
    this.expectSemicolon();
    return statement;
  }

  private parseReturn(): Statement {
    const token = this.take();
    const value = this.peek().type === ';' ? undefined : this.parseExpression();
    this.expectSemicolon();
    return { kind: 'return', token, value };
  }
}

/** What a rule gives while chevrotain records the grammar. */
const NOTHING = { kind: 'declaration', declarators: [] } as unknown as Declaration;

function hintForType(name: string): string | undefined {
  const header = TYPE_HEADERS.get(name);
  return header === undefined ? undefined : `#include <${header}>`;
}

const TYPE_HEADERS: ReadonlyMap<string, string> = new Map([
  ['size_t', 'stddef.h'],
  ['ptrdiff_t', 'stddef.h'],
  ['bool', 'stdbool.h'],
  ['FILE', 'stdio.h'],
  ['va_list', 'stdarg.h'],
  ...['int8_t', 'int16_t', 'int32_t', 'int64_t'].map((name): [string, string] => [name, 'stdint.h']),
  ...['uint8_t', 'uint16_t', 'uint32_t', 'uint64_t'].map((name): [string, string] => [name, 'stdint.h']),
]);
