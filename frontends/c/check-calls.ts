// Checks calls, variable arguments, and the machine's own operations that the library reaches by name.
import { builtinFunction, builtinOperation } from './builtin-functions';
import type { CheckContext } from './check-context';
import { failUndeclared } from './check-expressions';
import { warnFormat } from './check-formats';
import { checkModifiable, compoundAssignment, constant, dereference } from './check-operators';
import { isConstant, isZero } from './constant-folding';
import { assignTo, convert, promoteArgument, toValue, withoutPlace } from './conversions';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type { TypedExpression } from './typed-tree';
import {
  type CType,
  charType,
  type FunctionType,
  intType,
  isComplete,
  isScalar,
  longLongType,
  pointerTo,
  sizeOf,
  sizeType,
  typeName,
  unqualified,
  voidType,
} from './types';

/** Bytes of a variable argument's slot: a number or pointer, or a struct's address. */
export const ARGUMENT_SLOT_BYTES = 8;

type CallTree = Tree.Expression & { kind: 'call' };

export function checkCall(context: CheckContext, node: CallTree): TypedExpression {
  const builtin = node.callee.kind === 'name' ? checkNamedBuiltin(context, node, node.callee.token) : undefined;
  if (builtin !== undefined) return builtin;
  const callee = checkCallee(context, node);
  const functionType = calledType(callee);
  if (functionType === undefined) {
    return context.fail('not-callable', `'${typeName(callee.type)}' is no function`, node.callee.token);
  }
  const { result } = functionType;
  if (result.kind !== 'void' && !isComplete(result)) {
    context.fail('incomplete-type', `the function returns '${typeName(result)}', which is incomplete`, node.token);
  }
  const args = checkArguments(context, node, functionType);
  const isPassedInMemory = (arg: TypedExpression, index: number) =>
    arg.type.kind === 'record' || (functionType.isVariadic && index >= functionType.parameters.length);
  if (context.function !== undefined && (result.kind === 'record' || args.some(isPassedInMemory))) {
    context.function.needsMemory = true;
  }
  if (callee.kind === 'function') warnFormat(context, callee.symbol, args);
  return { kind: 'call', token: node.callee.token, type: unqualified(result), callee, functionType, args };
}

/** The callee: a `function` node for a direct call, else a pointer. */
function checkCallee(context: CheckContext, node: CallTree): TypedExpression {
  const { callee } = node;
  if (callee.kind === 'name') {
    const { image } = callee.token;
    if (image.startsWith('__builtin_') && context.scopes.find(image) === undefined) {
      const plain = context.scopes.findAtFileScope(image.slice('__builtin_'.length));
      if (plain?.kind === 'function') return { kind: 'function', token: callee.token, type: plain.type, symbol: plain };
      const symbol = builtinFunction(context, callee.token);
      if (symbol !== undefined) return { kind: 'function', token: callee.token, type: symbol.type, symbol };
      failUndeclared(context, callee.token);
    }
  }
  const checked = context.expression(callee);
  if (checked.kind === 'function') return checked;
  if (checked.kind === 'dereference' && checked.type.kind === 'function') return toValue(context, checked.pointer);
  const value = toValue(context, checked);
  return value.kind === 'addressOf' && value.operand.kind === 'function' ? value.operand : value;
}

