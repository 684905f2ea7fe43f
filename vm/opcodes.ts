// The one opcode table. Encoder, builder, verifier, assembler, disassembler, the loops' constants
// (opcode-numbers.ts) and docs/bytecode.md are all computed from it. It says nothing about how an opcode is run.

/**
 * Which functions an opcode may stand in. A function belongs to one family; `common` opcodes stand in both.
 * Numbers are per family: common ones first, then the family's own, so each loop's switch is dense.
 */
export type Family = 'common' | 'typed' | 'value';

/**
 * What one operand is, and where it lies in the word (see encoding.ts for the picture of the bits).
 * 8 bits (a, b or c): `dst`, `src` a register that is written, read; `use` a register that is both or starts a run of
 * registers; `u8`, `s8` immediates; `k8` a constant; `up` an upvalue; `flag` 0 or 1; `count` a number of values.
 * 16 bits (bx): `u16`, `s16`; `k16` a constant; `j16` a jump; `fn` a function of the module; `sys` a syscall import;
 * `intr` an intrinsic import; `trap` a trap code.
 * 24 bits: `j24` a jump; `x24` an unsigned payload.
 * Jumps are signed distances in words from the word after the instruction (its extra words included).
 */
export type OperandKind =
  | 'dst'
  | 'src'
  | 'use'
  | 'u8'
  | 's8'
  | 'k8'
  | 'up'
  | 'flag'
  | 'count'
  | 'u16'
  | 's16'
  | 'k16'
  | 'j16'
  | 'fn'
  | 'sys'
  | 'intr'
  | 'trap'
  | 'j24'
  | 'x24';

/** Where an operand lies: in the first word (`a`, `b`, `c`, `bx`, `sj`) or in the `extra` word that follows (`x`). */
export type OperandField = 'a' | 'b' | 'c' | 'bx' | 'sj' | 'x';

export interface Operand {
  readonly field: OperandField;
  readonly kind: OperandKind;
}

export interface Opcode {
  readonly number: number;
  readonly mnemonic: string;
  readonly family: Family;
  readonly operands: readonly Operand[];
  /** Words: 1, or 2 with an `extra` word. `br_table` alone is longer: 1 + count + 1. */
  readonly length: number;
  /** Instructions charged when it is dispatched; what grows with its input is charged beside it. */
  readonly cost: number;
  /** Control never falls through to the next instruction. */
  readonly isTerminator: boolean;
  /** A place where the loop may stop, be preempted, and go on. */
  readonly isSafepoint: boolean;
  /** May end in a trap or a guest error. */
  readonly mayTrap: boolean;
  /** Register notation. */
  readonly effect: string;
}

/** Changes whenever a number, an operand or a cost changes: modules and snapshots carry it. */
export const OPCODE_VERSION = 4;

type Row = readonly [mnemonic: string, operands: string, effect: string, flags?: string];

// Flags: T terminator, S safepoint, F may trap (fault).
const COMMON: readonly Row[] = [
  ['trap', 'bx:trap', 'trap(bx)', 'TF'],
  ['extra', 'sj:x24', 'operand of the instruction before; reached by itself it traps', 'TF'],
  ['jump', 'sj:j24', 'pc += sj; backward it is a safepoint', 'TS'],
  ['syscall', 'a:use bx:sys', 'R[a], ... := syscall bx (R[a], ...) (note 1)', 'SF'],
  ['intrinsic', 'a:use bx:intr', 'R[a], ... := intrinsic bx (R[a], ...) (note 1)', 'SF'],
];

