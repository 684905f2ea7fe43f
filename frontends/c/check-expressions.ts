// Checks expressions: the dispatch, constants, names, unary operators, members, sizeof and their like. Operators with
// two sides are in check-operators.ts, calls in check-calls.ts.
import { checkBuiltin, checkCall, checkMachineOperation, checkVariableArgument } from './check-calls';
import type { CheckContext } from './check-context';
import { checkLiteralInitialiser } from './check-initialisers';
import {
  addToPointer,
  arithmetic,
  checkAssignment,
  checkBinary,
  checkConditional,
  checkModifiable,
  comparison,
  compoundAssignment,
  constant,
  dereference,
  negated,
} from './check-operators';
import { checkLabelAddress } from './check-statements';
import { isConstant, wrapInteger } from './constant-folding';
import {
  castTo,
  convert,
  isLvalue,
  noteAddressTaken,
  promote,
  toCondition,
  toValue,
  withoutPlace,
} from './conversions';
import { type CharacterLiteral, type IntegerLiteral, parseCharacters, parseNumber } from './literals';
import type * as Tree from './syntax-tree';
import { CONST } from './syntax-tree';
import type { Token } from './token';
import type { GlobalVariable, LocalVariable, TypedExpression } from './typed-tree';
import {
  alignmentOf,
  arrayOf,
  type CType,
  charType,
  doubleType,
  floatType,
  type IntegerType,
  intType,
  isArithmetic,
  isCompatible,
  isComplete,
  isSameType,
  longLongType,
  longType,
  pointerTo,
  qualified,
  sizeOf,
  sizeType,
  typeName,
  unqualified,
  unsignedIntType,
  unsignedLongLongType,
  unsignedLongType,
  unsignedShortType,
  voidType,
  wideCharacterType,
} from './types';
import { sizeCount, sizeValue, variableArrayObject, withSizes } from './variable-arrays';

/** Checks one node; CheckContext.expression calls it, and everything else calls that. */
export function checkExpression(context: CheckContext, node: Tree.Expression): TypedExpression {
  const { token } = node;
  switch (node.kind) {
    case 'name':
      return checkName(context, token);
    case 'number':
      return checkNumber(context, token);
    case 'character':
      return checkCharacter(context, token);
    case 'string':
      return checkString(context, node.token, node.parts);
    case 'unary':
      return checkUnary(context, token, context.expression(node.operand));
    case 'labelAddress':
      return checkLabelAddress(context, node.name, token);
    case 'postfix':
      return checkStep(context, token, context.expression(node.operand), true);
    case 'binary':
      return checkBinary(context, token, context.expression(node.left), context.expression(node.right));
    case 'assign':
      return checkAssignment(context, token, context.expression(node.left), context.expression(node.right));
    case 'comma': {
      const left = toValue(context, context.expression(node.left));
      const right = toValue(context, context.expression(node.right));
      return { kind: 'comma', token, type: right.type, left, right };
    }
    case 'conditional': {
      const condition = context.expression(node.condition);
      const whenTrue = node.whenTrue === undefined ? undefined : context.expression(node.whenTrue);
      return checkConditional(context, token, condition, whenTrue, context.expression(node.whenFalse));
    }
    case 'cast': {
      const operand = context.expression(node.operand);
      const start = sizeCount(context);
      const type = context.typeName(node.typeName);
      return withSizes(context, start, castTo(context, operand, type, token));
    }
    case 'compoundLiteral':
      return checkLiteralInitialiser(context, context.typeName(node.typeName), node.initialiser, token);
    case 'sizeofExpression':
      return checkSizeof(context, token, context.expression(node.operand));
    case 'alignofExpression': {
      const operand = context.expression(node.operand);
      const alignment = operand.kind === 'variable' ? operand.variable.alignment : alignmentOf(operand.type);
      return constant(BigInt(alignment), sizeType, token);
    }
    case 'sizeofType': {
      const start = sizeCount(context);
      const type = context.typeName(node.typeName);
      return withSizes(context, start, sizeofValue(context, type, token));
    }
    case 'alignofType':
      return constant(BigInt(alignmentOf(context.typeName(node.typeName))), sizeType, token);
    case 'call':
      return checkCall(context, node);
    case 'index':
      return checkIndex(context, token, context.expression(node.left), context.expression(node.right));
    case 'member':
      return checkMember(context, context.expression(node.object), node.isArrow, node.name);
    case 'generic':
      return checkGeneric(context, node);
    case 'offsetof':
      return checkOffsetof(context, node);
    case 'variableArgument':
      return checkVariableArgument(context, token, context.expression(node.list), context.typeName(node.typeName));
    case 'typesCompatible': {
      const isSame = isCompatible(unqualified(context.typeName(node.left)), unqualified(context.typeName(node.right)));
      return constant(isSame ? 1n : 0n, intType, token);
    }
    case 'builtin':
      return checkBuiltin(context, node);
    case 'machine':
      return checkMachineOperation(context, node);
    case 'statement':
      return checkStatementExpression(context, node);
  }
}

