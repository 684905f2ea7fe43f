// Where things live while a function is generated: registers in use, like a stack, and the function's block of the
// memory stack.
import { MAX_REGISTERS, MAX_VARIABLE_REGISTERS, STACK_ALIGNMENT } from './limits';
import { roundUp } from './record-layout';
import type { LocalVariable } from './typed-tree';
import { isScalar, sizeOf } from './types';

/** Where a variable lives. */
export type Location =
  | { readonly kind: 'register'; readonly register: number }
  /** In the function's block of the memory stack. */
  | { readonly kind: 'frame'; readonly offset: number }
  /** At the address in a register: a struct that was passed. */
  | { readonly kind: 'pointer'; readonly register: number };

/** Thrown when the registers run out; becomes a diagnostic. */
export class OutOfRegisters extends Error {}

/** What has been given out at some point, to go back to. */
export interface FrameMark {
  readonly top: number;
  readonly firstTemporary: number;
  readonly memoryTop: number;
  readonly pinnedTop: number;
}

/** The registers and the memory block of one function. */
export class Frame {
  /** The next free register. */
  top = 0;
  /** Registers from here on are temporaries: no variable lives there. */
  firstTemporary = 0;
  /** How many registers the function needs. */
  registerCount = 1;
  /** Bytes of the memory block in use, and needed at most. */
  memoryTop = 0;
  memorySize = 0;
  private pinnedTop = 0;
  /** Holds the address of the memory block; -1 without one. */
  baseRegister = -1;
  private readonly locations = new Map<LocalVariable, Location>();

  /** A fresh temporary register. */
  allocate(): number {
    const register = this.top++;
    if (this.top > MAX_REGISTERS) throw new OutOfRegisters();
    if (this.top > this.registerCount) this.registerCount = this.top;
    return register;
  }

  /** Makes sure that registers below `count` exist, as the window of a call needs. */
  reach(count: number): void {
    if (count > MAX_REGISTERS) throw new OutOfRegisters();
    if (count > this.registerCount) this.registerCount = count;
  }

  mark(): FrameMark {
    const { top, firstTemporary, memoryTop, pinnedTop } = this;
    return { top, firstTemporary, memoryTop, pinnedTop };
  }

  /** Frees what was given out since `mark`, memory included. */
  release(mark: FrameMark): void {
    this.releaseRegisters(mark);
    this.memoryTop = mark.memoryTop;
    this.pinnedTop = mark.pinnedTop;
  }

  /** Frees the registers given out since `mark`; what lies in memory may still be needed. */
  releaseRegisters(mark: FrameMark): void {
    this.top = mark.top;
    this.firstTemporary = mark.firstTemporary;
  }

  /** Frees what a statement has taken; compound literals last until the end of the block. */
  releaseStatement(mark: FrameMark): void {
    this.releaseRegisters(mark);
    this.memoryTop = Math.max(mark.memoryTop, this.pinnedTop);
  }

  /** Keeps all memory that is in use until the end of the block. */
  pinMemory(): void {
    this.pinnedTop = this.memoryTop;
  }

  /** An offset in the memory block. */
  allocateMemory(size: number, alignment: number): number {
    const offset = roundUp(this.memoryTop, Math.min(alignment, STACK_ALIGNMENT));
    this.memoryTop = offset + Math.max(size, 1);
    if (this.memoryTop > this.memorySize) this.memorySize = this.memoryTop;
    return offset;
  }

  /** Gives `variable` its place. Only where no temporary is in use. */
  declare(variable: LocalVariable): Location {
    const inRegister = livesInRegister(variable) && (this.top < MAX_VARIABLE_REGISTERS || this.baseRegister < 0);
    const location: Location = inRegister
      ? { kind: 'register', register: this.allocate() }
      : { kind: 'frame', offset: this.allocateMemory(sizeOf(variable.type), variable.alignment) };
    this.locations.set(variable, location);
    this.firstTemporary = this.top;
    return location;
  }

  place(variable: LocalVariable, location: Location): void {
    this.locations.set(variable, location);
  }

  /** Where `variable` lives; undefined before its declaration (reached by goto only, or in its own initialiser). */
  find(variable: LocalVariable): Location | undefined {
    return this.locations.get(variable);
  }
}

/** Whether `variable` needs no place in memory. */
export function livesInRegister(variable: LocalVariable): boolean {
  return isScalar(variable.type) && !variable.isAddressTaken;
}