const TYPED: readonly Row[] = [
  ['move', 'a:dst b:src', 'R[a] := R[b], all 64 bits'],
  ['select', 'a:use b:src c:src', 'if R[c].i32 == 0 then R[a] := R[b]'],
  ['i32.const', 'a:dst bx:s16', 'R[a] := bx as i32'],
  ['i64.const', 'a:dst bx:s16', 'R[a] := bx as i64'],
  ['const', 'a:dst bx:k16', 'R[a] := K[bx], 64 bits: an i32, i64, f32 or f64'],

  ['br_if', 'a:src bx:j16', 'if R[a].i32 != 0 then pc += bx', 'S'],
  ['br_unless', 'a:src bx:j16', 'if R[a].i32 == 0 then pc += bx', 'S'],
  ['br_table', 'a:src bx:u16', 'pc += extra word min(R[a].u32, bx) of the bx + 1 that follow (note 2)', 'TS'],
  ['i32.br_eq', 'a:src b:src x:j24', 'if R[a] == R[b] then pc += x', 'S'],
  ['i32.br_ne', 'a:src b:src x:j24', 'if R[a] != R[b] then pc += x', 'S'],
  ['i32.br_lt_s', 'a:src b:src x:j24', 'if R[a] < R[b] then pc += x', 'S'],
  ['i32.br_lt_u', 'a:src b:src x:j24', 'if R[a] < R[b], unsigned, then pc += x', 'S'],
  ['i32.br_le_s', 'a:src b:src x:j24', 'if R[a] <= R[b] then pc += x', 'S'],
  ['i32.br_le_u', 'a:src b:src x:j24', 'if R[a] <= R[b], unsigned, then pc += x', 'S'],
  ['i32.br_eq_imm', 'a:src bx:s16 x:j24', 'if R[a] == bx then pc += x', 'S'],
  ['i32.br_ne_imm', 'a:src bx:s16 x:j24', 'if R[a] != bx then pc += x', 'S'],
  ['i32.br_lt_s_imm', 'a:src bx:s16 x:j24', 'if R[a] < bx then pc += x', 'S'],
  ['i32.br_ge_s_imm', 'a:src bx:s16 x:j24', 'if R[a] >= bx then pc += x', 'S'],
  ['i32.br_lt_u_imm', 'a:src bx:s16 x:j24', 'if R[a] < bx, unsigned (bx sign-extended first), then pc += x', 'S'],
  ['i32.br_ge_u_imm', 'a:src bx:s16 x:j24', 'if R[a] >= bx, unsigned (bx sign-extended first), then pc += x', 'S'],
  ['i32.br_any_imm', 'a:src bx:u16 x:j24', 'if (R[a] & bx) != 0 then pc += x', 'S'],
  ['i32.br_none_imm', 'a:src bx:u16 x:j24', 'if (R[a] & bx) == 0 then pc += x', 'S'],
  ['i32.add_br_lt_s', 'a:use b:src c:src x:j24', 'R[a] := R[a] + R[b]; if R[a] < R[c] then pc += x', 'S'],
  ['i32.add_br_le_s', 'a:use b:src c:src x:j24', 'R[a] := R[a] + R[b]; if R[a] <= R[c] then pc += x', 'S'],
  ['i32.add_imm_br_eq', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] == R[c] then pc += x', 'S'],
  ['i32.add_imm_br_ne', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] != R[c] then pc += x', 'S'],
  ['i32.add_imm_br_lt_s', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] < R[c] then pc += x', 'S'],
  ['i32.add_imm_br_le_s', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] <= R[c] then pc += x', 'S'],
  ['i32.add_imm_br_gt_s', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] > R[c] then pc += x', 'S'],
  ['i32.add_imm_br_ge_s', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] >= R[c] then pc += x', 'S'],
  ['i32.add_imm_br_lt_u', 'a:use b:s8 c:src x:j24', 'R[a] := R[a] + b; if R[a] < R[c], unsigned, then pc += x', 'S'],
  ['i64.br_if', 'a:src bx:j16', 'if R[a].i64 != 0 then pc += bx', 'S'],
  ['i64.br_unless', 'a:src bx:j16', 'if R[a].i64 == 0 then pc += bx', 'S'],
  ['i64.br_eq', 'a:src b:src x:j24', 'if R[a] == R[b] then pc += x', 'S'],
  ['i64.br_ne', 'a:src b:src x:j24', 'if R[a] != R[b] then pc += x', 'S'],
  ['i64.br_lt_s', 'a:src b:src x:j24', 'if R[a] < R[b] then pc += x', 'S'],
  ['i64.br_lt_u', 'a:src b:src x:j24', 'if R[a] < R[b], unsigned, then pc += x', 'S'],
  ['i64.br_le_s', 'a:src b:src x:j24', 'if R[a] <= R[b] then pc += x', 'S'],
  ['i64.br_le_u', 'a:src b:src x:j24', 'if R[a] <= R[b], unsigned, then pc += x', 'S'],
  ['f64.br_eq', 'a:src b:src x:j24', 'if R[a] == R[b] then pc += x', 'S'],
  ['f64.br_ne', 'a:src b:src x:j24', 'if R[a] != R[b] then pc += x', 'S'],
  ['f64.br_lt', 'a:src b:src x:j24', 'if R[a] < R[b] then pc += x', 'S'],
  ['f64.br_le', 'a:src b:src x:j24', 'if R[a] <= R[b] then pc += x', 'S'],
  ['f64.br_nlt', 'a:src b:src x:j24', 'if not R[a] < R[b] then pc += x: if either is NaN too', 'S'],
  ['f64.br_nle', 'a:src b:src x:j24', 'if not R[a] <= R[b] then pc += x: if either is NaN too', 'S'],

  ['call', 'a:use bx:fn', 'R[a], ... := function bx (R[a], ...) (note 3)', 'SF'],
  [
    'call_indirect',
    'a:use b:src x:x24',
    'R[a], ... := table[R[b]] (R[a], ...), whose signature must be x (note 3)',
    'SF',
  ],
  ['return', '', 'return without a result', 'TF'],
  ['return_value', 'a:src', 'return R[a]', 'TF'],
  ['return_values', 'a:use b:count', 'return R[a], ..., R[a + b - 1]', 'TF'],

  ['i32.eqz', 'a:dst b:src', 'R[a] := R[b] == 0'],
  ['i32.eq', 'a:dst b:src c:src', 'R[a] := R[b] == R[c]'],
  ['i32.ne', 'a:dst b:src c:src', 'R[a] := R[b] != R[c]'],
  ['i32.lt_s', 'a:dst b:src c:src', 'R[a] := R[b] < R[c]'],
  ['i32.lt_u', 'a:dst b:src c:src', 'R[a] := R[b] < R[c], unsigned'],
  ['i32.le_s', 'a:dst b:src c:src', 'R[a] := R[b] <= R[c]'],
  ['i32.le_u', 'a:dst b:src c:src', 'R[a] := R[b] <= R[c], unsigned'],
  ['i32.add', 'a:dst b:src c:src', 'R[a] := R[b] + R[c]'],
  ['i32.sub', 'a:dst b:src c:src', 'R[a] := R[b] - R[c]'],
  ['i32.mul', 'a:dst b:src c:src', 'R[a] := R[b] * R[c]'],
  ['i32.div_s', 'a:dst b:src c:src', 'R[a] := R[b] / R[c], towards zero', 'F'],
  ['i32.div_u', 'a:dst b:src c:src', 'R[a] := R[b] / R[c], unsigned', 'F'],
  ['i32.rem_s', 'a:dst b:src c:src', 'R[a] := R[b] % R[c], sign of R[b]', 'F'],
  ['i32.rem_u', 'a:dst b:src c:src', 'R[a] := R[b] % R[c], unsigned', 'F'],
  ['i32.and', 'a:dst b:src c:src', 'R[a] := R[b] & R[c]'],
  ['i32.or', 'a:dst b:src c:src', 'R[a] := R[b] | R[c]'],
  ['i32.xor', 'a:dst b:src c:src', 'R[a] := R[b] ^ R[c]'],
  ['i32.shl', 'a:dst b:src c:src', 'R[a] := R[b] << (R[c] mod 32)'],
  ['i32.shr_s', 'a:dst b:src c:src', 'R[a] := R[b] >> (R[c] mod 32)'],
  ['i32.shr_u', 'a:dst b:src c:src', 'R[a] := R[b] >> (R[c] mod 32), unsigned'],
  ['i32.rotl', 'a:dst b:src c:src', 'R[a] := R[b] rotated left by R[c] mod 32'],
  ['i32.rotr', 'a:dst b:src c:src', 'R[a] := R[b] rotated right by R[c] mod 32'],
  ['i32.clz', 'a:dst b:src', 'R[a] := leading zeros of R[b]'],
  ['i32.ctz', 'a:dst b:src', 'R[a] := trailing zeros of R[b]'],
  ['i32.popcnt', 'a:dst b:src', 'R[a] := ones in R[b]'],
  ['i32.extend8_s', 'a:dst b:src', 'R[a] := sign-extended low 8 bits of R[b]'],
  ['i32.extend16_s', 'a:dst b:src', 'R[a] := sign-extended low 16 bits of R[b]'],
  ['i32.add_imm', 'a:dst b:src c:s8', 'R[a] := R[b] + c'],
  ['i32.mul_imm', 'a:dst b:src c:s8', 'R[a] := R[b] * c'],
  ['i32.and_imm', 'a:dst b:src c:u8', 'R[a] := R[b] & c'],
  ['i32.and_not_imm', 'a:dst b:src c:u8', 'R[a] := R[b] & ~c'],
  ['i32.or_imm', 'a:dst b:src c:u8', 'R[a] := R[b] | c'],
  ['i32.xor_imm', 'a:dst b:src c:u8', 'R[a] := R[b] ^ c'],
  ['i32.shl_imm', 'a:dst b:src c:u8', 'R[a] := R[b] << (c mod 32)'],
  ['i32.shr_s_imm', 'a:dst b:src c:u8', 'R[a] := R[b] >> (c mod 32)'],
  ['i32.shr_u_imm', 'a:dst b:src c:u8', 'R[a] := R[b] >> (c mod 32), unsigned'],
  ['i32.mul_add', 'a:dst b:src c:src x:src', 'R[a] := R[b] * R[c] + R[x]'],
  ['i32.shl_add', 'a:dst b:src c:src x:u8', 'R[a] := (R[b] << (x mod 32)) + R[c]'],

  ['i64.eqz', 'a:dst b:src', 'R[a] := R[b] == 0, an i32'],
  ['i64.eq', 'a:dst b:src c:src', 'R[a] := R[b] == R[c], an i32'],
  ['i64.ne', 'a:dst b:src c:src', 'R[a] := R[b] != R[c], an i32'],
  ['i64.lt_s', 'a:dst b:src c:src', 'R[a] := R[b] < R[c], an i32'],
  ['i64.lt_u', 'a:dst b:src c:src', 'R[a] := R[b] < R[c], unsigned, an i32'],
  ['i64.le_s', 'a:dst b:src c:src', 'R[a] := R[b] <= R[c], an i32'],
  ['i64.le_u', 'a:dst b:src c:src', 'R[a] := R[b] <= R[c], unsigned, an i32'],
  ['i64.add', 'a:dst b:src c:src', 'R[a] := R[b] + R[c]'],
  ['i64.sub', 'a:dst b:src c:src', 'R[a] := R[b] - R[c]'],
  ['i64.mul', 'a:dst b:src c:src', 'R[a] := R[b] * R[c]'],
  ['i64.div_s', 'a:dst b:src c:src', 'R[a] := R[b] / R[c], towards zero', 'F'],
  ['i64.div_u', 'a:dst b:src c:src', 'R[a] := R[b] / R[c], unsigned', 'F'],
  ['i64.rem_s', 'a:dst b:src c:src', 'R[a] := R[b] % R[c], sign of R[b]', 'F'],
  ['i64.rem_u', 'a:dst b:src c:src', 'R[a] := R[b] % R[c], unsigned', 'F'],
  ['i64.and', 'a:dst b:src c:src', 'R[a] := R[b] & R[c]'],
  ['i64.or', 'a:dst b:src c:src', 'R[a] := R[b] | R[c]'],
  ['i64.xor', 'a:dst b:src c:src', 'R[a] := R[b] ^ R[c]'],
  ['i64.shl', 'a:dst b:src c:src', 'R[a] := R[b] << (R[c] mod 64)'],
  ['i64.shr_s', 'a:dst b:src c:src', 'R[a] := R[b] >> (R[c] mod 64)'],
  ['i64.shr_u', 'a:dst b:src c:src', 'R[a] := R[b] >> (R[c] mod 64), unsigned'],
  ['i64.rotl', 'a:dst b:src c:src', 'R[a] := R[b] rotated left by R[c] mod 64'],
  ['i64.rotr', 'a:dst b:src c:src', 'R[a] := R[b] rotated right by R[c] mod 64'],
  ['i64.clz', 'a:dst b:src', 'R[a] := leading zeros of R[b], an i64'],
  ['i64.ctz', 'a:dst b:src', 'R[a] := trailing zeros of R[b], an i64'],
  ['i64.popcnt', 'a:dst b:src', 'R[a] := ones in R[b], an i64'],
  ['i64.extend8_s', 'a:dst b:src', 'R[a] := sign-extended low 8 bits of R[b]'],
  ['i64.extend16_s', 'a:dst b:src', 'R[a] := sign-extended low 16 bits of R[b]'],
  ['i64.extend32_s', 'a:dst b:src', 'R[a] := sign-extended low 32 bits of R[b]; also i64.extend_i32_s'],
  ['i64.extend_i32_u', 'a:dst b:src', 'R[a] := zero-extended low 32 bits of R[b]'],
  ['i64.add_imm', 'a:dst b:src c:s8', 'R[a] := R[b] + c'],
  ['i64.shl_imm', 'a:dst b:src c:u8', 'R[a] := R[b] << (c mod 64)'],
  ['i64.shr_s_imm', 'a:dst b:src c:u8', 'R[a] := R[b] >> (c mod 64)'],
  ['i64.shr_u_imm', 'a:dst b:src c:u8', 'R[a] := R[b] >> (c mod 64), unsigned'],

  ['f32.eq', 'a:dst b:src c:src', 'R[a] := R[b] == R[c], an i32'],
  ['f32.ne', 'a:dst b:src c:src', 'R[a] := R[b] != R[c], an i32'],
  ['f32.lt', 'a:dst b:src c:src', 'R[a] := R[b] < R[c], an i32'],
  ['f32.le', 'a:dst b:src c:src', 'R[a] := R[b] <= R[c], an i32'],
  ['f32.abs', 'a:dst b:src', 'R[a] := R[b] without its sign'],
  ['f32.neg', 'a:dst b:src', 'R[a] := R[b] with the other sign'],
  ['f32.ceil', 'a:dst b:src', 'R[a] := R[b] rounded up'],
  ['f32.floor', 'a:dst b:src', 'R[a] := R[b] rounded down'],
  ['f32.trunc', 'a:dst b:src', 'R[a] := R[b] rounded towards zero'],
  ['f32.nearest', 'a:dst b:src', 'R[a] := R[b] rounded to nearest, ties to even'],
  ['f32.sqrt', 'a:dst b:src', 'R[a] := square root of R[b]'],
  ['f32.add', 'a:dst b:src c:src', 'R[a] := R[b] + R[c]'],
  ['f32.sub', 'a:dst b:src c:src', 'R[a] := R[b] - R[c]'],
  ['f32.mul', 'a:dst b:src c:src', 'R[a] := R[b] * R[c]'],
  ['f32.div', 'a:dst b:src c:src', 'R[a] := R[b] / R[c]'],
  ['f32.min', 'a:dst b:src c:src', 'R[a] := lesser of R[b], R[c]; -0 below 0; NaN if either is'],
  ['f32.max', 'a:dst b:src c:src', 'R[a] := greater of R[b], R[c]; 0 above -0; NaN if either is'],
  ['f32.copysign', 'a:dst b:src c:src', 'R[a] := R[b] with the sign of R[c]'],

  ['f64.eq', 'a:dst b:src c:src', 'R[a] := R[b] == R[c], an i32'],
  ['f64.ne', 'a:dst b:src c:src', 'R[a] := R[b] != R[c], an i32'],
  ['f64.lt', 'a:dst b:src c:src', 'R[a] := R[b] < R[c], an i32'],
  ['f64.le', 'a:dst b:src c:src', 'R[a] := R[b] <= R[c], an i32'],
  ['f64.abs', 'a:dst b:src', 'R[a] := R[b] without its sign'],
  ['f64.neg', 'a:dst b:src', 'R[a] := R[b] with the other sign'],
  ['f64.ceil', 'a:dst b:src', 'R[a] := R[b] rounded up'],
  ['f64.floor', 'a:dst b:src', 'R[a] := R[b] rounded down'],
  ['f64.trunc', 'a:dst b:src', 'R[a] := R[b] rounded towards zero'],
  ['f64.nearest', 'a:dst b:src', 'R[a] := R[b] rounded to nearest, ties to even'],
  ['f64.sqrt', 'a:dst b:src', 'R[a] := square root of R[b]'],
  ['f64.add', 'a:dst b:src c:src', 'R[a] := R[b] + R[c]'],
  ['f64.sub', 'a:dst b:src c:src', 'R[a] := R[b] - R[c]'],
  ['f64.mul', 'a:dst b:src c:src', 'R[a] := R[b] * R[c]'],
  ['f64.div', 'a:dst b:src c:src', 'R[a] := R[b] / R[c]'],
  ['f64.min', 'a:dst b:src c:src', 'R[a] := lesser of R[b], R[c]; -0 below 0; NaN if either is'],
  ['f64.max', 'a:dst b:src c:src', 'R[a] := greater of R[b], R[c]; 0 above -0; NaN if either is'],
  ['f64.copysign', 'a:dst b:src c:src', 'R[a] := R[b] with the sign of R[c]'],
  ['f64.mul_add', 'a:dst b:src c:src x:src', 'R[a] := R[x] + R[b] * R[c], rounded twice'],
  ['f64.mul_sub', 'a:dst b:src c:src x:src', 'R[a] := R[x] - R[b] * R[c], rounded twice'],

  ['i32.wrap_i64', 'a:dst b:src', 'R[a] := low 32 bits of R[b]'],
  ['i32.trunc_f32_s', 'a:dst b:src', 'R[a] := R[b] towards zero', 'F'],
  ['i32.trunc_f32_u', 'a:dst b:src', 'R[a] := R[b] towards zero, unsigned', 'F'],
  ['i32.trunc_f64_s', 'a:dst b:src', 'R[a] := R[b] towards zero', 'F'],
  ['i32.trunc_f64_u', 'a:dst b:src', 'R[a] := R[b] towards zero, unsigned', 'F'],
  ['i32.trunc_sat_f32_s', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped'],
  ['i32.trunc_sat_f32_u', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped, unsigned'],
  ['i32.trunc_sat_f64_s', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped'],
  ['i32.trunc_sat_f64_u', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped, unsigned'],
  ['i64.trunc_f32_s', 'a:dst b:src', 'R[a] := R[b] towards zero', 'F'],
  ['i64.trunc_f32_u', 'a:dst b:src', 'R[a] := R[b] towards zero, unsigned', 'F'],
  ['i64.trunc_f64_s', 'a:dst b:src', 'R[a] := R[b] towards zero', 'F'],
  ['i64.trunc_f64_u', 'a:dst b:src', 'R[a] := R[b] towards zero, unsigned', 'F'],
  ['i64.trunc_sat_f32_s', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped'],
  ['i64.trunc_sat_f32_u', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped, unsigned'],
  ['i64.trunc_sat_f64_s', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped'],
  ['i64.trunc_sat_f64_u', 'a:dst b:src', 'R[a] := R[b] towards zero, clamped, unsigned'],
  ['f32.convert_i32_s', 'a:dst b:src', 'R[a] := R[b] to nearest'],
  ['f32.convert_i32_u', 'a:dst b:src', 'R[a] := R[b], unsigned, to nearest'],
  ['f32.convert_i64_s', 'a:dst b:src', 'R[a] := R[b] to nearest'],
  ['f32.convert_i64_u', 'a:dst b:src', 'R[a] := R[b], unsigned, to nearest'],
  ['f32.demote_f64', 'a:dst b:src', 'R[a] := R[b] to nearest'],
  ['f64.convert_i32_s', 'a:dst b:src', 'R[a] := R[b]'],
  ['f64.convert_i32_u', 'a:dst b:src', 'R[a] := R[b], unsigned'],
  ['f64.convert_i64_s', 'a:dst b:src', 'R[a] := R[b] to nearest'],
  ['f64.convert_i64_u', 'a:dst b:src', 'R[a] := R[b], unsigned, to nearest'],
  ['f64.promote_f32', 'a:dst b:src', 'R[a] := R[b]'],

  ['i32.load', 'a:dst b:src c:u8', 'R[a] := 32 bits at R[b] + c; also f32.load (note 4)', 'F'],
  ['i32.load8_s', 'a:dst b:src c:u8', 'R[a] := sign-extended byte at R[b] + c', 'F'],
  ['i32.load8_u', 'a:dst b:src c:u8', 'R[a] := byte at R[b] + c', 'F'],
  ['i32.load16_s', 'a:dst b:src c:u8', 'R[a] := sign-extended 16 bits at R[b] + c', 'F'],
  ['i32.load16_u', 'a:dst b:src c:u8', 'R[a] := 16 bits at R[b] + c', 'F'],
  ['i64.load', 'a:dst b:src c:u8', 'R[a] := 64 bits at R[b] + c; also f64.load', 'F'],
  ['i32.store', 'a:src b:src c:u8', '32 bits at R[b] + c := R[a]; also f32.store and i64.store32', 'F'],
  ['i32.store8', 'a:src b:src c:u8', 'byte at R[b] + c := R[a]; also i64.store8', 'F'],
  ['i32.store16', 'a:src b:src c:u8', '16 bits at R[b] + c := R[a]; also i64.store16', 'F'],
  ['i64.store', 'a:src b:src c:u8', '64 bits at R[b] + c := R[a]; also f64.store', 'F'],
  ['i32.load_indexed', 'a:dst b:src c:src', 'R[a] := 32 bits at R[b] + R[c] * 4 (note 5)', 'F'],
  ['i32.load8_s_indexed', 'a:dst b:src c:src', 'R[a] := sign-extended byte at R[b] + R[c]', 'F'],
  ['i32.load8_u_indexed', 'a:dst b:src c:src', 'R[a] := byte at R[b] + R[c]', 'F'],
  ['i32.load16_s_indexed', 'a:dst b:src c:src', 'R[a] := sign-extended 16 bits at R[b] + R[c] * 2', 'F'],
  ['i32.load16_u_indexed', 'a:dst b:src c:src', 'R[a] := 16 bits at R[b] + R[c] * 2', 'F'],
  ['i64.load_indexed', 'a:dst b:src c:src', 'R[a] := 64 bits at R[b] + R[c] * 8', 'F'],
  ['i32.store_indexed', 'a:src b:src c:src', '32 bits at R[b] + R[c] * 4 := R[a]', 'F'],
  ['i32.store8_indexed', 'a:src b:src c:src', 'byte at R[b] + R[c] := R[a]', 'F'],
  ['i32.store16_indexed', 'a:src b:src c:src', '16 bits at R[b] + R[c] * 2 := R[a]', 'F'],
  ['i64.store_indexed', 'a:src b:src c:src', '64 bits at R[b] + R[c] * 8 := R[a]', 'F'],
  ['i32.load_br_if', 'a:dst b:src c:u8 x:j24', 'R[a] := 32 bits at R[b] + c; if R[a] != 0 then pc += x', 'SF'],
  ['i32.load_br_unless', 'a:dst b:src c:u8 x:j24', 'R[a] := 32 bits at R[b] + c; if R[a] == 0 then pc += x', 'SF'],
  [
    'i32.load_indexed_br_if',
    'a:dst b:src c:src x:j24',
    'R[a] := 32 bits at R[b] + R[c] * 4; if R[a] != 0 then pc += x',
    'SF',
  ],
  [
    'i32.load_indexed_br_unless',
    'a:dst b:src c:src x:j24',
    'R[a] := 32 bits at R[b] + R[c] * 4; if R[a] == 0 then pc += x',
    'SF',
  ],
  [
    'i32.load8_s_br_if',
    'a:dst b:src c:u8 x:j24',
    'R[a] := sign-extended byte at R[b] + c; if R[a] != 0 then pc += x',
    'SF',
  ],
  [
    'i32.load8_s_br_unless',
    'a:dst b:src c:u8 x:j24',
    'R[a] := sign-extended byte at R[b] + c; if R[a] == 0 then pc += x',
    'SF',
  ],
  [
    'i32.load8_s_indexed_br_if',
    'a:dst b:src c:src x:j24',
    'R[a] := sign-extended byte at R[b] + R[c]; if R[a] != 0 then pc += x',
    'SF',
  ],
  [
    'i32.load8_s_indexed_br_unless',
    'a:dst b:src c:src x:j24',
    'R[a] := sign-extended byte at R[b] + R[c]; if R[a] == 0 then pc += x',
    'SF',
  ],
  ['i32.load8_u_br_if', 'a:dst b:src c:u8 x:j24', 'R[a] := byte at R[b] + c; if R[a] != 0 then pc += x', 'SF'],
  ['i32.load8_u_br_unless', 'a:dst b:src c:u8 x:j24', 'R[a] := byte at R[b] + c; if R[a] == 0 then pc += x', 'SF'],
  [
    'i32.load8_u_indexed_br_if',
    'a:dst b:src c:src x:j24',
    'R[a] := byte at R[b] + R[c]; if R[a] != 0 then pc += x',
    'SF',
  ],
  [
    'i32.load8_u_indexed_br_unless',
    'a:dst b:src c:src x:j24',
    'R[a] := byte at R[b] + R[c]; if R[a] == 0 then pc += x',
    'SF',
  ],
  ['i32.load_static', 'a:dst bx:u16', 'R[a] := 32 bits at bx * 4', 'F'],
  ['i32.store_static', 'a:src bx:u16', '32 bits at bx * 4 := R[a]', 'F'],
  ['address.offset', 'a:dst b:src x:x24', 'R[a] := R[b] + x; traps where that wraps', 'F'],
  ['memory.size', 'a:dst', 'R[a] := end of the linear memory, in bytes'],
  ['memory.grow', 'a:dst b:src', 'R[a] := old end of the linear memory, which grows by R[b] bytes; or -1', 'S'],
  [
    'memory.copy',
    'a:use b:use c:use',
    'R[c] bytes at R[a] := those at R[b]; leaves the registers undefined (note 6)',
    'SF',
  ],
  [
    'memory.fill',
    'a:use b:src c:use',
    'R[c] bytes at R[a] := low byte of R[b]; leaves R[a], R[c] undefined (note 6)',
    'SF',
  ],
  ['stack.allocate', 'a:dst bx:u16', 'R[a] := memory stack pointer, which then moves up by bx * 16 bytes', 'SF'],
  [
    'stack.allocate_dynamic',
    'a:dst b:src',
    'R[a] := memory stack pointer, which then moves up by R[b] bytes, rounded up to 16',
    'SF',
  ],
  ['stack.get', 'a:dst', 'R[a] := memory stack pointer'],
  ['stack.set', 'a:src', 'memory stack pointer := R[a], which must lie inside the memory stack', 'F'],
];

const VALUE: readonly Row[] = [
  ['move', 'a:dst b:src', 'R[a] := R[b]'],
  ['load_integer', 'a:dst bx:s16', 'R[a] := bx as an integer'],
  ['load_float', 'a:dst bx:s16', 'R[a] := bx as a float'],
  ['load_constant', 'a:dst bx:k16', 'R[a] := K[bx]'],
  ['load_boolean', 'a:dst b:flag', 'R[a] := b != 0'],
  ['load_nil', 'a:use b:u8', 'R[a], ..., R[a + b] := nil'],
  ['get_upvalue', 'a:dst b:up', 'R[a] := U[b]'],
  ['set_upvalue', 'a:src b:up', 'U[b] := R[a]'],
  ['get_closure', 'a:dst', 'R[a] := the closure that runs'],
  ['get_upvalue_field', 'a:dst b:up c:k8', 'R[a] := U[b][K[c]], K[c] a short string', 'SF'],
  ['set_upvalue_field', 'a:up b:k8 c:src', 'U[a][K[b]] := R[c], K[b] a short string', 'SF'],
  ['get_table', 'a:dst b:src c:src', 'R[a] := R[b][R[c]]', 'SF'],
  ['get_field', 'a:dst b:src c:k8', 'R[a] := R[b][K[c]], K[c] a short string', 'SF'],
  ['get_index', 'a:dst b:src c:u8', 'R[a] := R[b][c]', 'SF'],
  ['set_table', 'a:src b:src c:src', 'R[a][R[b]] := R[c]', 'SF'],
  ['set_field', 'a:src b:k8 c:src', 'R[a][K[b]] := R[c], K[b] a short string', 'SF'],
  ['set_index', 'a:src b:u8 c:src', 'R[a][b] := R[c]', 'SF'],
  ['self', 'a:use b:src c:k8', 'R[a + 1] := R[b]; R[a] := R[b][K[c]], K[c] a short string', 'SF'],
  ['new_table', 'a:dst b:u8 c:u8', 'R[a] := {} with room for b array slots and c hash entries', 'SF'],

  ['add', 'a:dst b:src c:src', 'R[a] := R[b] + R[c]', 'SF'],
  ['sub', 'a:dst b:src c:src', 'R[a] := R[b] - R[c]', 'SF'],
  ['mul', 'a:dst b:src c:src', 'R[a] := R[b] * R[c]', 'SF'],
  ['mod', 'a:dst b:src c:src', 'R[a] := R[b] % R[c], floored', 'SF'],
  ['pow', 'a:dst b:src c:src', 'R[a] := R[b] ^ R[c]', 'SF'],
  ['div', 'a:dst b:src c:src', 'R[a] := R[b] / R[c], a float', 'SF'],
  ['idiv', 'a:dst b:src c:src', 'R[a] := R[b] // R[c], floored', 'SF'],
  ['band', 'a:dst b:src c:src', 'R[a] := R[b] & R[c]', 'SF'],
  ['bor', 'a:dst b:src c:src', 'R[a] := R[b] | R[c]', 'SF'],
  ['bxor', 'a:dst b:src c:src', 'R[a] := R[b] ~ R[c]', 'SF'],
  ['shl', 'a:dst b:src c:src', 'R[a] := R[b] << R[c]', 'SF'],
  ['shr', 'a:dst b:src c:src', 'R[a] := R[b] >> R[c], unsigned', 'SF'],
  ['add_k', 'a:dst b:src c:k8', 'R[a] := R[b] + K[c], K[c] a number', 'SF'],
  ['sub_k', 'a:dst b:src c:k8', 'R[a] := R[b] - K[c], K[c] a number', 'SF'],
  ['mul_k', 'a:dst b:src c:k8', 'R[a] := R[b] * K[c], K[c] a number', 'SF'],
  ['mod_k', 'a:dst b:src c:k8', 'R[a] := R[b] % K[c], K[c] a number', 'SF'],
  ['pow_k', 'a:dst b:src c:k8', 'R[a] := R[b] ^ K[c], K[c] a number', 'SF'],
  ['div_k', 'a:dst b:src c:k8', 'R[a] := R[b] / K[c], K[c] a number', 'SF'],
  ['idiv_k', 'a:dst b:src c:k8', 'R[a] := R[b] // K[c], K[c] a number', 'SF'],
  ['band_k', 'a:dst b:src c:k8', 'R[a] := R[b] & K[c], K[c] a number', 'SF'],
  ['bor_k', 'a:dst b:src c:k8', 'R[a] := R[b] | K[c], K[c] a number', 'SF'],
  ['bxor_k', 'a:dst b:src c:k8', 'R[a] := R[b] ~ K[c], K[c] a number', 'SF'],
  ['shl_k', 'a:dst b:src c:k8', 'R[a] := R[b] << K[c], K[c] a number', 'SF'],
  ['shr_k', 'a:dst b:src c:k8', 'R[a] := R[b] >> K[c], unsigned, K[c] a number', 'SF'],
  ['add_left_k', 'a:dst b:src c:k8', 'R[a] := K[c] + R[b], K[c] a number', 'SF'],
  ['sub_left_k', 'a:dst b:src c:k8', 'R[a] := K[c] - R[b], K[c] a number', 'SF'],
  ['mul_left_k', 'a:dst b:src c:k8', 'R[a] := K[c] * R[b], K[c] a number', 'SF'],
  ['div_left_k', 'a:dst b:src c:k8', 'R[a] := K[c] / R[b], K[c] a number', 'SF'],
  ['add_imm', 'a:dst b:src c:s8', 'R[a] := R[b] + c, c an integer', 'SF'],
  ['sub_imm', 'a:dst b:src c:s8', 'R[a] := R[b] - c, c an integer', 'SF'],
  ['negate', 'a:dst b:src', 'R[a] := -R[b]', 'SF'],
  ['bnot', 'a:dst b:src', 'R[a] := ~R[b]', 'SF'],
  ['not', 'a:dst b:src', 'R[a] := not R[b]'],
  ['length', 'a:dst b:src', 'R[a] := #R[b]', 'SF'],
  ['concat', 'a:dst b:use c:u8', 'R[a] := R[b] .. R[b + 1] .. ... .. R[c]; leaves R[b], ..., R[c] undefined', 'SF'],

  ['jump_if', 'a:src bx:j16', 'if R[a] is true (neither nil nor false) then pc += bx', 'S'],
  ['jump_unless', 'a:src bx:j16', 'if R[a] is nil or false then pc += bx', 'S'],
  ['jump_eq', 'a:src b:src c:flag x:j24', 'if (R[a] == R[b]) == c then pc += x', 'SF'],
  [
    'jump_eq_k',
    'a:src b:k8 c:flag x:j24',
    'if (R[a] == K[b]) == c then pc += x, K[b] nil, boolean, number or string',
    'S',
  ],
  ['jump_lt', 'a:src b:src c:flag x:j24', 'if (R[a] < R[b]) == c then pc += x', 'SF'],
  ['jump_le', 'a:src b:src c:flag x:j24', 'if (R[a] <= R[b]) == c then pc += x', 'SF'],
  ['jump_lt_imm', 'a:src b:s8 c:flag x:j24', 'if (R[a] < b) == c then pc += x', 'SF'],
  ['jump_le_imm', 'a:src b:s8 c:flag x:j24', 'if (R[a] <= b) == c then pc += x', 'SF'],
  ['jump_gt_imm', 'a:src b:s8 c:flag x:j24', 'if (R[a] > b) == c then pc += x', 'SF'],
  ['jump_ge_imm', 'a:src b:s8 c:flag x:j24', 'if (R[a] >= b) == c then pc += x', 'SF'],
  ['jump_lt_k', 'a:src b:k8 c:flag x:j24', 'if (R[a] < K[b]) == c then pc += x, K[b] a number', 'SF'],
  ['jump_le_k', 'a:src b:k8 c:flag x:j24', 'if (R[a] <= K[b]) == c then pc += x, K[b] a number', 'SF'],
  ['jump_gt_k', 'a:src b:k8 c:flag x:j24', 'if (R[a] > K[b]) == c then pc += x, K[b] a number', 'SF'],
  ['jump_ge_k', 'a:src b:k8 c:flag x:j24', 'if (R[a] >= K[b]) == c then pc += x, K[b] a number', 'SF'],

  ['call', 'a:use b:count c:count', 'R[a], ..., R[a + c - 2] := R[a](R[a + 1], ..., R[a + b - 1]) (note 7)', 'SF'],
  ['tail_call', 'a:use b:count', 'return R[a](R[a + 1], ..., R[a + b - 1]), in the place of this frame (note 7)', 'SF'],
  ['return', 'a:use b:count', 'return R[a], ..., R[a + b - 2] (note 7)', 'TSF'],
  ['return_none', '', 'return without a value', 'TSF'],
  ['return_one', 'a:src', 'return R[a]', 'TSF'],
  [
    'for_prepare',
    'a:use bx:j16',
    'R[a] initial, R[a + 1] limit, R[a + 2] step: prepare (note 8); if the loop does not run pc += bx',
    'SF',
  ],
  ['for_loop', 'a:use bx:j16', 'if the loop goes on then { step; R[a + 3] := counter; pc += bx } (note 8)', 'S'],
  ['generic_for_prepare', 'a:use bx:j16', 'mark R[a + 3] as to be closed; pc += bx', 'SF'],
  ['generic_for_call', 'a:use c:count', 'R[a + 4], ..., R[a + 3 + c] := R[a](R[a + 1], R[a + 2])', 'SF'],
  ['generic_for_loop', 'a:use bx:j16', 'if R[a + 4] != nil then { R[a + 2] := R[a + 4]; pc += bx }', 'S'],
  ['set_list', 'a:use b:count x:x24', 'R[a][x + i] := R[a + i], 1 <= i <= b (b == 0: up to the top)', 'SF'],
  ['closure', 'a:dst bx:fn', 'R[a] := closure of function bx, upvalues as it declares them', 'SF'],
  ['vararg', 'a:use c:count', 'R[a], ..., R[a + c - 2] := extra arguments (c == 0: all, sets the top)', 'SF'],
  ['close', 'a:use', 'close the upvalues and to-be-closed values at R[a] and above', 'SF'],
  ['to_be_closed', 'a:use', 'mark R[a] as to be closed', 'SF'],
  [
    'protected_call',
    'a:use b:count c:count',
    'R[a], ... := true, results of R[a + 1](R[a + 2], ...); or false, error (note 9)',
    'SF',
  ],
  ['throw', 'a:src', 'raise R[a] as an error', 'TSF'],
];

/** Notes under the table, numbered from 1. */
export const NOTES: readonly string[] = [
  'In a typed function the arguments stand in R[a], R[a + 1], ... in the order of the signature in the syscall (or intrinsic) table, a `bytes` argument as two registers (address, length); the result is left in R[a]. In a value function the arguments stand in R[a], ..., one register each, and the results (as many as the signature says) are left in R[a], .... Either may park the context or stop half-way for fuel and go on: all its state is in the frame.',
  '`br_table` is followed by bx + 1 `extra` words, each a signed jump from the word after the last of them.',
  "The callee's R[0], R[1], ... are the caller's R[a], R[a + 1], ...: arguments and results are not copied. A function of the value family may be called when its signature is declared: arguments and results are converted (i32, i64 to an integer, f32, f64 to a float, and back; a result that cannot be converted traps).",
  'An effective address is never wrapped. It must lie between 1,024 (below is never mapped) and the end of the linear memory. Any alignment works.',
  'The sum of an indexed access is taken modulo 2^32, as i32.add would.',
  'Done in chunks of 1,024 bytes, one instruction each; the registers hold what is left to do, so it can stop and go on between any two. The whole range is checked before the first byte is written. Overlapping is allowed.',
  'b counts the arguments plus 1, c the results plus 1; 0 stands for "up to the top" and "all, sets the top". The top is set by a call, vararg or protected_call with c == 0, or by an intrinsic that leaves any number of values, and used by the call, return or set_list that follows.',
  'Lua 5.4, section 3.3.5. When initial value and step are integers: the number of iterations is computed first, into R[a + 1], and counted down. Otherwise all are floats. R[a] is the internal counter, R[a + 3] the copy that the body sees.',
  'R[a] is the message handler or nil. b counts handler, function and arguments, so b - 2 arguments; c counts the results as `call` does, the leading boolean included.',
];

function parseOperand(text: string): Operand {
  const [field, kind] = text.split(':');
  return { field: field as OperandField, kind: kind as OperandKind };
}

function toOpcode(row: Row, number: number, family: Family): Opcode {
  const [mnemonic, operandText, effect, flags = ''] = row;
  const operands = operandText === '' ? [] : operandText.split(' ').map(parseOperand);
  return {
    number,
    mnemonic,
    family,
    operands,
    length: operands.some((operand) => operand.field === 'x') ? 2 : 1,
    cost: 1,
    isTerminator: flags.includes('T'),
    isSafepoint: flags.includes('S'),
    mayTrap: flags.includes('F'),
    effect,
  };
}

const commonOpcodes = COMMON.map((row, index) => toOpcode(row, index, 'common'));

/** The opcodes of typed functions by number: the common ones, then the typed ones. */
export const TYPED_OPCODES: readonly Opcode[] = [
  ...commonOpcodes,
  ...TYPED.map((row, index) => toOpcode(row, COMMON.length + index, 'typed')),
];

/** The opcodes of value functions by number: the common ones, then the value ones. */
export const VALUE_OPCODES: readonly Opcode[] = [
  ...commonOpcodes,
  ...VALUE.map((row, index) => toOpcode(row, COMMON.length + index, 'value')),
];