// --- names and constants --------------------------------------------------------------------------------------------

function checkName(context: CheckContext, token: Token): TypedExpression {
  const entry = context.scopes.find(token.image);
  if (entry !== undefined && 'isUsed' in entry) entry.isUsed = true;
  switch (entry?.kind) {
    case 'local':
      if (isVariableArrayVariable(entry)) return variableArrayObject(context, entry, token);
      return { kind: 'variable', token, type: entry.type, variable: entry };
    case 'global':
      return { kind: 'variable', token, type: entry.type, variable: entry };
    case 'function':
      return { kind: 'function', token, type: entry.type, symbol: entry };
    case 'enumerator':
      return constant(entry.value, intType, token);
  }
  if (FUNCTION_NAMES.has(token.image)) return functionName(context, token);
  if (entry !== undefined) context.fail('bad-operand', `'${token.image}' is a type, not a value`, token);
  return failUndeclared(context, token);
}

const FUNCTION_NAMES: ReadonlySet<string> = new Set(['__func__', '__FUNCTION__', '__PRETTY_FUNCTION__']);

function functionName(context: CheckContext, token: Token): TypedExpression {
  const name = context.function?.symbol.name ?? '';
  const bytes = new Uint8Array([...name, '\0'].map((character) => character.charCodeAt(0)));
  return literalVariable(bytes, arrayOf(qualified(charType, CONST), bytes.length), 1, token);
}

/** Reports an undeclared name, once in a function. */
export function failUndeclared(context: CheckContext, token: Token): never {
  const reported = context.function?.reported;
  const isNew = reported === undefined || !reported.has(token.image);
  reported?.add(token.image);
  const header = HEADERS.get(token.image);
  const hint = header === undefined ? undefined : `#include <${header}>`;
  if (isNew) context.report.error('undeclared', `'${token.image}' is not declared`, token, hint);
  return context.giveUp();
}

/** Headers of what is most often forgotten. */
const HEADERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'stdio.h': 'printf puts putchar getchar fprintf sprintf snprintf scanf fgets stdout stderr stdin EOF FILE',
    'stdlib.h': 'malloc free calloc realloc exit abort atoi abs qsort bsearch rand srand strtol strtod',
    'string.h': 'strlen strcpy strcmp strcat strchr memcpy memset memcmp memmove strncpy strncmp strstr',
    'math.h': 'sqrt sin cos tan pow exp log floor ceil fabs fmod',
    'ctype.h': 'isdigit isalpha isspace isalnum isupper islower toupper tolower',
    'stddef.h': 'NULL offsetof',
    'stdbool.h': 'true false',
    'assert.h': 'assert',
    'limits.h': 'INT_MAX INT_MIN UINT_MAX CHAR_BIT LONG_MAX',
    'stdarg.h': 'va_start va_end va_arg',
  }).flatMap(([header, names]) => names.split(' ').map((name): [string, string] => [name, header])),
);

function checkNumber(context: CheckContext, token: Token): TypedExpression {
  const literal = parseNumber(token.image);
  if (literal.kind === 'bad') return context.fail('bad-literal', literal.message, token);
  if (literal.kind === 'floating') {
    return { kind: 'constant', token, type: literal.isSingle ? floatType : doubleType, value: literal.value };
  }
  return { kind: 'constant', token, type: integerLiteralType(literal), value: literal.value };
}

/** The first type of C99's list for the form of the constant that holds it. */
function integerLiteralType({ value, isDecimal, isUnsigned, longs }: IntegerLiteral): IntegerType {
  const signed = [intType, longType, longLongType];
  const unsigned = [unsignedIntType, unsignedLongType, unsignedLongLongType];
  for (let rank = longs; rank < signed.length; rank++) {
    const type = signed[rank]!;
    if (!isUnsigned && wrapInteger(value, type) === value) return type;
    const other = unsigned[rank]!;
    if ((isUnsigned || !isDecimal) && wrapInteger(value, other) === value) return other;
  }
  return unsignedLongLongType;
}

function checkCharacter(context: CheckContext, token: Token): TypedExpression {
  const { values, width, problem } = parseCharacters(token.image);
  if (problem !== undefined) context.report.warning('bad-literal', problem, token);
  if (values.length === 0) return context.fail('bad-literal', 'an empty character constant', token);
  if (width > 1) return constant(BigInt(values.at(-1)!), width === 2 ? unsignedShortType : wideCharacterType, token);
  // Several characters make one int, the last in its low byte; one alone is a signed char.
  const value = values.reduce((all, character) => (all << 8) | character, 0);
  return constant(BigInt(values.length === 1 ? (value << 24) >> 24 : value), intType, token);
}

