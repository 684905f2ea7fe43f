// Variable length arrays: hidden variables hold their sizes in bytes and their addresses, and what leaves a block that
// has some gives their memory back. The code generator sees nothing but pointers and operations on the memory stack.
import type { CheckContext } from './check-context';
import { arithmetic, constant, dereference } from './check-operators';
import { fallsThrough } from './control-flow';
import { convert } from './conversions';
import { STACK_ALIGNMENT } from './limits';
import type { Token } from './token';
import type { LocalVariable, TypedExpression, TypedStatement } from './typed-tree';
import {
  type ArrayType,
  alignmentOf,
  type CType,
  charType,
  intType,
  isVariableArray,
  pointerTo,
  sizeOf,
  voidType,
} from './types';

/** Where the sizes of arrays go that are met on the way: their variables, and the statements that compute them. */
export interface SizeCollector {
  readonly locals: LocalVariable[];
  readonly statements: TypedStatement[];
}

/** A block of a function; what its variable arrays need is there once it has one. */
export interface OpenBlock {
  /** The memory stack's pointer at the start of the block. */
  saved: LocalVariable | undefined;
  /** The end of the last array so far. */
  end: TypedExpression | undefined;
}

/** An array of which no size is known: in prototypes. */
export function unknownArray(element: CType, token: Token): ArrayType {
  return { kind: 'array', element, length: undefined, bytes: hidden(intType, token), qualifiers: 0 };
}

/** The array of `count` elements, a value; its size is computed where the collector's statements end up. */
export function variableArray(sizes: SizeCollector, element: CType, count: TypedExpression, token: Token): ArrayType {
  const bytes = hidden(intType, token);
  sizes.locals.push(bytes);
  const value = arithmetic('*', convert(count, intType), sizeValue(element, token), intType, token);
  sizes.statements.push({ kind: 'variable', token, variable: bytes, initialiser: value });
  return { kind: 'array', element, length: undefined, bytes, qualifiers: 0 };
}

function hidden(type: CType, token: Token): LocalVariable {
  return { kind: 'local', name: '', type, token, alignment: alignmentOf(type), isAddressTaken: false, isUsed: true };
}

function readVariable(variable: LocalVariable, token: Token): TypedExpression {
  return { kind: 'variable', token, type: variable.type, variable };
}

/** The size of a complete type in bytes, as an int: a constant, but for variable arrays. */
export function sizeValue(type: CType, token: Token): TypedExpression {
  if (isVariableArray(type)) return readVariable(type.bytes, token);
  return constant(BigInt(sizeOf(type)), intType, token);
}

/** `node` behind the computation of the sizes that `sizes` has collected from `start` on. */
export function withSizes(context: CheckContext, start: number, node: TypedExpression): TypedExpression {
  const { sizes } = context;
  if (typeof sizes !== 'object' || sizes.statements.length === start) return node;
  let result = node;
  for (let index = sizes.statements.length - 1; index >= start; index--) {
    const statement = sizes.statements[index]!;
    if (statement.kind !== 'variable' || statement.initialiser === undefined || !('kind' in statement.initialiser))
      continue;
    const { token, variable, initialiser: value } = statement;
    // The variable is declared in front of the whole statement, the size computed here.
    sizes.statements[index] = { ...statement, initialiser: undefined };
    const left: TypedExpression = {
      kind: 'assign',
      token,
      type: variable.type,
      target: readVariable(variable, token),
      value,
    };
    result = { kind: 'comma', token, type: result.type, left, right: result };
  }
  return result;
}

/** How many sizes have been collected. */
export function sizeCount(context: CheckContext): number {
  return typeof context.sizes === 'object' ? context.sizes.statements.length : 0;
}

/** Takes the statements collected from `start` on. */
export function takeSizes(context: CheckContext, start: number): TypedStatement[] {
  return typeof context.sizes === 'object' ? context.sizes.statements.splice(start) : [];
}

