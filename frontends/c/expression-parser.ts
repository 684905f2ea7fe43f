// Parses expressions by precedence climbing: one method a level that C has a grammar of its own for, one loop for
// the binary operators.
import { ParserBase } from './parser-base';
import type { Designator, Expression, GenericChoice, InitialiserList, Statement, TypeName } from './syntax-tree';
import type { Token } from './token';
import { StringType, typeOf } from './token-types';

const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['*', 10],
  ['/', 10],
  ['%', 10],
  ['+', 9],
  ['-', 9],
  ['<<', 8],
  ['>>', 8],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['==', 6],
  ['!=', 6],
  ['&', 5],
  ['^', 4],
  ['|', 3],
  ['&&', 2],
  ['||', 1],
]);

const ASSIGNMENTS: ReadonlySet<string> = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|=']);
const CLOSING_BRACKET = typeOf(']');
const COLON = typeOf(':');
const COMMA = typeOf(',');

/** The layer of the parser that knows expressions. */
export abstract class ExpressionParser extends ParserBase {
  protected abstract startsTypeName(token: Token): boolean;
  protected abstract parseTypeName(): TypeName;
  protected abstract parseInitialiserList(): InitialiserList;
  protected abstract parseBlock(): Statement & { kind: 'block' };

  protected parseExpression(): Expression {
    let left = this.parseAssignment();
    for (let token = this.accept(','); token !== undefined; token = this.accept(',')) {
      left = { kind: 'comma', token, left, right: this.parseAssignment() };
    }
    return left;
  }

  protected parseAssignment(): Expression {
    const left = this.parseConditional();
    if (!ASSIGNMENTS.has(this.peek().type)) return left;
    const token = this.take();
    return { kind: 'assign', token, left, right: this.nested(() => this.parseAssignment()) };
  }

  protected parseConditional(): Expression {
    const condition = this.parseBinary(this.parseCast(), 1);
    const token = this.accept('?');
    if (token === undefined) return condition;
    // GNU: `a ?: b` is a, or b when a is zero.
    const whenTrue = this.peek().type === ':' ? undefined : this.nested(() => this.parseExpression());
    this.expect(COLON);
    const whenFalse = this.nested(() => this.parseConditional());
    return { kind: 'conditional', token, condition, whenTrue, whenFalse };
  }

  private parseBinary(first: Expression, lowest: number): Expression {
    let left = first;
    for (;;) {
      const precedence = PRECEDENCE.get(this.peek().type) ?? 0;
      if (precedence < lowest) return left;
      const token = this.take();
      let right = this.parseCast();
      if ((PRECEDENCE.get(this.peek().type) ?? 0) > precedence) right = this.parseBinary(right, precedence + 1);
      left = { kind: 'binary', token, left, right };
    }
  }

  private parseCast(): Expression {
    const token = this.peek();
    if (token.type !== '(' || !this.startsTypeName(this.peekSecond())) return this.parseUnary();
    this.take();
    const typeName = this.parseTypeName();
    this.expectClosing();
    if (this.peek().type === '{') {
      const literal: Expression = {
        kind: 'compoundLiteral',
        token,
        typeName,
        initialiser: this.parseInitialiserList(),
      };
      return this.parsePostfix(literal);
    }
    return { kind: 'cast', token, typeName, operand: this.nested(() => this.parseCast()) };
  }

  private parseUnary(): Expression {
    const token = this.peek();
    switch (token.type) {
      case '++':
      case '--':
        this.take();
        return { kind: 'unary', token, operand: this.nested(() => this.parseUnary()) };
      case '&':
      case '*':
      case '+':
      case '-':
      case '~':
      case '!':
        this.take();
        return { kind: 'unary', token, operand: this.nested(() => this.parseCast()) };
      case '__extension__':
        this.take();
        return this.nested(() => this.parseCast());
      case '&&':
        this.take();
        return { kind: 'labelAddress', token, name: this.expectName() };
      case 'sizeof':
      case '_Alignof':
        return this.parseSizeof();
    }
    return this.parsePostfix(this.parsePrimary());
  }

  private parseSizeof(): Expression {
    const token = this.take();
    if (this.peek().type === '(' && this.startsTypeName(this.peekSecond())) {
      const opening = this.take();
      const typeName = this.parseTypeName();
      this.expectClosing();
      if (this.peek().type !== '{') {
        return { kind: token.type === 'sizeof' ? 'sizeofType' : 'alignofType', token, typeName };
      }
      const initialiser = this.parseInitialiserList();
      const operand = this.parsePostfix({ kind: 'compoundLiteral', token: opening, typeName, initialiser });
      return { kind: 'sizeofExpression', token, operand };
    }
    const kind = token.type === 'sizeof' ? 'sizeofExpression' : 'alignofExpression';
    return { kind, token, operand: this.nested(() => this.parseUnary()) };
  }

