// Which upvalues are the closure of the function that uses them, as in `local function f() ... f() ... end`: variables that
// are set once, by the closure's own instruction. Such a function finds itself in its frame, without going through the heap.
import { type Instruction, OP, type Prototype, type PrototypeLocal } from './prototype';

/** By function: the upvalues that are its own closure. */
export type OwnClosures = ReadonlyMap<Prototype, ReadonlySet<number>>;

/** Looks through `main` and all functions inside it. */
export function findOwnClosures(main: Prototype): OwnClosures {
  const own = new Map<Prototype, Set<number>>();
  visit(main, own);
  return own;
}

/** Notes what the functions inside `prototype` are; the answer is which of its upvalues are set, by it or inside it. */
function visit(prototype: Prototype, own: Map<Prototype, Set<number>>): ReadonlySet<number> {
  const { code, children } = prototype;
  const set = new Set<number>();
  const setInside = new Map<Prototype, ReadonlySet<number>>();
  for (const child of children) setInside.set(child, visit(child, own));
  for (const { opcode, B, Bx } of code) {
    if (opcode === OP.SETUPVAL) set.add(B);
    if (opcode !== OP.CLOSURE) continue;
    const child = children[Bx]!;
    for (const upvalue of setInside.get(child)!) {
      const { fromRegister, index } = child.upvalues[upvalue]!;
      if (!fromRegister) set.add(index);
    }
  }
  code.forEach(({ opcode, A, Bx }, pc) => {
    if (opcode !== OP.CLOSURE) return;
    const child = children[Bx]!;
    const upvalue = child.upvalues.findIndex(({ fromRegister, index }) => fromRegister && index === A);
    // The variable of a local function begins behind the instruction that makes it.
    const local = prototype.locals.find(({ register, start }) => register === A && start === pc + 1);
    if (upvalue < 0 || local === undefined || isSetLater(prototype, local, pc, setInside)) return;
    own.set(child, new Set([upvalue]));
  });
  return set;
}

/** Whether anything sets the variable after the closure at `pc`, which captures it too. */
function isSetLater(
  { code, children }: Prototype,
  { register, end }: PrototypeLocal,
  pc: number,
  setInside: ReadonlyMap<Prototype, ReadonlySet<number>>,
): boolean {
  // At most 200 variables are active at a time, so all of this is no more than 200 times the code.
  for (let at = pc; at < end; at++) {
    const instruction = code[at]!;
    if (at > pc && writes(instruction, register)) return true;
    if (instruction.opcode !== OP.CLOSURE) continue;
    const child = children[instruction.Bx]!;
    for (const upvalue of setInside.get(child)!) {
      const { fromRegister, index } = child.upvalues[upvalue]!;
      if (fromRegister && index === register) return true;
    }
  }
  return false;
}

const WRITES_NO_LOCAL: ReadonlySet<number> = new Set([
  OP.SETTABUP, OP.SETUPVAL, OP.SETTABLE, OP.JMP, OP.EQ, OP.LT, OP.LE, OP.TEST, OP.RETURN, OP.SETLIST, OP.EXTRAARG, OP.TBC,
]); // biome-ignore format: rows

/** Whether it sets the register of a local variable. Calls leave their results above all of them. */
function writes({ opcode, A, B }: Instruction, register: number): boolean {
  if (WRITES_NO_LOCAL.has(opcode)) return false;
  return opcode === OP.LOADNIL ? register >= A && register <= A + B : register === A;
}
