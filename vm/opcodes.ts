// The one opcode table. Encoder, builder, verifier, assembler, disassembler, the loops' constants
// (opcode-numbers.ts) and docs/bytecode.md are all computed from it. It says nothing about how an opcode is run.
import { type OpcodeRow, TYPED } from './typed-opcodes';

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

const COMMON: readonly OpcodeRow[] = [
  ['trap', 'bx:trap', 'trap(bx)', 'TF'],
  ['extra', 'sj:x24', 'operand of the instruction before; reached by itself it traps', 'TF'],
  ['jump', 'sj:j24', 'pc += sj; backward it is a safepoint', 'TS'],
  ['syscall', 'a:use bx:sys', 'R[a], ... := syscall bx (R[a], ...) (note 1)', 'SF'],
  ['intrinsic', 'a:use bx:intr', 'R[a], ... := intrinsic bx (R[a], ...) (note 1)', 'SF'],
];

const VALUE: readonly OpcodeRow[] = [
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

function toOpcode(row: OpcodeRow, number: number, family: Family): Opcode {
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
