// Makes syntax trees of what the grammar has matched. A node of a match spans kinds of tokens, one character each; the
// tokens themselves come along as an argument, and give texts and places.
import type { ActionDict, MatchResult, Node, Semantics } from 'ohm-js';
import type { ValueType } from '../../vm/index';
import { smGrammar } from './grammar';
import type { Token } from './lexer';
import type { Place } from './report';
import type {
  Attribute,
  ConstantTerm,
  DataItem,
  Declaration,
  ElementType,
  Instruction,
  Line,
  Name,
  SignatureSyntax,
  Value,
  Variable,
} from './syntax-tree';

type Tokens = readonly Token[];

/** The syntax tree of a matched line. */
export function toLine(match: MatchResult, tokens: Tokens): Line {
  semantics ??= smGrammar().createSemantics().addOperation<unknown>('tree(tokens)', ACTIONS);
  return semantics(match).tree(tokens);
}

let semantics: Semantics | undefined;

const CONSTANT_KINDS: Readonly<Record<string, ConstantTerm['kind']>> = {
  '0': 'number',
  "'": 'character',
  '&': 'function',
  w: 'name',
};

const ACTIONS: ActionDict<unknown> = {
  declaration_function(_func, name, _open, params, _close, results): Declaration {
    const { tokens } = this.args;
    return {
      ...placeOf(this, tokens),
      kind: 'function',
      name: name.tree(tokens),
      params: listOf<Variable>(params, tokens),
      results: optionOf<readonly ValueType[]>(results, tokens) ?? [],
    };
  },
  declaration_local(_local, variables): Declaration {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'local', variables: listOf(variables, tokens) };
  },
  declaration_end(_end): Declaration {
    return { ...placeOf(this, this.args.tokens), kind: 'end' };
  },
  declaration_entry(_entry, name): Declaration {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'entry', name: name.tree(tokens) };
  },
  declaration_constant(_const, name, _equals, value): Declaration {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'const', name: name.tree(tokens), value: value.tree(tokens) };
  },
  declaration_data(_data, name, alignment, _equals, items): Declaration {
    const { tokens } = this.args;
    return {
      ...placeOf(this, tokens),
      kind: 'data',
      name: name.tree(tokens),
      alignment: optionOf<Value>(alignment, tokens),
      items: items.tree(tokens),
    };
  },
  declaration_more(_data, _equals, items): Declaration {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'data', name: null, alignment: null, items: items.tree(tokens) };
  },
  declaration_reserve(_reserve, name, size, alignment): Declaration {
    const { tokens } = this.args;
    return {
      ...placeOf(this, tokens),
      kind: 'reserve',
      name: name.tree(tokens),
      size: size.tree(tokens),
      alignment: optionOf<Value>(alignment, tokens),
    };
  },
  declaration_memory(_memory, _stack, stackSize): Declaration {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'memory', stackSize: stackSize.tree(tokens) };
  },
  declaration_table(_table, names): Declaration {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'table', names: listOf(names, tokens) };
  },
  variable(name, _colon, type): Variable {
    const { tokens } = this.args;
    return { name: name.tree(tokens), type: type.tree(tokens) };
  },
  results(_arrow, types): ValueType[] {
    return listOf(types, this.args.tokens);
  },
  signature(_open, params, _close, results): SignatureSyntax {
    const { tokens } = this.args;
    return { params: listOf(params, tokens), results: optionOf<readonly ValueType[]>(results, tokens) ?? [] };
  },
  alignment(_align, value): Value {
    return value.tree(this.args.tokens);
  },
  items(list): DataItem[] {
    return listOf(list, this.args.tokens);
  },
  item_string(string): DataItem {
    const token = tokenAt(string, this.args.tokens);
    return { ...placeOf(this, this.args.tokens), kind: 'string', text: token.text };
  },
  item_zero(_zero, size): DataItem {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'zero', size: size.tree(tokens) };
  },
  item_numbers(type, values): DataItem {
    const { tokens } = this.args;
    const elementType = tokenAt(type, tokens).text as ElementType;
    return { ...placeOf(this, tokens), kind: 'numbers', type: elementType, values: childrenOf(values, tokens) };
  },

  code(instructions): Line {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'code', instructions: childrenOf(instructions, tokens) };
  },
  instruction_name(operation, name): Instruction {
    const { tokens } = this.args;
    const { text } = tokenAt(operation, tokens);
    return { ...placeOf(this, tokens), kind: 'named', text, name: nameOf(name, tokens) };
  },
  instruction_value(operation, value): Instruction {
    const { tokens } = this.args;
    const { text } = tokenAt(operation, tokens);
    return { ...placeOf(this, tokens), kind: 'valued', text, value: value.tree(tokens) };
  },
  instruction_table(_operation, labels): Instruction {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'br_table', labels: listOf(labels, tokens) };
  },
  instruction_indirect(_operation, signature): Instruction {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'call_indirect', signature: signature.tree(tokens) };
  },
  instruction_set(_equals, name): Instruction {
    const { tokens } = this.args;
    const { line, column, length } = placeOf(this, tokens);
    return { line, column, length, kind: 'named', text: 'local.set', name: nameOf(name, tokens) };
  },
  instruction_label(name, _colon): Instruction {
    const { tokens } = this.args;
    return { ...placeOf(name, tokens), kind: 'label', name: name.tree(tokens) };
  },
  instruction_plain(word, attributes, values): Instruction {
    const { tokens } = this.args;
    const { line, column, length, text } = tokenAt(word, tokens);
    const pairs = attributes.children.map((child, i) => attributeOf(child, values.child(i), tokens));
    return { line, column, length, kind: 'plain', text, attributes: pairs };
  },
  instruction_constant(constant): Instruction {
    const { tokens } = this.args;
    return { ...placeOf(this, tokens), kind: 'constant', value: constant.tree(tokens) };
  },
  value_constant: termOf,
  value_name: termOf,
  value_sum(sum): Value {
    return sum.tree(this.args.tokens);
  },
  sum(_open, sign, first, rest, _close): Value {
    const { tokens } = this.args;
    const isNegative = sign.numChildren > 0 && tokenAt(sign, tokens).text === '-';
    const terms = [{ isNegative, term: first.tree(tokens) }, ...childrenOf<SumTerm>(rest, tokens)];
    return { ...placeOf(this, tokens), kind: 'sum', terms };
  },
  term(sign, operand): SumTerm {
    const { tokens } = this.args;
    return { isNegative: tokenAt(sign, tokens).text === '-', term: operand.tree(tokens) };
  },
  constant: termOf,
  operand: termOf,
  name(_word): Name {
    return nameOf(this, this.args.tokens);
  },
  type(_type): ValueType {
    return tokenAt(this, this.args.tokens).text as ValueType;
  },
};