/** GNU's builtins that look like calls of functions and are none. */
function checkNamedBuiltin(context: CheckContext, node: CallTree, token: Token): TypedExpression | undefined {
  const [first, second] = node.args;
  switch (token.image) {
    case '__builtin_expect':
      if (first === undefined) return undefined;
      return withoutPlace(toValue(context, context.expression(first)), token);
    case '__builtin_constant_p':
      if (first === undefined) return undefined;
      return constant(isConstant(toValue(context, context.expression(first))) ? 1n : 0n, intType, token);
    case '__builtin_alloca':
      if (first === undefined) return undefined;
      return {
        kind: 'intrinsic',
        token,
        type: pointerTo(voidType),
        name: 'stack.allocate_dynamic',
        args: [assignTo(context, context.expression(first), sizeType, 'argument 1 of alloca')],
      };
    case '__builtin_set_jump': {
      if (second === undefined) return undefined;
      const buffer = assignTo(context, context.expression(first!), pointerTo(intType), "argument 1 of 'setjmp'");
      const args = [buffer, toValue(context, context.expression(second))];
      return { kind: 'intrinsic', token, type: intType, name: 'c.set_jump', args };
    }
    case '__builtin_unreachable':
    case '__builtin_trap':
      return { kind: 'intrinsic', token, type: voidType, name: 'trap.unreachable', args: [] };
    case '__builtin_assume_aligned':
      if (first === undefined) return undefined;
      return convert(toValue(context, context.expression(first)), pointerTo(voidType));
    case '__builtin_prefetch':
      if (first === undefined) return undefined;
      return convert(toValue(context, context.expression(first)), voidType);
    default:
      return checkOverflow(context, node, token) ?? builtinOperation(context, node, token);
  }
}

/** `__builtin_add_overflow(a, b, &result)` and its like, those with types in their names too. */
function checkOverflow(context: CheckContext, node: CallTree, token: Token): TypedExpression | undefined {
  const match = /^__builtin_[su]?(add|sub|mul)(?:ll?)?_overflow$/.exec(token.image);
  if (match === null || node.args.length !== 3) return undefined;
  const [left, right, place] = node.args.map((argument) => toValue(context, context.expression(argument)));
  const type = place!.type.kind === 'pointer' ? place!.type.target : undefined;
  if (left!.type.kind !== 'integer' || right!.type.kind !== 'integer' || type?.kind !== 'integer') {
    return context.fail('bad-operand', `'${token.image}' takes two integers and the address of one`, token);
  }
  const number = (value: number) => constant(BigInt(value), intType, token);
  const sign = ({ type }: TypedExpression) => number(type.kind === 'integer' && type.isSigned ? 1 : 0);
  const wide = (value: TypedExpression) => convert(value, longLongType);
  const symbol = builtinFunction(context, { ...token, image: '__builtin_overflow' } as Token)!;
  const callee: TypedExpression = { kind: 'function', token, type: symbol.type, symbol };
  const operation = number('+-*'.indexOf({ add: '+', sub: '-', mul: '*' }[match[1]!]!));
  const kind = number(type.isSigned ? type.size : -type.size);
  const operands = [wide(left!), sign(left!), wide(right!), sign(right!)];
  const args = [operation, ...operands, kind, convert(place!, pointerTo(voidType))];
  return { kind: 'call', token, type: intType, callee, functionType: symbol.type, args };
}

function calledType(callee: TypedExpression): FunctionType | undefined {
  if (callee.type.kind === 'function') return callee.type;
  if (callee.type.kind === 'pointer' && callee.type.target.kind === 'function') return callee.type.target;
  return undefined;
}

function checkArguments(context: CheckContext, node: CallTree, type: FunctionType): TypedExpression[] {
  const { parameters } = type;
  const name = node.callee.kind === 'name' ? `'${node.callee.token.image}'` : 'the function';
  const isWrong = type.isVariadic ? node.args.length < parameters.length : node.args.length !== parameters.length;
  if (type.hasPrototype && isWrong) {
    const wanted = `${type.isVariadic ? 'at least ' : ''}${parameters.length}`;
    context.fail('argument-count', `${name} takes ${wanted} arguments, not ${node.args.length}`, node.callee.token);
  }
  return node.args.map((argument, index) => {
    const checked = context.expression(argument);
    const parameter = parameters[index];
    if (type.hasPrototype && parameter !== undefined) {
      return assignTo(context, checked, parameter, `argument ${index + 1} of ${name}`);
    }
    return checkedArgument(context, promoteArgument(toValue(context, checked)));
  });
}

function checkedArgument(context: CheckContext, value: TypedExpression): TypedExpression {
  if (isScalar(value.type) || value.type.kind === 'record') return value;
  return context.fail('bad-operand', `'${typeName(value.type)}' cannot be an argument`, value.token);
}

// --- variable arguments ---------------------------------------------------------------------------------------------

/** The type of `__builtin_va_list`: where the next argument's slot is. */
export const argumentListType = pointerTo(charType);