/** A variable array as a local variable: what allocates it. The name stands for what its pointer points to. */
export function defineVariableArray(context: CheckContext, name: Token, type: ArrayType): TypedStatement {
  const open = context.function!;
  const pointer = hidden(pointerTo(type), name);
  open.locals.push(pointer);
  context.scopes.declare(name.image, { ...hidden(type, name), name: name.image, storage: pointer });
  const block = open.blocks.at(-1)!;
  block.saved ??= savedPointer(context, name);
  open.hasVariableArrays = true;
  const bytes = sizeValue(type, name);
  const start = convert(readVariable(pointer, name), intType);
  const padded = arithmetic('+', bytes, constant(BigInt(STACK_ALIGNMENT - 1), intType, name), intType, name);
  const rounded = arithmetic('&', padded, constant(BigInt(-STACK_ALIGNMENT), intType, name), intType, name);
  block.end = arithmetic('+', start, rounded, intType, name);
  const place: TypedExpression = {
    kind: 'intrinsic',
    token: name,
    type: pointer.type,
    name: 'stack.allocate_dynamic',
    args: [bytes],
  };
  return { kind: 'variable', token: name, variable: pointer, initialiser: place };
}

/** The object that the variable array `variable` is. */
export function variableArrayObject(
  context: CheckContext,
  variable: LocalVariable & { storage: LocalVariable },
  token: Token,
): TypedExpression {
  return dereference(context, token, readVariable(variable.storage, token));
}

function savedPointer(context: CheckContext, token: Token): LocalVariable {
  const saved = hidden(pointerTo(charType), token);
  context.function!.locals.push(saved);
  return saved;
}

function savePointer(saved: LocalVariable, token: Token): TypedStatement {
  const value: TypedExpression = { kind: 'intrinsic', token, type: saved.type, name: 'stack.get', args: [] };
  return { kind: 'variable', token, variable: saved, initialiser: value };
}

function restorePointer(value: TypedExpression, token: Token): TypedStatement {
  const set: TypedExpression = { kind: 'intrinsic', token, type: voidType, name: 'stack.set', args: [value] };
  return { kind: 'expression', token, value: set };
}

/** The statements of a closed block, with what its variable arrays need around them. */
export function wrapBlock(block: OpenBlock, statements: TypedStatement[], token: Token): TypedStatement[] {
  const { saved } = block;
  if (saved === undefined) return statements;
  const wrapped = [savePointer(saved, token), ...statements];
  if (fallsThrough({ kind: 'block', token, statements }))
    wrapped.push(restorePointer(readVariable(saved, token), token));
  return wrapped;
}

/** `jump`, which leaves the blocks of the function from the `depth`th on, and what gives their arrays back. */
export function leaveBlocks(context: CheckContext, depth: number, jump: TypedStatement): TypedStatement {
  const { saved } = context.function!.blocks.slice(depth).find((block) => block.saved !== undefined) ?? {};
  if (saved === undefined) return jump;
  const { token } = jump;
  return { kind: 'block', token, statements: [restorePointer(readVariable(saved, token), token), jump] };
}

/** At a label, which a goto reaches from anywhere: the arrays that are there stay, others go. */
export function arriveAtLabel(context: CheckContext, token: Token): TypedStatement {
  const open = context.function!;
  const innermost = [...open.blocks].reverse().find((block) => block.saved !== undefined);
  const end = innermost?.end;
  const statements = end === undefined ? [] : [restorePointer(end, token)];
  // Arrays may only come later, and be left by a goto to this place.
  if (end === undefined) open.outerLabels.push(statements);
  return { kind: 'block', token, statements };
}

/** The body of a function, complete: labels outside of all blocks with variable arrays drop every one. */
export function finishBody(context: CheckContext, statements: TypedStatement[], token: Token): TypedStatement[] {
  const open = context.function!;
  if (!open.hasVariableArrays || open.outerLabels.length === 0) return statements;
  const saved = savedPointer(context, token);
  for (const label of open.outerLabels) label.push(restorePointer(readVariable(saved, token), token));
  return [savePointer(saved, token), ...statements];
}
