// Checks specifiers and declarators, and gives the types that they make; declares tags and enumerators on the way.
import type { CheckContext } from './check-context';
import { isConstant } from './constant-folding';
import { toValue } from './conversions';
import { MAX_OBJECT_BYTES, MAX_TYPE_DEPTH } from './limits';
import { layOut, type MemberRequest } from './record-layout';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import {
  alignmentOf,
  arrayOf,
  boolType,
  type CType,
  charType,
  doubleType,
  enumType,
  type FunctionType,
  floatType,
  intType,
  isComplete,
  isVariableArray,
  longDoubleType,
  longLongType,
  longType,
  type NamedType,
  pointerTo,
  qualified,
  type RecordBody,
  type RecordType,
  shortType,
  signedCharType,
  sizeOf,
  typeName,
  unqualified,
  unsignedCharType,
  unsignedIntType,
  unsignedLongLongType,
  unsignedLongType,
  unsignedShortType,
  voidType,
} from './types';
import { unknownArray, variableArray } from './variable-arrays';

/** The types by their keywords, sorted. */
const BASIC_TYPES: ReadonlyMap<string, CType> = new Map<string, CType>([
  ['void', voidType],
  ['_Bool', boolType],
  ['char', charType],
  ['char signed', signedCharType],
  ['char unsigned', unsignedCharType],
  ['short', shortType],
  ['short signed', shortType],
  ['int short', shortType],
  ['int short signed', shortType],
  ['short unsigned', unsignedShortType],
  ['int short unsigned', unsignedShortType],
  ['int', intType],
  ['signed', intType],
  ['int signed', intType],
  ['unsigned', unsignedIntType],
  ['int unsigned', unsignedIntType],
  ['long', longType],
  ['int long', longType],
  ['long signed', longType],
  ['int long signed', longType],
  ['long unsigned', unsignedLongType],
  ['int long unsigned', unsignedLongType],
  ['long long', longLongType],
  ['int long long', longLongType],
  ['long long signed', longLongType],
  ['int long long signed', longLongType],
  ['long long unsigned', unsignedLongLongType],
  ['int long long unsigned', unsignedLongLongType],
  ['float', floatType],
  ['double', doubleType],
  ['double long', longDoubleType],
]);

/** The type that `specifiers` name. `isDefinition` is true for `struct s;` alone, which declares a tag anew. */
export function specifiedType(context: CheckContext, specifiers: Tree.Specifiers, isAlone = false): CType {
  return qualified(baseType(context, specifiers.base, isAlone), specifiers.qualifiers);
}

function baseType(context: CheckContext, base: Tree.BaseSpecifier, isAlone: boolean): CType {
  switch (base.kind) {
    case 'basic':
      return basicType(context, base.words, base.token);
    case 'record':
      return recordType(context, base, isAlone);
    case 'enum':
      return enumeratedType(context, base);
    case 'typedefName': {
      // A name that the parser has reported as unknown is taken for int.
      const entry = context.scopes.find(base.token.image);
      return entry?.kind === 'typedef' ? entry.type : intType;
    }
    case 'typeofType':
      return context.typeName(base.typeName);
    case 'typeofExpression':
      return context.expression(base.operand).type;
    case 'none':
      context.report.error('bad-type', 'a declaration needs a type', base.token);
      return intType;
  }
}

function basicType(context: CheckContext, words: string, token: Token): CType {
  const type = BASIC_TYPES.get(words);
  if (type !== undefined) return type;
  if (/_Complex|_Imaginary/.test(words)) context.fail('unsupported', 'there are no complex numbers', token);
  return context.fail('bad-type', `'${words}' is no type`, token);
}

// --- struct, union, enum --------------------------------------------------------------------------------------------

