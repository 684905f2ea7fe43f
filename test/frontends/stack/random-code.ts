// Random code that balances, in sm and in WebAssembly at once: arithmetic on what lies on the stack, locals that are read
// and set in any order, accesses to a small memory, calls, blocks and loops. It always ends.
import { plainInstructions } from '../../../frontends/stack/instructions';
import type { ValueType } from '../../../vm/index';
import type { Random } from '../../support/random';
import { WASM_OPCODES } from './wasm-opcodes';

/** The parameters of a random function; they are also its locals. */
export const RANDOM_PARAMS: readonly ValueType[] = ['i32', 'i32', 'i32', 'i64', 'i64'];
export const MEMORY_ADDRESS = 1024;
export const MEMORY_LENGTH = 64;
/** In both forms: (i32, i32) -> i32, index 1 of the module. */
export const HELPER = { text: 'func helper(a: i32, b: i32) -> i32\na b i32.sub\nend', body: [0x6b] };

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const CALL = 0x10;
const DROP = 0x1a;
const SELECT = 0x1b;
const BLOCK = 0x02;
const LOOP = 0x03;
const EMPTY_TYPE = 0x40;
const BR_IF = 0x0d;
const END = 0x0b;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const DEEPEST = 3;
const HIGHEST = 40;
/** Locals 0 and 1 are for the code; 2 counts loops and is set by nothing else. */
const COUNTER = 2;
const LOOP_ROUNDS = 3;

const OPERATIONS = plainInstructions().filter(
  ({ name, params, lowering }) =>
    (lowering.kind === 'operation' || lowering.kind === 'rename') &&
    WASM_OPCODES.has(name) &&
    !/reinterpret|copysign|trunc_f|div|rem/.test(name) &&
    params.length > 0,
);
const ACCESSES = plainInstructions().filter(
  ({ name, lowering }) => (lowering.kind === 'load' || lowering.kind === 'store') && name.startsWith('i'),
);

/** Makes one function body. */
export class RandomCode {
  /** With all parameters on the stack at first, as WasmFunction has them. */
  private readonly stack: ValueType[] = [...RANDOM_PARAMS];
  private readonly words: string[] = RANDOM_PARAMS.map((_, i) => `p${i}`);
  private readonly bytes: number[] = [];
  private labels = 0;
  /** Values below belong to the code around the block. */
  private floor = 0;

  constructor(private readonly random: Random) {}

  /** The function as sm text and as WebAssembly's bytes; its result, an i64, depends on all that is left. */
  generate(steps: number): { text: string; body: number[] } {
    this.steps(steps, 0);
    this.collect();
    return { text: this.words.join(' ').replaceAll(' \n ', '\n'), body: this.bytes };
  }

  private steps(count: number, depth: number): void {
    for (let i = 0; i < count; i++) {
      this.step(depth);
      if (i % 12 === 11) this.words.push('\n');
    }
  }

  private step(depth: number): void {
    const choice = this.random.below(100);
    if (this.stack.length > HIGHEST) this.dropDownTo(this.floor);
    else if (choice < 22) this.get();
    else if (choice < 34) this.set();
    else if (choice < 44) this.constant();
    else if (choice < 50) this.access();
    else if (choice < 54) this.call();
    else if (choice < 58) this.select();
    else if (choice < 60) this.dropTop();
    else if (choice < 64 && depth < DEEPEST) this.block(depth);
    else if (choice < 66 && depth === 0) this.loop();
    else this.operation();
  }

  private emit(word: string, ...bytes: number[]): void {
    this.words.push(word);
    this.bytes.push(...bytes);
  }

  private get(): void {
    const index = this.random.below(RANDOM_PARAMS.length);
    this.emit(`p${index}`, LOCAL_GET, index);
    this.stack.push(RANDOM_PARAMS[index]!);
  }

  /** Sets a local to the top, or tees it. */
  private set(): void {
    const type = this.stack[this.stack.length - 1];
    if (this.stack.length === this.floor || (type !== 'i32' && type !== 'i64')) return;
    const index = type === 'i32' ? this.random.below(COUNTER) : 3 + this.random.below(2);
    if (this.random.below(3) === 0) {
      this.emit(`local.tee p${index}`, LOCAL_TEE, index);
    } else {
      this.emit(`=p${index}`, LOCAL_SET, index);
      this.stack.pop();
    }
  }

  private constant(): void {
    const value = this.random.below(4) === 0 ? this.random.below(1 << 20) : this.random.below(300) - 150;
    const type = this.random.below(3) === 0 ? 'i64' : 'i32';
    this.emit(`${type}.const ${value}`, type === 'i32' ? I32_CONST : I64_CONST, ...signedLeb128(value));
    this.stack.push(type);
  }

  private operation(): void {
    const fitting = OPERATIONS.filter(({ params }) => this.has(params));
    if (fitting.length === 0) {
      this.get();
      return;
    }
    const { name, params, results } = fitting[this.random.below(fitting.length)]!;
    this.emit(name, ...WASM_OPCODES.get(name)!);
    this.stack.length -= params.length;
    this.stack.push(...results);
  }