interface SumTerm {
  readonly isNegative: boolean;
  readonly term: ConstantTerm;
}

function termOf(this: Node, _child: Node): ConstantTerm {
  const { kind, text, line, column, length } = tokenAt(this, this.args.tokens);
  return { kind: CONSTANT_KINDS[kind]!, text, line, column, length };
}

function attributeOf(attribute: Node, value: Node, tokens: Tokens): Attribute {
  const name = tokenAt(attribute, tokens).text.slice(0, -1) as Attribute['name'];
  return { ...placeOf(attribute, tokens), name, value: value.tree(tokens) };
}

/** The elements of a list with commas. */
function listOf<T>(list: Node, tokens: Tokens): T[] {
  return list.asIteration().children.map((child) => child.tree(tokens));
}

/** The elements of a repetition. */
function childrenOf<T>(repetition: Node, tokens: Tokens): T[] {
  return repetition.children.map((child) => child.tree(tokens));
}

function optionOf<T>(option: Node, tokens: Tokens): T | null {
  return option.numChildren === 0 ? null : option.child(0).tree(tokens);
}

function nameOf(node: Node, tokens: Tokens): Name {
  const { text, line, column, length } = tokenAt(node, tokens);
  return { text, line, column, length };
}

/** The first token of a node. */
function tokenAt(node: Node, tokens: Tokens): Token {
  return tokens[node.source.startIdx]!;
}

/** All that a node spans. */
function placeOf(node: Node, tokens: Tokens): Place {
  const first = tokenAt(node, tokens);
  const last = tokens[node.source.endIdx - 1]!;
  return { line: first.line, column: first.column, length: last.column + last.length - first.column };
}