function recordType(context: CheckContext, node: Tree.RecordSpecifier, isAlone: boolean): RecordType {
  const { scopes } = context;
  const { tag, members } = node;
  const isNew = members !== undefined || isAlone;
  const known = tag === undefined ? undefined : isNew ? scopes.findTagHere(tag.image) : scopes.findTag(tag.image);
  if (known !== undefined && (known.kind !== 'record' || known.body.isUnion !== node.isUnion)) {
    context.fail('redefinition', `'${tag!.image}' is another kind of tag`, tag!);
  }
  const type = (known as RecordType | undefined) ?? newRecord(node);
  if (known === undefined && tag !== undefined) scopes.declareTag(tag.image, type);
  if (members !== undefined) defineRecord(context, type.body, node);
  return type;
}

function newRecord(node: Tree.RecordSpecifier): RecordType {
  const name = node.tag?.image ?? '(anonymous)';
  const none = { members: undefined, memberByName: new Map(), size: 0, alignment: 1 };
  return { kind: 'record', qualifiers: 0, body: { name, isUnion: node.isUnion, ...none } };
}

function defineRecord(context: CheckContext, body: RecordBody, node: Tree.RecordSpecifier): void {
  if (body.members !== undefined)
    context.fail('redefinition', `'${body.name}' is defined twice`, node.tag ?? node.token);
  const requests: MemberRequest[] = [];
  const names = new Set<string>();
  for (const declaration of node.members!) requestMembers(context, declaration, requests, names);
  const flexible = requests.findIndex(({ type }) => !isComplete(type));
  if (flexible >= 0 && (flexible < requests.length - 1 || node.isUnion || requests[flexible]!.type.kind !== 'array')) {
    context.fail('incomplete-type', `member '${requests[flexible]!.name}' has an incomplete type`, node.token);
  }
  layOut(body, requests, node.packing, requestedAlignment(context, node));
  if (body.size > MAX_OBJECT_BYTES) context.fail('too-large', `'${body.name}' is too large`, node.token);
}

function requestMembers(
  context: CheckContext,
  declaration: Tree.MemberDeclaration,
  requests: MemberRequest[],
  names: Set<string>,
): void {
  const base = specifiedType(context, declaration.specifiers);
  const alignment = requestedAlignment(context, declaration.specifiers);
  if (declaration.declarators.length === 0 && base.kind === 'record') {
    for (const name of base.body.memberByName.keys()) noteMember(context, names, name, declaration.specifiers.token);
    requests.push({ name: '', type: base, bitWidth: undefined, alignment });
  }
  for (const { declarator, width } of declaration.declarators) {
    const { name, type, token } = declaredType(context, base, declarator);
    if (name !== undefined) noteMember(context, names, name.image, name);
    if (type.kind === 'function') context.fail('bad-type', 'a member cannot be a function', token, 'use a pointer');
    if (type.kind === 'void') context.fail('incomplete-type', 'a member cannot be void', token);
    const bitWidth = width === undefined ? undefined : bitFieldWidth(context, type, width, name);
    if (name === undefined && bitWidth === undefined) context.fail('bad-declaration', 'a member needs a name', token);
    requests.push({ name: name?.image ?? '', type, bitWidth, alignment });
  }
}

function noteMember(context: CheckContext, names: Set<string>, name: string, token: Token): void {
  if (names.has(name)) context.fail('redefinition', `there are two members '${name}'`, token);
  names.add(name);
}

function bitFieldWidth(context: CheckContext, type: CType, node: Tree.Expression, name: Token | undefined): number {
  const width = integerConstant(context, node, 'the width of a bit-field');
  if (type.kind !== 'integer') return context.fail('bad-type', 'a bit-field must be an integer', node.token);
  const most = type.rank === boolType.rank ? 1 : type.size * 8;
  if (width < 0n || width > BigInt(most) || (width === 0n && name !== undefined)) {
    context.fail('bad-declaration', `a bit-field of ${width} bits in '${typeName(type)}'`, node.token);
  }
  return Number(width);
}