  private parsePostfix(first: Expression): Expression {
    let value = first;
    for (;;) {
      const token = this.peek();
      switch (token.type) {
        case '[': {
          this.take();
          const right = this.nested(() => this.parseExpression());
          this.expect(CLOSING_BRACKET);
          value = { kind: 'index', token, left: value, right };
          break;
        }
        case '(':
          this.take();
          value = { kind: 'call', token, callee: value, args: this.nested(() => this.parseArguments()) };
          break;
        case '.':
        case '->':
          this.take();
          value = { kind: 'member', token, object: value, isArrow: token.type === '->', name: this.expectName() };
          break;
        case '++':
        case '--':
          this.take();
          value = { kind: 'postfix', token, operand: value };
          break;
        default:
          return value;
      }
    }
  }

  /** The arguments and the closing parenthesis. */
  private parseArguments(): Expression[] {
    const args: Expression[] = [];
    if (this.accept(')') !== undefined) return args;
    do args.push(this.parseAssignment());
    while (this.accept(',') !== undefined);
    this.expectClosing();
    return args;
  }

  private parsePrimary(): Expression {
    const token = this.peek();
    switch (token.type) {
      case 'Identifier':
        this.take();
        return { kind: 'name', token };
      case 'Number':
        this.take();
        return { kind: 'number', token };
      case 'Character':
        this.take();
        return { kind: 'character', token };
      case 'String':
        return { kind: 'string', token, parts: this.parseStrings() };
      case '(':
        return this.parseParenthesised();
      case '_Generic':
        return this.parseGeneric();
      case '__builtin_offsetof':
        return this.parseOffsetof();
      case '__builtin_va_arg':
        return this.parseVariableArgument();
      case '__builtin_types_compatible_p':
        return this.parseTypesCompatible();
      case '__builtin_va_start':
      case '__builtin_va_end':
      case '__builtin_va_copy':
      case '__builtin_choose_expr':
        this.take();
        this.expectOpening();
        return { kind: 'builtin', token, args: this.nested(() => this.parseArguments()) };
      case '__intrinsic':
      case '__syscall':
        return this.parseMachineOperation();
    }
    return this.fail('expected an expression');
  }

  /** One or more string literals in a row. */
  protected parseStrings(): Token[] {
    const parts: Token[] = [];
    while (this.peek().type === 'String') parts.push(this.take());
    return parts;
  }

  private parseParenthesised(): Expression {
    const token = this.take();
    if (this.peek().type === '{') {
      const body = this.nested(() => this.parseBlock());
      this.expectClosing();
      return { kind: 'statement', token, body };
    }
    const value = this.nested(() => this.parseExpression());
    this.expectClosing();
    return value.kind === 'assign' ? { ...value, isParenthesised: true } : value;
  }

  private parseGeneric(): Expression {
    const token = this.take();
    this.expectOpening();
    const control = this.nested(() => this.parseAssignment());
    const choices: GenericChoice[] = [];
    while (this.accept(',') !== undefined) {
      const typeName = this.accept('default') === undefined ? this.parseTypeName() : undefined;
      this.expect(COLON);
      choices.push({ typeName, value: this.nested(() => this.parseAssignment()) });
    }
    this.expectClosing();
    return { kind: 'generic', token, control, choices };
  }

  private parseOffsetof(): Expression {
    const token = this.take();
    this.expectOpening();
    const typeName = this.parseTypeName();
    this.expect(COMMA);
    const path: Designator[] = [{ kind: 'member', token: this.expectName() }];
    for (;;) {
      const next = this.peek();
      if (this.accept('.') !== undefined) path.push({ kind: 'member', token: this.expectName() });
      else if (this.accept('[') !== undefined) {
        path.push({ kind: 'index', token: next, index: this.nested(() => this.parseExpression()), last: undefined });
        this.expect(CLOSING_BRACKET);
      } else break;
    }
    this.expectClosing();
    return { kind: 'offsetof', token, typeName, path };
  }

  private parseVariableArgument(): Expression {
    const token = this.take();
    this.expectOpening();
    const list = this.nested(() => this.parseAssignment());
    this.expect(COMMA);
    const typeName = this.parseTypeName();
    this.expectClosing();
    return { kind: 'variableArgument', token, list, typeName };
  }

  private parseMachineOperation(): Expression {
    const token = this.take();
    this.expectOpening();
    const typeName = this.parseTypeName();
    this.expect(COMMA);
    const name = this.expect(StringType);
    const args = this.accept(',') === undefined ? [] : this.nested(() => this.parseArguments());
    if (args.length === 0) this.expectClosing();
    return { kind: 'machine', token, typeName, name, args };
  }

  private parseTypesCompatible(): Expression {
    const token = this.take();
    this.expectOpening();
    const left = this.parseTypeName();
    this.expect(COMMA);
    const right = this.parseTypeName();
    this.expectClosing();
    return { kind: 'typesCompatible', token, left, right };
  }
}
