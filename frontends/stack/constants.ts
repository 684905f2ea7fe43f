// The worth of constants: numbers, characters, names of constants and addresses, table indices, and sums of them.
import type { ValueType } from '../../vm/index';
import {
  type Bits,
  fitsBits,
  floatBits,
  INTEGER_BITS,
  integerBits,
  type NumberLiteral,
  parseNumber,
  parseText,
} from './literals';
import { quote, type Report } from './report';
import type { ConstantTerm, Value } from './syntax-tree';

/** What names of constants are looked up in. */
export interface ConstantNames {
  /** The number that a name stands for: a constant, an address, a length. */
  numberOf(name: string): NumberLiteral | undefined;
  isFunction(name: string): boolean;
  /** Where a function stands in the table; undefined when it does not. */
  tableIndexOf(name: string): number | undefined;
}

/** Evaluates constants, and reports what they cannot be. */
export class ConstantEvaluator {
  constructor(
    private readonly names: ConstantNames,
    private readonly report: Report,
  ) {}

  /** The number that a value stands for; null, with an error, when it has none. */
  number(value: Value): NumberLiteral | null {
    if (value.kind !== 'sum') return this.term(value);
    let sum = 0n;
    for (const { isNegative, term } of value.terms) {
      const number = this.term(term);
      if (number === null) return null;
      if (number.kind === 'float') {
        this.report.error('number', term, 'only whole numbers can be added up here');
        return null;
      }
      sum += isNegative ? -number.value : number.value;
    }
    return { kind: 'integer', value: sum };
  }

  /** A whole number from `least` to `most`; null, with an error, when it is anything else. */
  integer(value: Value, least: number, most: number): number | null {
    const number = this.number(value);
    if (number === null) return null;
    if (number.kind === 'float' || number.value < least || number.value > most) {
      this.report.error('range', value, `a whole number from ${least} to ${most} belongs here`);
      return null;
    }
    return Number(number.value);
  }

  /** The bits of a constant of a type; null, with an error, when it does not fit. */
  bits(value: Value, type: ValueType): Bits | null {
    const number = this.number(value);
    if (number === null) return null;
    if (type === 'f32' || type === 'f64') return floatBits(number, type);
    const integer = this.sized(value, number, type);
    return integer === null ? null : integerBits(integer, type);
  }

  /** The number as an integer of a type, signed or unsigned; null, with an error, when it does not fit. */
  sized(value: Value, number: NumberLiteral, type: keyof typeof INTEGER_BITS): bigint | null {
    if (number.kind === 'integer' && fitsBits(number.value, INTEGER_BITS[type])) return number.value;
    this.report.error('range', value, `this number is no ${type}`);
    return null;
  }

  private term(term: ConstantTerm): NumberLiteral | null {
    switch (term.kind) {
      case 'number':
        return parseNumber(term.text) ?? this.fail('number', term, `malformed number '${quote(term.text)}'`);
      case 'character':
        return this.character(term);
      case 'function':
        return this.tableIndex(term);
      case 'name':
        return this.names.numberOf(term.text) ?? this.fail('unknown-name', term, this.unknownName(term.text));
    }
  }

  private character(term: ConstantTerm): NumberLiteral | null {
    const bytes = parseText(term.text);
    if (bytes === null) return this.fail('text', term, 'unknown escape sequence');
    if (bytes.length !== 1) return this.fail('text', term, `a character is one byte; this is ${bytes.length}`);
    return { kind: 'integer', value: BigInt(bytes[0]!) };
  }

  private tableIndex(term: ConstantTerm): NumberLiteral | null {
    const name = term.text.slice(1);
    const index = this.names.tableIndexOf(name);
    if (index !== undefined) return { kind: 'integer', value: BigInt(index) };
    if (!this.names.isFunction(name)) return this.fail('unknown-name', term, `there is no function '${quote(name)}'`);
    return this.fail(
      'unknown-name',
      term,
      `function '${quote(name)}' is not in the table`,
      `add a line 'table ${name}'`,
    );
  }

  private unknownName(name: string): string {
    return `there is no constant or data '${quote(name)}'`;
  }

  private fail(code: 'number' | 'text' | 'unknown-name', term: ConstantTerm, message: string, hint?: string): null {
    this.report.error(code, term, message, hint);
    return null;
  }
}
