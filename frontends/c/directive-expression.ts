// Evaluates the expression of #if and #elif: integers of 64 bits, signed or unsigned, on tokens whose macros have
// been replaced already.

import { MAX_NESTING } from './limits';
import { parseCharacters, parseNumber } from './literals';
import type { Report } from './report';
import { CHARACTER, END, NAME, NUMBER, type Token } from './token';

interface Value {
  readonly bits: bigint;
  readonly isUnsigned: boolean;
}

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

/** Whether the condition that `tokens` (with an END last) spell holds; a malformed one is reported and false. */
export function evaluateCondition(tokens: readonly Token[], report: Report): boolean {
  const evaluator = new Evaluator(tokens);
  try {
    return evaluator.run();
  } catch (error) {
    if (!(error instanceof BadCondition)) throw error;
    report.error('bad-condition', error.message, error.token);
    return false;
  }
}

class BadCondition extends Error {
  constructor(
    message: string,
    readonly token: Token,
  ) {
    super(message);
  }
}

class Evaluator {
  private index = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  run(): boolean {
    const value = this.conditional(true);
    if (this.peek().kind !== END) throw new BadCondition(`unexpected '${this.peek().image}' in #if`, this.peek());
    return value.bits !== 0n;
  }

  private peek(): Token {
    return this.tokens[this.index]!;
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind !== END) this.index++;
    return token;
  }

  private expect(image: string): void {
    const token = this.take();
    if (token.type !== image) throw new BadCondition(`expected '${image}' in #if`, token);
  }

  /** `isLive` is false where the value is not used, as behind `0 &&`: there a division by zero is no error. */
  private conditional(isLive: boolean): Value {
    if (++this.depth > MAX_NESTING) throw new BadCondition('the expression is nested too deeply', this.peek());
    const condition = this.binary(1, isLive);
    if (this.peek().type !== '?') {
      this.depth--;
      return condition;
    }
    this.take();
    const isTrue = condition.bits !== 0n;
    const whenTrue = this.conditional(isLive && isTrue);
    this.expect(':');
    const whenFalse = this.conditional(isLive && !isTrue);
    this.depth--;
    const isUnsigned = whenTrue.isUnsigned || whenFalse.isUnsigned;
    return { bits: (isTrue ? whenTrue : whenFalse).bits, isUnsigned };
  }

  private binary(lowest: number, isLive: boolean): Value {
    let left = this.unary(isLive);
    for (;;) {
      const operator = this.peek();
      const precedence = PRECEDENCE.get(operator.type);
      if (precedence === undefined || precedence < lowest) return left;
      this.take();
      const isLeftTrue = left.bits !== 0n;
      const isDecided = (operator.type === '&&' && !isLeftTrue) || (operator.type === '||' && isLeftTrue);
      const right = this.binary(precedence + 1, isLive && !isDecided);
      left = apply(operator, left, right, isLive);
    }
  }

  private unary(isLive: boolean): Value {
    if (++this.depth > MAX_NESTING) throw new BadCondition('the expression is nested too deeply', this.peek());
    const value = this.unaryOperand(isLive);
    this.depth--;
    return value;
  }

  private unaryOperand(isLive: boolean): Value {
    const token = this.take();
    switch (token.type) {
      case '(': {
        const value = this.conditional(isLive);
        this.expect(')');
        return value;
      }
      case '+':
        return this.unary(isLive);
      case '-':
        return mapBits(this.unary(isLive), (bits) => -bits);
      case '~':
        return mapBits(this.unary(isLive), (bits) => ~bits);
      case '!':
        return truth(this.unary(isLive).bits === 0n);
    }
    return primary(token);
  }
}

function primary(token: Token): Value {
  if (token.kind === NAME) return { bits: 0n, isUnsigned: false };
  if (token.kind === CHARACTER) {
    const { values, width } = parseCharacters(token.image);
    const value = values.at(-1) ?? 0;
    return { bits: BigInt(width === 1 ? (value << 24) >> 24 : value), isUnsigned: false };
  }
  if (token.kind === NUMBER) {
    const literal = parseNumber(token.image);
    if (literal.kind === 'bad') throw new BadCondition(literal.message, token);
    if (literal.kind === 'floating') throw new BadCondition('a floating constant in #if', token);
    return { bits: literal.value, isUnsigned: literal.isUnsigned || literal.value >> 63n !== 0n };
  }
  throw new BadCondition(
    token.kind === END ? '#if needs a complete expression' : `unexpected '${token.image}' in #if`,
    token,
  );
}

function truth(value: boolean): Value {
  return { bits: value ? 1n : 0n, isUnsigned: false };
}

function wrap(bits: bigint, isUnsigned: boolean): Value {
  return { bits: isUnsigned ? BigInt.asUintN(64, bits) : BigInt.asIntN(64, bits), isUnsigned };
}

function mapBits(value: Value, change: (bits: bigint) => bigint): Value {
  return wrap(change(value.bits), value.isUnsigned);
}

function apply(operator: Token, left: Value, right: Value, isLive: boolean): Value {
  const isUnsigned = left.isUnsigned || right.isUnsigned;
  const a = wrap(left.bits, isUnsigned).bits;
  const b = wrap(right.bits, isUnsigned).bits;
  switch (operator.type) {
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '||':
      return truth(a !== 0n || b !== 0n);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '>':
      return truth(a > b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '<<':
      return wrap(left.bits << (right.bits & 63n), left.isUnsigned);
    case '>>':
      return wrap(left.bits >> (right.bits & 63n), left.isUnsigned);
    case '/':
    case '%':
      if (b === 0n && isLive) throw new BadCondition('division by zero in #if', operator);
      return wrap(b === 0n ? 0n : operator.type === '/' ? a / b : a % b, isUnsigned);
  }
  return wrap(combine(operator.type, a, b), isUnsigned);
}

function combine(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '*':
      return a * b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    default:
      return a | b;
  }
}