/** The alignment that `_Alignas` and attributes ask for, or 0. */
export function requestedAlignment(
  context: CheckContext,
  specifiers: { readonly alignment: readonly Tree.AlignmentSpecifier[] },
): number {
  let alignment = 0;
  for (const { token, value } of specifiers.alignment) {
    const wanted =
      value.kind === 'typeName'
        ? alignmentOf(context.typeName(value))
        : Number(integerConstant(context, value, 'an alignment'));
    if (wanted < 0 || wanted > 4096 || (wanted & (wanted - 1)) !== 0) {
      context.fail('bad-declaration', 'an alignment must be a power of two up to 4096', token);
    }
    alignment = Math.max(alignment, wanted);
  }
  return alignment;
}

function enumeratedType(context: CheckContext, node: Tree.EnumSpecifier): CType {
  const { scopes } = context;
  const { tag, enumerators } = node;
  const find = (name: string) => (enumerators === undefined ? scopes.findTag(name) : scopes.findTagHere(name));
  const known = tag === undefined ? undefined : find(tag.image);
  if (known?.kind === 'record') context.fail('redefinition', `'${tag!.image}' is another kind of tag`, tag!);
  if (known !== undefined && enumerators === undefined) return known;
  if (known !== undefined && context.definedEnums.has(known)) {
    context.fail('redefinition', `'${tag!.image}' is defined twice`, tag!);
  }
  const isUnsigned = declareEnumerators(context, enumerators ?? []) && known === undefined && enumerators !== undefined;
  const type = known ?? enumType(tag?.image ?? '(anonymous)', !isUnsigned);
  if (enumerators !== undefined) context.definedEnums.add(type);
  if (tag !== undefined) scopes.declareTag(tag.image, type);
  return type;
}

/** Declares the constants; whether none is negative, so that the type is unsigned (as GNU C has it). */
function declareEnumerators(
  context: CheckContext,
  enumerators: NonNullable<Tree.EnumSpecifier['enumerators']>,
): boolean {
  const { scopes } = context;
  let next = 0n;
  let isUnsigned = true;
  for (const { name, value } of enumerators) {
    if (value !== undefined) next = integerConstant(context, value, 'the value of an enumerator');
    if (scopes.findHere(name.image) !== undefined) {
      context.fail('redefinition', `'${name.image}' is declared twice`, name);
    }
    // Values beyond int's are taken modulo 2^32, so that flags such as 1u << 31 work.
    if (next > 0xffff_ffffn || next < -0x8000_0000n) {
      context.fail('bad-declaration', `'${name.image}' does not fit an int`, name);
    }
    if (next < 0n) isUnsigned = false;
    scopes.declare(name.image, { kind: 'enumerator', value: BigInt.asIntN(32, next) });
    next++;
  }
  return isUnsigned;
}

// --- declarators ----------------------------------------------------------------------------------------------------

/** The name that `declarator` declares, and its type over `base`. */
export function declaredType(context: CheckContext, base: CType, declarator: Tree.Declarator): NamedType {
  const { name, token, derivations } = declarator;
  if (derivations.length > MAX_TYPE_DEPTH) context.fail('nesting-too-deep', 'the type has too many levels', token);
  let type = base;
  for (let index = derivations.length - 1; index >= 0; index--) type = derive(context, type, derivations[index]!);
  return { name, token, type };
}

function derive(context: CheckContext, type: CType, derivation: Tree.Derivation): CType {
  if (derivation.kind === 'pointer') return qualified(pointerTo(type), derivation.qualifiers);
  if (derivation.kind === 'array') return deriveArray(context, type, derivation);
  const { token } = derivation;
  if (type.kind === 'function' || type.kind === 'array') {
    context.fail('bad-type', `a function cannot return '${typeName(type)}'`, token);
  }
  return functionType(context, unqualified(type), derivation);
}