/** A string literal, parts concatenated: a variable of its own. */
function checkString(context: CheckContext, token: Token, parts: readonly Token[]): TypedExpression {
  const { values, width } = joinedLiteral(context, parts);
  const bytes = new Uint8Array((values.length + 1) * width);
  for (let index = 0; index < values.length; index++) {
    for (let byte = 0; byte < width; byte++) bytes[index * width + byte] = values[index]! >> (8 * byte);
  }
  const element = width === 1 ? charType : width === 2 ? unsignedShortType : wideCharacterType;
  return literalVariable(bytes, arrayOf(element, values.length + 1), width, token);
}

function joinedLiteral(context: CheckContext, parts: readonly Token[]): CharacterLiteral {
  const literals = parts.map((part) => parseCharacters(part.image));
  const width = Math.max(...literals.map((literal) => literal.width)) as 1 | 2 | 4;
  const values: number[] = [];
  literals.forEach((literal, index) => {
    if (literal.problem !== undefined) context.report.warning('bad-literal', literal.problem, parts[index]!);
    // A plain part of a wide string is decoded anew, as wide.
    const isNarrow = literal.width === 1 && width > 1;
    const wide = isNarrow ? parseCharacters(`${width === 4 ? 'L' : 'u'}${parts[index]!.image}`) : literal;
    for (const value of wide.values) values.push(value);
  });
  return { values, width };
}

function literalVariable(bytes: Uint8Array, type: CType, alignment: number, token: Token): TypedExpression {
  const variable: GlobalVariable = {
    kind: 'global',
    name: '',
    type,
    token,
    alignment,
    isExternal: false,
    isDefined: true,
    isUsed: true,
    data: { bytes, relocations: [] },
    isLiteral: true,
  };
  return { kind: 'variable', token, type, variable };
}

// --- unary operators ------------------------------------------------------------------------------------------------

function checkUnary(context: CheckContext, token: Token, operand: TypedExpression): TypedExpression {
  switch (token.type) {
    case '++':
    case '--':
      return checkStep(context, token, operand, false);
    case '&':
      return checkAddressOf(context, token, operand);
    case '*':
      return dereference(context, token, toValue(context, operand));
    case '!': {
      const value = toCondition(context, operand);
      if (isConstant(value)) return comparison('==', value, constant(zeroOf(value.type), value.type, token), token);
      return { kind: 'not', token, type: intType, operand: value };
    }
  }
  const value = toValue(context, operand);
  const isAllowed = token.type === '~' ? value.type.kind === 'integer' : isArithmetic(value.type);
  if (!isAllowed) context.fail('bad-operand', `'${token.type}' does not take '${typeName(value.type)}'`, token);
  const promoted = promote(value);
  if (token.type === '+') return withoutPlace(promoted, token);
  if (token.type === '-') return negated(promoted, token);
  if (isConstant(promoted)) return constant(~(promoted.value as bigint), promoted.type, token);
  return { kind: 'complement', token, type: promoted.type, operand: promoted };
}

function zeroOf(type: CType): bigint | number {
  return type.kind === 'floating' ? 0 : 0n;
}

/** `++` and `--`, in front or behind. */
function checkStep(context: CheckContext, token: Token, target: TypedExpression, isPostfix: boolean): TypedExpression {
  checkModifiable(context, target, token);
  const operator = token.type === '++' ? '+' : '-';
  return compoundAssignment(context, token, target, operator, constant(1n, intType, token), isPostfix);
}

function checkAddressOf(context: CheckContext, token: Token, operand: TypedExpression): TypedExpression {
  const type = pointerTo(operand.type);
  if (operand.kind === 'function') return { kind: 'addressOf', token, type, operand };
  if (operand.kind === 'dereference') return { ...operand.pointer, type, token } as TypedExpression;
  if (!isLvalue(operand)) context.fail('bad-operand', "'&' needs an object or a function", token);
  if (operand.kind === 'member' && operand.member.bitField !== undefined) {
    context.fail('bad-operand', 'a bit-field has no address', token);
  }
  noteAddressTaken(operand);
  return { kind: 'addressOf', token, type, operand };
}

function checkIndex(
  context: CheckContext,
  token: Token,
  leftNode: TypedExpression,
  rightNode: TypedExpression,
): TypedExpression {
  const left = toValue(context, leftNode);
  const right = toValue(context, rightNode);
  const [pointer, index] = left.type.kind === 'pointer' ? [left, right] : [right, left];
  if (pointer.type.kind !== 'pointer' || index.type.kind !== 'integer') {
    const message = `'[]' does not take '${typeName(left.type)}' and '${typeName(right.type)}'`;
    return context.fail('bad-operand', message, token);
  }
  return dereference(context, token, addToPointer(context, pointer, index, token));
}