  /** An address made of the low bits of the top; a store takes a local. */
  private access(): void {
    if (!this.has(['i32'])) return;
    const { name, lowering, params, results } = ACCESSES[this.random.below(ACCESSES.length)]!;
    const scale = this.random.below(4);
    const mask = (MEMORY_LENGTH - 8) >> scale;
    this.emit(`i32.const ${mask} i32.and`, I32_CONST, ...signedLeb128(mask), 0x71);
    this.emit(`i32.const ${scale} i32.shl`, I32_CONST, ...signedLeb128(scale), 0x74);
    this.emit(`i32.const ${MEMORY_ADDRESS} i32.add`, I32_CONST, ...signedLeb128(MEMORY_ADDRESS), 0x6a);
    if (lowering.kind === 'store') this.storedValue(params[1]!);
    this.emit(name, ...WASM_OPCODES.get(name)!, 0, 0);
    this.stack.pop();
    this.stack.push(...results);
  }

  private storedValue(type: ValueType): void {
    if (type === 'i32') this.emit('p0 p1 i32.xor', LOCAL_GET, 0, LOCAL_GET, 1, 0x73);
    else this.emit('p3', LOCAL_GET, 3);
  }

  private call(): void {
    if (!this.has(['i32', 'i32'])) return;
    this.emit('call helper', CALL, 1);
    this.stack.pop();
  }

  private select(): void {
    const [second, first] = [this.stack[this.stack.length - 2], this.stack[this.stack.length - 3]];
    if (!this.has(['i32']) || this.stack.length - 3 < this.floor || first !== second) return;
    this.emit('select', SELECT);
    this.stack.length -= 2;
  }

  private dropTop(): void {
    if (this.stack.length > this.floor) this.dropDownTo(this.stack.length - 1);
  }

  private dropDownTo(height: number): void {
    while (this.stack.length > height) {
      this.emit('drop', DROP);
      this.stack.pop();
    }
  }

  /** Code that is skipped when the top is not 0. */
  private block(depth: number): void {
    if (!this.has(['i32'])) return;
    const label = `l${this.labels++}`;
    // The condition is computed before the block begins, and carried in by way of a local.
    this.emit('=p0', LOCAL_SET, 0);
    this.stack.pop();
    this.bytes.push(BLOCK, EMPTY_TYPE);
    this.emit(
      this.random.below(2) === 0 ? `p0 br_if ${label}` : `p0 i32.eqz i32.eqz br_if ${label}`,
      LOCAL_GET,
      0,
      BR_IF,
      0,
    );
    this.inside(6, depth);
    this.bytes.push(END);
    this.words.push(`${label}:`);
  }

  private loop(): void {
    const label = `l${this.labels++}`;
    this.emit(`${LOOP_ROUNDS} =p${COUNTER} ${label}:`, I32_CONST, LOOP_ROUNDS, LOCAL_SET, COUNTER, LOOP, EMPTY_TYPE);
    this.inside(10, 1);
    this.emit(
      `p${COUNTER} 1 i32.sub local.tee p${COUNTER} br_if ${label}`,
      ...[LOCAL_GET, COUNTER, I32_CONST, 1, 0x6b, LOCAL_TEE, COUNTER, BR_IF, 0, END],
    );
  }

  /** Code that leaves the stack as it was and does not reach below. */
  private inside(steps: number, depth: number): void {
    const { floor } = this;
    this.floor = this.stack.length;
    this.steps(steps, depth + 1);
    this.dropDownTo(this.floor);
    this.floor = floor;
  }

  /** Mixes all values on the stack, then all locals, into one. */
  private collect(): void {
    while (this.stack.length > 0) {
      const type = this.stack.pop()!;
      if (type === 'f32') this.emit('f64.promote_f32', 0xbb);
      // Which bits a NaN has is WebAssembly's to choose, so they must not show.
      if (type[0] === 'f') this.emit('i64.trunc_sat_f64_s', 0xfc, 0x06);
      if (type === 'i32') this.emit('i64.extend_i32_s', 0xac);
      this.emit('p3 i64.const 31 i64.mul i64.add =p3', LOCAL_GET, 3, I64_CONST, 31, 0x7e, 0x7c, LOCAL_SET, 3);
    }
    for (const index of [0, 1]) this.emit(`p${index} i64.extend_i32_s`, LOCAL_GET, index, 0xac);
    this.emit('i64.add p3 i64.xor p4 i64.add', 0x7c, LOCAL_GET, 3, 0x85, LOCAL_GET, 4, 0x7c);
  }

  private has(types: readonly ValueType[]): boolean {
    const first = this.stack.length - types.length;
    return first >= this.floor && types.every((type, i) => this.stack[first + i] === type);
  }
}

function signedLeb128(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...signedLeb128(rest)];
}
