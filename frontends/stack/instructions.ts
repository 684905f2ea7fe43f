// The instructions of sm that are plain words: name, types of operands and results, and what becomes of them. The lists
// follow WebAssembly's names; what can be computed from a name is. Those with a syntax of their own (branches, calls,
// constants, locals) are not here.
import { TYPED_OPCODES, type ValueType } from '../../vm/index';

/** What an instruction is compiled to. */
export type Lowering =
  /** One operation of the machine, of that mnemonic; `isSwapped`: with its two operands exchanged. */
  | { readonly kind: 'operation'; readonly mnemonic: string; readonly isSwapped: boolean; readonly isOrdered: boolean }
  /** Nothing: the same bits under another type. */
  | { readonly kind: 'rename' }
  /** A load of 2^scale bytes, and what then widens its 32 bits to 64. */
  | { readonly kind: 'load'; readonly mnemonic: string; readonly scale: number; readonly extension: string | null }
  | { readonly kind: 'store'; readonly mnemonic: string; readonly scale: number }
  /** By itself: see SPECIAL_INSTRUCTIONS. */
  | { readonly kind: 'special' };

export interface InstructionDefinition {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly lowering: Lowering;
}

const INTEGER_UNARY = 'clz ctz popcnt extend8_s extend16_s';
const INTEGER_BINARY = 'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';
const INTEGER_COMPARISONS = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const FLOAT_UNARY = 'abs neg ceil floor trunc sqrt nearest';
const FLOAT_BINARY = 'add sub mul div min max copysign';
const FLOAT_COMPARISONS = 'eq ne lt gt le ge';
const CONVERSIONS = `
  i32.wrap_i64 i64.extend_i32_s i64.extend_i32_u
  i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u
  i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u
  i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u
  i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u
  f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64
  f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32
  i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64`;
const LOADS = `
  i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u f32.load
  i64.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u f64.load`;
const STORES = `
  i32.store i32.store8 i32.store16 f32.store i64.store i64.store8 i64.store16 i64.store32 f64.store`;

/** Instructions that need code of their own: `memory.copy`: destination, source, size; `memory.fill`: with a byte. */
const SPECIAL_INSTRUCTIONS: Readonly<Record<string, readonly [params: string, results: string]>> = {
  nop: ['', ''],
  unreachable: ['', ''],
  return: ['', ''],
  drop: ['', ''],
  select: ['', ''],
  'memory.copy': ['i32 i32 i32', ''],
  'memory.fill': ['i32 i32 i32', ''],
  'stack.set': ['i32', ''],
};

/** Operations of the machine under their own names, on the memory and its stack. */
const MEMORY_OPERATIONS: Readonly<Record<string, readonly [params: string, results: string]>> = {
  'memory.size': ['', 'i32'],
  'memory.grow': ['i32', 'i32'],
  'stack.get': ['', 'i32'],
  'stack.allocate_dynamic': ['i32', 'i32'],
};

const mayTrap = new Map(TYPED_OPCODES.map((opcode) => [opcode.mnemonic, opcode.mayTrap]));

const INSTRUCTIONS: ReadonlyMap<string, InstructionDefinition> = new Map(
  [
    ...numericInstructions(),
    ...words(CONVERSIONS).map(conversion),
    ...words(LOADS).map(load),
    ...words(STORES).map(store),
    ...Object.entries(MEMORY_OPERATIONS).map(([name, [params, results]]) =>
      define(name, params, results, { kind: 'operation', mnemonic: name, isSwapped: false, isOrdered: true }),
    ),
    ...Object.entries(SPECIAL_INSTRUCTIONS).map(([name, [params, results]]) =>
      define(name, params, results, { kind: 'special' }),
    ),
  ].map((definition) => [definition.name, definition]),
);

/** The plain instruction of that name, or undefined. */
export function findInstruction(name: string): InstructionDefinition | undefined {
  return INSTRUCTIONS.get(name);
}

/** All plain instructions: for documents and tests. */
export function plainInstructions(): InstructionDefinition[] {
  return [...INSTRUCTIONS.values()];
}

function numericInstructions(): InstructionDefinition[] {
  return (['i32', 'i64', 'f32', 'f64'] as const).flatMap((type) => {
    const isInteger = type[0] === 'i';
    const unary = isInteger
      ? words(type === 'i64' ? `${INTEGER_UNARY} extend32_s` : INTEGER_UNARY)
      : words(FLOAT_UNARY);
    const binary = words(isInteger ? INTEGER_BINARY : FLOAT_BINARY);
    const comparisons = words(isInteger ? INTEGER_COMPARISONS : FLOAT_COMPARISONS);
    return [
      ...(isInteger ? [define(`${type}.eqz`, type, 'i32', operation(`${type}.eqz`))] : []),
      ...unary.map((name) => define(`${type}.${name}`, type, type, operation(`${type}.${name}`))),
      ...binary.map((name) => define(`${type}.${name}`, `${type} ${type}`, type, operation(`${type}.${name}`))),
      ...comparisons.map((name) => define(`${type}.${name}`, `${type} ${type}`, 'i32', comparison(type, name))),
    ];
  });
}

/** The machine has no gt and ge: they are lt and le with exchanged operands. */
function comparison(type: ValueType, name: string): Lowering {
  const mirrored = name.replace(/^g/, 'l');
  return { kind: 'operation', mnemonic: `${type}.${mirrored}`, isSwapped: mirrored !== name, isOrdered: false };
}

/** The type of the operand stands in the name. */
function conversion(name: string): InstructionDefinition {
  const from = /_([if](?:32|64))/.exec(name)![1]!;
  return define(name, from, name.slice(0, 3), conversionLowering(name));
}

function conversionLowering(name: string): Lowering {
  if (name === 'i32.wrap_i64' || name.includes('reinterpret')) return { kind: 'rename' };
  return operation(name === 'i64.extend_i32_s' ? 'i64.extend32_s' : name);
}

function operation(mnemonic: string): Lowering {
  return { kind: 'operation', mnemonic, isSwapped: false, isOrdered: mayTrap.get(mnemonic) ?? false };
}

function load(name: string): InstructionDefinition {
  const type = name.slice(0, 3);
  const [, width, sign] = /load(\d*)_?([su]?)$/.exec(name)!;
  const bits = Number(width || type.slice(1));
  const extension = type === 'i64' && bits < 64 ? (sign === 's' ? 'i64.extend32_s' : 'i64.extend_i32_u') : null;
  const mnemonic = bits === 64 ? 'i64.load' : bits === 32 ? 'i32.load' : `i32.load${width}_${sign}`;
  return define(name, 'i32', type, { kind: 'load', mnemonic, scale: scaleOf(bits), extension });
}

function store(name: string): InstructionDefinition {
  const type = name.slice(0, 3);
  const bits = Number(/store(\d*)$/.exec(name)![1] || type.slice(1));
  const mnemonic = bits === 64 ? 'i64.store' : bits === 32 ? 'i32.store' : `i32.store${bits}`;
  return define(name, `i32 ${type}`, '', { kind: 'store', mnemonic, scale: scaleOf(bits) });
}

function scaleOf(bits: number): number {
  return 31 - Math.clz32(bits / 8);
}

function define(name: string, params: string, results: string, lowering: Lowering): InstructionDefinition {
  return { name, params: words(params) as ValueType[], results: words(results) as ValueType[], lowering };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