function checkMember(context: CheckContext, node: TypedExpression, isArrow: boolean, name: Token): TypedExpression {
  const object = isArrow ? dereferenceForMember(context, node, name) : node;
  const { type } = object;
  if (type.kind !== 'record') {
    const isPointer = type.kind === 'pointer' && type.target.kind === 'record';
    const message = `'${typeName(type)}' is no struct or union, so it has no member '${name.image}'`;
    return context.fail('bad-operand', message, name, isPointer ? "use '->'" : undefined);
  }
  if (!isComplete(type)) context.fail('incomplete-type', `'${typeName(type)}' is incomplete here`, name);
  const member = type.body.memberByName.get(name.image);
  if (member === undefined) {
    return context.fail('unknown-member', `'${typeName(type)}' has no member '${name.image}'`, name);
  }
  return { kind: 'member', token: name, type: qualified(member.type, type.qualifiers), object, member };
}

function dereferenceForMember(context: CheckContext, node: TypedExpression, name: Token): TypedExpression {
  const pointer = toValue(context, node);
  if (pointer.type.kind === 'pointer') return dereference(context, name, pointer);
  const hint = pointer.type.kind === 'record' ? "use '.'" : undefined;
  return context.fail('bad-operand', `'->' needs a pointer, not '${typeName(pointer.type)}'`, name, hint);
}

// --- sizes, and what looks like functions ---------------------------------------------------------------------------

function isVariableArrayVariable(variable: LocalVariable): variable is LocalVariable & { storage: LocalVariable } {
  return variable.storage !== undefined;
}

function sizeofValue(context: CheckContext, type: CType, token: Token): TypedExpression {
  if (!isComplete(type) && type.kind !== 'void' && type.kind !== 'function') {
    context.fail('incomplete-type', `'${typeName(type)}' is incomplete: its size is not known`, token);
  }
  return convert(sizeValue(type, token), sizeType);
}

function checkSizeof(context: CheckContext, token: Token, operand: TypedExpression): TypedExpression {
  if (operand.kind === 'member' && operand.member.bitField !== undefined) {
    context.fail('bad-operand', 'a bit-field has no size', token);
  }
  return sizeofValue(context, operand.type, token);
}

function checkOffsetof(context: CheckContext, node: Tree.Expression & { kind: 'offsetof' }): TypedExpression {
  let type = context.typeName(node.typeName);
  let offset = 0n;
  let variable = constant(0n, sizeType, node.token);
  for (const step of node.path) {
    if (step.kind === 'member') {
      const member = type.kind === 'record' ? type.body.memberByName.get(step.token.image) : undefined;
      if (member === undefined || member.bitField !== undefined) {
        return context.fail(
          'unknown-member',
          `'${typeName(type)}' has no member '${step.token.image}' with an offset`,
          step.token,
        );
      }
      offset += BigInt(member.offset);
      type = member.type;
    } else {
      if (type.kind !== 'array') return context.fail('bad-operand', `'${typeName(type)}' is no array`, step.token);
      const index = promote(toValue(context, context.expression(step.index)));
      if (index.type.kind !== 'integer') return context.fail('bad-operand', 'an index must be an integer', step.token);
      const size = constant(BigInt(sizeOf(type.element)), sizeType, step.token);
      const part = arithmetic('*', convert(index, sizeType), size, sizeType, step.token);
      variable = arithmetic('+', variable, part, sizeType, step.token);
      type = type.element;
    }
  }
  return arithmetic('+', variable, constant(offset, sizeType, node.token), sizeType, node.token);
}

function checkGeneric(context: CheckContext, node: Tree.Expression & { kind: 'generic' }): TypedExpression {
  const { type } = toValue(context, context.expression(node.control));
  let chosen: Tree.Expression | undefined;
  for (const { typeName: name, value } of node.choices) {
    if (name !== undefined && isSameType(context.typeName(name), type)) chosen = value;
  }
  chosen ??= node.choices.find(({ typeName: name }) => name === undefined)?.value;
  if (chosen === undefined) return context.fail('bad-operand', `no choice for '${typeName(type)}'`, node.token);
  return context.expression(chosen);
}

function checkStatementExpression(
  context: CheckContext,
  node: Tree.Expression & { kind: 'statement' },
): TypedExpression {
  if (context.function === undefined) context.fail('bad-operand', 'a statement outside of a function', node.token);
  const end = node.body.items.at(-1);
  context.usedValue = end?.kind === 'expression' ? end.value : undefined;
  const statements = context.block(node.body);
  const last = statements.at(-1);
  const { token } = node;
  if (last?.kind !== 'expression')
    return { kind: 'statement', token, type: voidType, body: statements, result: undefined };
  const result = toValue(context, last.value);
  return { kind: 'statement', token, type: result.type, body: statements.slice(0, -1), result };
}
