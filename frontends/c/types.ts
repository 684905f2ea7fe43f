// C's types in wasm32's data model, as immutable objects: int, long and pointers have 32 bits, long long 64, char is
// signed, long double is double. Only a struct's or union's body is filled in later, in its RecordBody.
import type { ValueType } from '../../vm/index';
import { CONST, VOLATILE } from './syntax-tree';
import type { Token } from './token';
import type { LocalVariable } from './typed-tree';

interface Qualified {
  /** CONST, VOLATILE, RESTRICT, or-ed. */
  readonly qualifiers: number;
}

export interface VoidType extends Qualified {
  readonly kind: 'void';
}

export interface IntegerType extends Qualified {
  readonly kind: 'integer';
  readonly name: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
  /** Conversion rank: 0 for _Bool up to 5 for long long. */
  readonly rank: number;
  readonly isEnum: boolean;
}

export interface FloatingType extends Qualified {
  readonly kind: 'floating';
  readonly name: string;
  readonly size: 4 | 8;
  readonly rank: number;
}

export interface PointerType extends Qualified {
  readonly kind: 'pointer';
  readonly target: CType;
}

export interface ArrayType extends Qualified {
  readonly kind: 'array';
  readonly element: CType;
  /** Undefined while incomplete, and of a variable length array. */
  readonly length: number | undefined;
  /** Holds the size in bytes of a variable length array. */
  readonly bytes?: LocalVariable;
}

export interface FunctionType extends Qualified {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly CType[];
  readonly isVariadic: boolean;
  /** False for `f()`: any arguments go. */
  readonly hasPrototype: boolean;
}

/** A member; members of an anonymous struct or union inside are listed too, at their place in the whole. */
export interface Member {
  readonly name: string;
  readonly type: CType;
  /** In bytes; of a bit-field's storage unit. */
  readonly offset: number;
  readonly bitField: { readonly start: number; readonly width: number } | undefined;
}

/** What a struct or union consists of: one object a declaration, shared by all its qualified types. */
export interface RecordBody {
  readonly name: string;
  readonly isUnion: boolean;
  /** In order, anonymous ones under the name ''; undefined while incomplete. */
  members: readonly Member[] | undefined;
  /** All members that a name can reach, those of anonymous members included. */
  memberByName: ReadonlyMap<string, Member>;
  size: number;
  alignment: number;
}

export interface RecordType extends Qualified {
  readonly kind: 'record';
  readonly body: RecordBody;
}

export type ScalarType = IntegerType | FloatingType | PointerType;
export type CType = VoidType | ScalarType | ArrayType | FunctionType | RecordType;

function integer(name: string, size: 1 | 2 | 4 | 8, isSigned: boolean, rank: number, isEnum = false): IntegerType {
  return { kind: 'integer', name, size, isSigned, rank, isEnum, qualifiers: 0 };
}

export const INT_RANK = 3;
export const voidType: VoidType = { kind: 'void', qualifiers: 0 };
export const boolType = integer('_Bool', 1, false, 0);
export const charType = integer('char', 1, true, 1);
export const signedCharType = integer('signed char', 1, true, 1);
export const unsignedCharType = integer('unsigned char', 1, false, 1);
export const shortType = integer('short', 2, true, 2);
export const unsignedShortType = integer('unsigned short', 2, false, 2);
export const intType = integer('int', 4, true, INT_RANK);
export const unsignedIntType = integer('unsigned int', 4, false, INT_RANK);
export const longType = integer('long', 4, true, 4);
export const unsignedLongType = integer('unsigned long', 4, false, 4);
export const longLongType = integer('long long', 8, true, 5);
export const unsignedLongLongType = integer('unsigned long long', 8, false, 5);
export const floatType: FloatingType = { kind: 'floating', name: 'float', size: 4, rank: 0, qualifiers: 0 };
export const doubleType: FloatingType = { kind: 'floating', name: 'double', size: 8, rank: 1, qualifiers: 0 };
export const longDoubleType: FloatingType = { kind: 'floating', name: 'long double', size: 8, rank: 2, qualifiers: 0 };

/** The type of sizeof, of a pointer difference, and of wide characters. */
export const sizeType = unsignedLongType;
export const differenceType = longType;
export const wideCharacterType = intType;

const UNSIGNED: ReadonlyMap<IntegerType, IntegerType> = new Map([
  [intType, unsignedIntType],
  [longType, unsignedLongType],
  [longLongType, unsignedLongLongType],
]);

/** The unsigned type of the rank of `type`, which is int or wider. */
export function toUnsigned(type: IntegerType): IntegerType {
  return UNSIGNED.get(type) ?? type;
}

export function enumType(name: string, isSigned: boolean): IntegerType {
  return integer(`enum ${name}`, 4, isSigned, INT_RANK, true);
}

export function pointerTo(target: CType): PointerType {
  return { kind: 'pointer', target, qualifiers: 0 };
}

export function arrayOf(element: CType, length: number | undefined): ArrayType {
  return { kind: 'array', element, length, qualifiers: 0 };
}

/** `type` with `qualifiers` added; an array's go to its elements. */
export function qualified(type: CType, qualifiers: number): CType {
  if ((type.qualifiers & qualifiers) === qualifiers || type.kind === 'function') return type;
  if (type.kind === 'array') return { ...type, element: qualified(type.element, qualifiers) };
  return { ...type, qualifiers: type.qualifiers | qualifiers };
}

/** `type` as values have it: without qualifiers. */
export function unqualified<T extends CType>(type: T): T {
  if (type.qualifiers === 0) return type;
  if (type.kind === 'integer') return (BASIC_INTEGERS.get(type.name) ?? { ...type, qualifiers: 0 }) as T;
  return { ...type, qualifiers: 0 };
}