/** `va_arg(list, type)`: reads at the list and moves it on. */
export function checkVariableArgument(
  context: CheckContext,
  token: Token,
  list: TypedExpression,
  type: CType,
): TypedExpression {
  checkList(context, list, token);
  if (!isScalar(type) && type.kind !== 'record') {
    context.fail('bad-type', `'${typeName(type)}' cannot be an argument`, token);
  }
  if (
    isScalar(type) &&
    type.kind !== 'pointer' &&
    (sizeOf(type) < 4 || (type.kind === 'floating' && type.size === 4))
  ) {
    const promoted = type.kind === 'floating' ? 'double' : 'int';
    context.report.warning('bad-type', `'${typeName(type)}' is passed as '${promoted}' in variable arguments`, token);
  }
  const step = constant(BigInt(ARGUMENT_SLOT_BYTES), intType, token);
  const slot = compoundAssignment(context, token, list, '+', step, true);
  if (type.kind !== 'record') return dereference(context, token, convert(slot, pointerTo(type)));
  const address = dereference(context, token, convert(slot, pointerTo(pointerTo(type))));
  return dereference(context, token, toValue(context, address));
}

function checkList(context: CheckContext, list: TypedExpression, token: Token): void {
  checkModifiable(context, list, token);
  if (list.type.kind !== 'pointer' || list.type.target.kind !== 'integer' || list.type.target.size !== 1) {
    context.fail('bad-operand', `'${typeName(list.type)}' is no va_list`, token);
  }
}

// --- builtins -------------------------------------------------------------------------------------------------------

export function checkBuiltin(context: CheckContext, node: Tree.Expression & { kind: 'builtin' }): TypedExpression {
  const { token, args } = node;
  const wanted = BUILTIN_ARGUMENTS.get(token.type);
  if (wanted !== undefined && wanted !== args.length) {
    context.fail('argument-count', `'${token.image}' takes ${wanted} arguments, not ${args.length}`, token);
  }
  switch (token.type) {
    case '__builtin_va_start':
      return startArguments(context, node);
    case '__builtin_va_end':
      return { kind: 'convert', token, type: voidType, operand: toValue(context, context.expression(args[0]!)) };
    case '__builtin_va_copy': {
      const target = context.expression(args[0]!);
      checkList(context, target, token);
      const value = assignTo(context, context.expression(args[1]!), target.type, 'va_copy');
      return { kind: 'assign', token, type: argumentListType, target, value };
    }
    case '__builtin_choose_expr': {
      const condition = toValue(context, context.expression(args[0]!));
      if (!isConstant(condition)) return context.fail('not-constant', 'the choice must be constant', token);
      return context.expression(isZero(condition) ? args[2]! : args[1]!);
    }
    default:
      return context.fail('unsupported', `there is no '${token.image}'`, token);
  }
}

const BUILTIN_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ['__builtin_va_start', 2],
  ['__builtin_va_end', 1],
  ['__builtin_va_copy', 2],
  ['__builtin_choose_expr', 3],
]);

function startArguments(context: CheckContext, node: Tree.Expression & { kind: 'builtin' }): TypedExpression {
  const { token, args } = node;
  const target = context.expression(args[0]!);
  checkList(context, target, token);
  if (context.function?.variableArguments === undefined) {
    context.fail('bad-operand', "va_start outside of a function with '...'", token);
  }
  const value: TypedExpression = { kind: 'variableArguments', token, type: argumentListType };
  return { kind: 'assign', token, type: argumentListType, target, value };
}

/** An operation of the machine; what it takes is between the library and the machine. */
export function checkMachineOperation(
  context: CheckContext,
  node: Tree.Expression & { kind: 'machine' },
): TypedExpression {
  const { token } = node;
  if (!token.file.isSystem) context.fail('unsupported', `'${token.image}' is for the library only`, token);
  const args = node.args.map((argument) => toValue(context, context.expression(argument)));
  const kind = token.type === '__syscall' ? 'syscall' : 'intrinsic';
  return { kind, token, type: context.typeName(node.typeName), name: node.name.image.slice(1, -1), args };
}
