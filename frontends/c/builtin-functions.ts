// GNU's builtin functions that need no declaration: those that stand for functions of the library, those that are single
// operations of the machine, and constants.
import type { CheckContext } from './check-context';
import { constant } from './check-operators';
import { assignTo, convert } from './conversions';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type { FunctionSymbol, TypedExpression } from './typed-tree';
import {
  type CType,
  charType,
  doubleType,
  type FunctionType,
  floatType,
  intType,
  longLongType,
  longType,
  pointerTo,
  qualified,
  sizeType,
  unsignedIntType,
  unsignedLongLongType,
  unsignedLongType,
  unsignedShortType,
  voidType,
} from './types';

const CONST = 1;

/** Types by letter, as in PROTOTYPES. */
const TYPES: Readonly<Record<string, CType>> = {
  v: voidType,
  p: pointerTo(voidType),
  q: pointerTo(qualified(voidType, CONST)),
  s: pointerTo(charType),
  c: pointerTo(qualified(charType, CONST)),
  i: intType,
  l: longType,
  L: longLongType,
  z: sizeType,
  h: unsignedShortType,
  u: unsignedIntType,
  U: unsignedLongLongType,
  f: floatType,
  d: doubleType,
};

/** The library's functions by the name behind `__builtin_`: result, parameters; `.` for further arguments. */
const PROTOTYPES =
  'abort:v exit:vi malloc:pz calloc:pzz realloc:ppz free:vp abs:ii labs:ll llabs:LL ' +
  'memcpy:ppqz memmove:ppqz memset:ppiz memcmp:iqqz memchr:pqiz strlen:zc strcpy:ssc strncpy:sscz strcat:ssc ' +
  'strncat:sscz strcmp:icc strncmp:iccz strchr:sci strrchr:sci strstr:scc strdup:sc strspn:zcc strcspn:zcc ' +
  'printf:ic. sprintf:isc. snprintf:iszc. puts:ic putchar:ii ' +
  'fabs:dd fabsf:ff sqrt:dd sqrtf:ff floor:dd floorf:ff ceil:dd ceilf:ff trunc:dd round:dd sin:dd cos:dd tan:dd exp:dd ' +
  'log:dd log2:dd log10:dd pow:ddd powf:fff fmod:ddd fmin:ddd fmax:ddd fminf:fff fmaxf:fff copysign:ddd copysignf:fff ' +
  'fma:dddd ldexp:ddi bswap16:hh bswap32:uu bswap64:UU parity:iu parityll:iU ffs:ii ffsll:iL clrsb:ii ' +
  'isnan:id isinf:id isfinite:id signbit:id overflow:iiLiLiip';

/** Where the library's name is another one. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  bswap16: '__bswap16',
  bswap32: '__bswap32',
  bswap64: '__bswap64',
  parity: '__parity',
  parityll: '__parityll',
  ffsll: '__ffsll',
  clrsb: '__clrsb',
  isnan: '__isnan',
  isinf: '__isinf',
  isfinite: '__isfinite',
  signbit: '__signbit',
  overflow: '__overflow',
};

const FUNCTIONS: ReadonlyMap<string, string> = new Map(
  PROTOTYPES.split(' ').map((row) => row.split(':') as [string, string]),
);

/** Operations on bits: the machine's name, and the type that it works on. */
const OPERATIONS: ReadonlyMap<string, readonly [operation: string, type: CType]> = new Map(
  ['clz', 'ctz', 'popcount'].flatMap((name) => {
    const operation = name === 'popcount' ? 'popcnt' : name;
    return [
      [name, [`i32.${operation}`, unsignedIntType]],
      [`${name}l`, [`i32.${operation}`, unsignedLongType]],
      [`${name}ll`, [`i64.${operation}`, unsignedLongLongType]],
    ] as [string, readonly [string, CType]][];
  }),
);

const CONSTANTS: ReadonlyMap<string, readonly [value: number, type: CType]> = new Map([
  ['inf', [Number.POSITIVE_INFINITY, doubleType]],
  ['inff', [Number.POSITIVE_INFINITY, floatType]],
  ['huge_val', [Number.POSITIVE_INFINITY, doubleType]],
  ['huge_valf', [Number.POSITIVE_INFINITY, floatType]],
  ['nan', [Number.NaN, doubleType]],
  ['nanf', [Number.NaN, floatType]],
]);

const PREFIX = '__builtin_';

/** The library's function that the undeclared `__builtin_...` stands for. */
export function builtinFunction(context: CheckContext, token: Token): FunctionSymbol | undefined {
  const name = token.image.slice(PREFIX.length);
  const prototype = token.image.startsWith(PREFIX) ? FUNCTIONS.get(name) : undefined;
  if (prototype === undefined) return undefined;
  const isVariadic = prototype.endsWith('.');
  const [result, ...parameters] = [...prototype.replace('.', '')].map((letter) => TYPES[letter]!);
  const type: FunctionType = {
    kind: 'function',
    qualifiers: 0,
    result: result!,
    parameters,
    isVariadic,
    hasPrototype: true,
  };
  const symbol: FunctionSymbol = {
    kind: 'function',
    name: OTHER_NAMES[name] ?? name,
    type,
    token,
    isExternal: true,
    isInline: false,
    isNoReturn: name === 'abort' || name === 'exit',
    isUsed: true,
    body: undefined,
  };
  context.functions.push(symbol);
  context.scopes.declareAtFileScope(token.image, symbol);
  return symbol;
}

/** A builtin that is one operation or a constant; undefined for any other name. */
export function builtinOperation(
  context: CheckContext,
  { args }: Tree.Expression & { kind: 'call' },
  token: Token,
): TypedExpression | undefined {
  if (!token.image.startsWith(PREFIX)) return undefined;
  const name = token.image.slice(PREFIX.length);
  const known = CONSTANTS.get(name);
  if (known !== undefined) return constant(known[0], known[1], token);
  const operation = OPERATIONS.get(name);
  if (operation === undefined || args.length !== 1) return undefined;
  const [mnemonic, type] = operation;
  const value = assignTo(context, context.expression(args[0]!), type, `argument 1 of '${token.image}'`);
  return convert({ kind: 'intrinsic', token, type, name: mnemonic, args: [value] }, intType);
}