const BASIC_INTEGERS: ReadonlyMap<string, IntegerType> = new Map(
  [
    [boolType, charType, signedCharType, unsignedCharType, shortType, unsignedShortType],
    [intType, unsignedIntType, longType, unsignedLongType, longLongType, unsignedLongLongType],
  ]
    .flat()
    .map((type) => [type.name, type]),
);

export function isScalar(type: CType): type is ScalarType {
  return type.kind === 'integer' || type.kind === 'floating' || type.kind === 'pointer';
}

export function isArithmetic(type: CType): type is IntegerType | FloatingType {
  return type.kind === 'integer' || type.kind === 'floating';
}

export function isCharacter(type: CType): type is IntegerType {
  return type.kind === 'integer' && type.rank === 1;
}

/** An array whose size is known only when the program runs. */
export function isVariableArray(type: CType): type is ArrayType & { readonly bytes: LocalVariable } {
  return type.kind === 'array' && type.bytes !== undefined;
}

export function isComplete(type: CType): boolean {
  if (type.kind === 'array') return isVariableArray(type) || (type.length !== undefined && isComplete(type.element));
  if (type.kind === 'record') return type.body.members !== undefined;
  return type.kind !== 'void' && type.kind !== 'function';
}

/** Size in bytes of a complete type but a variable array; 1 for void and functions, as GNU C has it. */
export function sizeOf(type: CType): number {
  switch (type.kind) {
    case 'integer':
    case 'floating':
      return type.size;
    case 'pointer':
      return 4;
    case 'array':
      return (type.length ?? 0) * sizeOf(type.element);
    case 'record':
      return type.body.size;
    default:
      return 1;
  }
}

export function alignmentOf(type: CType): number {
  if (type.kind === 'array') return alignmentOf(type.element);
  if (type.kind === 'record') return type.body.alignment;
  return sizeOf(type);
}

/** How a value of `type` lies in a register; a struct or union is there as its address. */
export function valueTypeOf(type: CType): ValueType {
  if (type.kind === 'integer') return type.size === 8 ? 'i64' : 'i32';
  if (type.kind === 'floating') return type.size === 4 ? 'f32' : 'f64';
  return 'i32';
}

// --- comparing ------------------------------------------------------------------------------------------------------

/** C99's compatible types; qualifiers count below the top level. */
export function isCompatible(a: CType, b: CType): boolean {
  if (a === b) return true;
  if (a.kind === 'pointer' && b.kind === 'pointer') return isSameType(a.target, b.target);
  if (a.kind === 'array' && b.kind === 'array') {
    const sameLength = a.length === undefined || b.length === undefined || a.length === b.length;
    return sameLength && isSameType(a.element, b.element);
  }
  if (a.kind === 'function' && b.kind === 'function') return isCompatibleFunction(a, b);
  if (a.kind === 'record' && b.kind === 'record') return a.body === b.body;
  if (a.kind === 'integer' && b.kind === 'integer') {
    return a.name === b.name || ((a.isEnum || b.isEnum) && a.size === b.size && a.rank === b.rank);
  }
  return a.kind === b.kind && (a.kind !== 'floating' || a.name === (b as FloatingType).name);
}

/** Compatible, with the same qualifiers. */
export function isSameType(a: CType, b: CType): boolean {
  return ((a.qualifiers ^ b.qualifiers) & (CONST | VOLATILE)) === 0 && isCompatible(a, b);
}

function isCompatibleFunction(a: FunctionType, b: FunctionType): boolean {
  if (!isCompatible(a.result, b.result)) return false;
  if (!a.hasPrototype || !b.hasPrototype) return true;
  if (a.isVariadic !== b.isVariadic || a.parameters.length !== b.parameters.length) return false;
  return a.parameters.every((type, index) => isCompatible(type, b.parameters[index]!));
}

/** The type that two compatible declarations of one name make together. */
export function compositeType(a: CType, b: CType): CType {
  if (a.kind === 'array' && b.kind === 'array') {
    return { ...a, element: compositeType(a.element, b.element), length: a.length ?? b.length };
  }
  if (a.kind === 'function' && b.kind === 'function') return a.hasPrototype ? a : b;
  return a;
}

// --- names for messages ---------------------------------------------------------------------------------------------

/** `type` as C writes it. */
export function typeName(type: CType): string {
  return describe(type, '').trim();
}

const QUALIFIER_WORDS = ['', 'const ', 'volatile ', 'const volatile '];

function describe(type: CType, inner: string): string {
  const words = QUALIFIER_WORDS[type.qualifiers & 3]!;
  switch (type.kind) {
    case 'pointer': {
      const needsParentheses = type.target.kind === 'array' || type.target.kind === 'function';
      const pointer = `*${words}${inner}`;
      return describe(type.target, needsParentheses ? `(${pointer})` : pointer);
    }
    case 'array':
      return describe(type.element, `${inner}[${type.length ?? (isVariableArray(type) ? '*' : '')}]`);
    case 'function': {
      const parameters = type.parameters.map(typeName);
      if (type.isVariadic) parameters.push('...');
      const list = parameters.length === 0 && type.hasPrototype ? 'void' : parameters.join(', ');
      return describe(type.result, `${inner}(${list})`);
    }
    case 'record':
      return `${words}${type.body.isUnion ? 'union' : 'struct'} ${type.body.name} ${inner}`;
    case 'void':
      return `${words}void ${inner}`;
    default:
      return `${words}${type.name} ${inner}`;
  }
}

/** A name of `type` with its token, as parameters and members have it. */
export interface NamedType {
  readonly name: Token | undefined;
  readonly token: Token;
  readonly type: CType;
}
