// What registers are called in the source, for messages such as "attempt to index a nil value (field 'x')": the
// symbolic execution that Lua does when an error occurs, done here once, forward, while a function is translated.
import type { Constant } from '../../vm/index';
import { bytesToLatin1 } from './literals';
import { constantIndex, type Instruction, isConstantOperand, OP, type Prototype } from './prototype';

export interface ValueName {
  readonly kind: 'local' | 'global' | 'field' | 'method' | 'upvalue' | 'constant';
  readonly name: string;
}

const WRITES_NOTHING: ReadonlySet<number> = new Set([
  OP.SETTABUP, OP.SETUPVAL, OP.SETTABLE, OP.JMP, OP.EQ, OP.LT, OP.LE, OP.TEST, OP.RETURN, OP.SETLIST, OP.EXTRAARG, OP.TBC,
]); // biome-ignore format: rows

/** Follows one function's code from its start: `advanceTo` the instructions in order, then ask for names. */
export class OperandNames {
  /** What each register that is not a local variable holds, and the pc that put it there. */
  private readonly names: (ValueName | null)[];
  private readonly writers: number[];
  /** By target of forward jumps: the first of them. What is written between the two may not have happened. */
  private readonly jumps: ReadonlyMap<number, number>;
  /** Names of the active local variables, by register. */
  private readonly locals: (string | null)[];
  private readonly events: Map<number, { register: number; name: string | null }[]>;

  constructor(private readonly prototype: Prototype) {
    this.names = new Array(prototype.registerCount + 1).fill(null);
    this.writers = new Array(prototype.registerCount + 1).fill(-1);
    this.locals = new Array(prototype.registerCount + 1).fill(null);
    this.jumps = forwardJumps(prototype.code);
    this.events = localEvents(prototype);
  }

  /** Moves to the instruction at `pc`: names are now those before it. */
  advanceTo(pc: number): void {
    for (const { register, name } of this.events.get(pc) ?? []) this.locals[register] = name;
    const jump = this.jumps.get(pc);
    if (jump === undefined) return;
    for (let register = 0; register < this.names.length; register++) {
      if (this.writers[register]! > jump) this.names[register] = null;
    }
  }

  /** The name of what `register` holds; null when there is none. */
  nameOf(register: number): ValueName | null {
    const local = this.locals[register];
    return local != null ? { kind: 'local', name: local } : (this.names[register] ?? null);
  }

  isLocal(register: number): boolean {
    return this.locals[register] != null;
  }

  /** Notes what the instruction at `pc` writes. */
  execute(pc: number, instruction: Instruction): void {
    const { opcode, A, B } = instruction;
    if (WRITES_NOTHING.has(opcode)) return;
    if (opcode === OP.CALL || opcode === OP.TAILCALL) this.writeFrom(pc, A);
    else if (opcode === OP.TFORCALL) this.writeFrom(pc, A + 2);
    else if (opcode === OP.LOADNIL)
      for (let register = A; register <= A + B; register++) this.write(pc, register, null);
    else this.write(pc, A, this.nameOfResult(pc, instruction));
  }

  private write(pc: number, register: number, name: ValueName | null): void {
    this.names[register] = name;
    this.writers[register] = pc;
  }

  private writeFrom(pc: number, first: number): void {
    for (let register = first; register < this.names.length; register++) this.write(pc, register, null);
  }

  private nameOfResult(pc: number, { opcode, A, B, C, Bx }: Instruction): ValueName | null {
    const { upvalues, constants, code } = this.prototype;
    switch (opcode) {
      case OP.MOVE:
        return B < A ? this.nameOf(B) : null;
      case OP.GETTABUP:
        return { kind: upvalues[B]!.name === '_ENV' ? 'global' : 'field', name: this.keyName(C) };
      case OP.GETTABLE:
        return { kind: this.locals[B] === '_ENV' ? 'global' : 'field', name: this.keyName(C) };
      case OP.SELF:
        return { kind: 'method', name: this.keyName(C) };
      case OP.GETUPVAL:
        return { kind: 'upvalue', name: upvalues[B]!.name };
      case OP.LOADK:
      case OP.LOADKX: {
        const constant = constants[opcode === OP.LOADK ? Bx : code[pc + 1]!.Ax]!;
        return constant.kind === 'string' ? { kind: 'constant', name: stringName(constant.bytes) } : null;
      }
      default:
        return null;
    }
  }

  /** The name of a key: a string constant is its own; Lua has no better word for other keys. */
  private keyName(operand: number): string {
    if (!isConstantOperand(operand)) {
      const name = this.nameOf(operand);
      return name?.kind === 'constant' ? name.name : '?';
    }
    const constant = this.prototype.constants[constantIndex(operand)]!;
    if (constant.kind === 'string') return stringName(constant.bytes);
    return isSmallIndex(constant) ? 'integer index' : '?';
  }
}

/** Integers that Lua 5.4 puts into the instruction. */
export function isSmallIndex(constant: Constant): boolean {
  return constant.kind === 'integer' && constant.high === 0 && constant.low >= 0 && constant.low <= 255;
}

const LONGEST_NAME = 200;

/** A string as a name: as Lua prints it, cut at a zero byte. */
export function stringName(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  const visible = bytes.subarray(0, Math.min(zero === -1 ? bytes.length : zero, LONGEST_NAME));
  return visible.every((byte) => byte < 0x80) ? bytesToLatin1(visible) : new TextDecoder().decode(visible);
}

function forwardJumps(code: readonly Instruction[]): Map<number, number> {
  const jumps = new Map<number, number>();
  code.forEach(({ opcode, sBx }, pc) => {
    const target = pc + 1 + sBx;
    if (opcode === OP.JMP && sBx >= 0 && !jumps.has(target)) jumps.set(target, pc);
  });
  return jumps;
}

/** Where local variables begin and end; at one pc the ends come first. */
function localEvents({ locals }: Prototype): Map<number, { register: number; name: string | null }[]> {
  const events = new Map<number, { register: number; name: string | null }[]>();
  const add = (pc: number, register: number, name: string | null) => {
    const list = events.get(pc);
    if (list === undefined) events.set(pc, [{ register, name }]);
    else list.push({ register, name });
  };
  const visible = locals.filter(({ start, end }) => start < end);
  for (const { end, register } of visible) add(end, register, null);
  for (const { start, register, name } of visible) add(start, register, name);
  return events;
}