function deriveArray(context: CheckContext, type: CType, node: Tree.Derivation & { kind: 'array' }): CType {
  if (type.kind === 'function') context.fail('bad-type', 'an array cannot have functions as elements', node.token);
  if (!isComplete(type))
    context.fail('incomplete-type', `'${typeName(type)}' is incomplete: no array of it`, node.token);
  if (node.isStar) return unknownArray(type, node.token);
  if (node.size === undefined) return isVariableArray(type) ? unknownArray(type, node.token) : arrayOf(type, undefined);
  const size = toValue(context, context.expression(node.size));
  if (size.type.kind !== 'integer') context.fail('bad-type', 'the size of an array must be an integer', node.token);
  if (!isConstant(size) || isVariableArray(type)) {
    if (context.sizes === 'prototype') return unknownArray(type, node.token);
    if (context.sizes === undefined)
      return context.fail('not-constant', 'the size of an array outside of functions must be constant', size.token);
    return variableArray(context.sizes, type, size, size.token);
  }
  const length = Number(size.value);
  if (length < 0) context.fail('bad-type', 'the size of an array is negative', size.token);
  if (length * Math.max(1, sizeOf(type)) > MAX_OBJECT_BYTES)
    context.fail('too-large', 'the array is too large', size.token);
  return arrayOf(type, length);
}

function functionType(
  context: CheckContext,
  result: CType,
  node: Tree.Derivation & { kind: 'function' },
): FunctionType {
  const { isVariadic } = node;
  const hasPrototype = node.names === undefined;
  const common = { kind: 'function', qualifiers: 0, result, isVariadic, hasPrototype } as const;
  const { sizes } = context;
  context.sizes = 'prototype';
  context.scopes.open();
  const named = node.parameters.map((parameter) => parameterType(context, parameter));
  context.scopes.close();
  context.sizes = sizes;
  const isVoid = named.length === 1 && named[0]!.type.kind === 'void' && named[0]!.name === undefined;
  if (isVoid && !isVariadic) return { ...common, parameters: [] };
  for (const { type, token } of named) {
    if (type.kind === 'void') context.fail('incomplete-type', 'a parameter cannot be void', token);
  }
  return { ...common, parameters: named.map(({ type }) => unqualified(type)) };
}

/** A parameter's name and type; arrays and functions are pointers here. */
export function parameterType(context: CheckContext, parameter: Tree.Parameter): NamedType {
  const { specifiers, declarator } = parameter;
  if (specifiers.storage !== 'none' && specifiers.storage !== 'register') {
    context.fail('bad-declaration', `a parameter cannot be '${specifiers.storage}'`, specifiers.token);
  }
  const named = declaredParameter(context, specifiedType(context, specifiers), declarator);
  if (named.name !== undefined) context.scopes.declare(named.name.image, placeholder(named));
  return named;
}

/** So that sizeof(earlier parameter) can be checked in a later parameter. */
function placeholder({ name, token, type }: NamedType) {
  const { image } = name ?? token;
  return { kind: 'local', name: image, type, token, alignment: 1, isAddressTaken: false, isUsed: true } as const;
}

function declaredParameter(context: CheckContext, base: CType, declarator: Tree.Declarator): NamedType {
  const outer = declarator.derivations[0];
  if (outer?.kind !== 'array') return adjusted(declaredType(context, base, declarator));
  // An array parameter is a pointer, whatever its size says; its qualifiers are the pointer's.
  const pointer: Tree.Derivation = { kind: 'pointer', token: outer.token, qualifiers: outer.qualifiers };
  return declaredType(context, base, { ...declarator, derivations: [pointer, ...declarator.derivations.slice(1)] });
}

function adjusted(named: NamedType): NamedType {
  const { type } = named;
  if (type.kind === 'function') return { ...named, type: pointerTo(type) };
  return type.kind === 'array' ? { ...named, type: pointerTo(type.element) } : named;
}

export function checkTypeName(context: CheckContext, node: Tree.TypeName): CType {
  const { name, token, type } = declaredType(context, specifiedType(context, node.specifiers), node.declarator);
  if (name !== undefined) context.fail('syntax', `a type in parentheses has no name, such as '${name.image}'`, token);
  return type;
}

/** The value of an integer constant expression; `what` says in messages what it is for. */
export function integerConstant(context: CheckContext, node: Tree.Expression, what: string): bigint {
  const value = toValue(context, context.expression(node));
  if (isConstant(value) && typeof value.value === 'bigint' && value.type.kind === 'integer') return value.value;
  return context.fail('not-constant', `${what} must be an integer constant`, node.token);
}
