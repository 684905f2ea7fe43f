// Loads, stores and what else touches the linear memory.
import { emit } from './emitter';
import type { Entry } from './entries';
import type { Generation } from './generation';
import type { Lowering } from './instructions';
import type { ValueStack } from './value-stack';

/** What a load or store adds to an address by itself. */
const MOST_SHORT_OFFSET = 0xff;
const STACK_UNIT = 16;
const MOST_STACK_UNITS = 0xffff;

type Load = Extract<Lowering, { kind: 'load' }>;
type Store = Extract<Lowering, { kind: 'store' }>;

/** An access in the machine's form: its mnemonic and the two operands behind the value. */
interface Access {
  readonly mnemonic: string;
  readonly operands: readonly [number, number];
  readonly leaves: readonly number[];
}

export function compileLoad({ stack }: Generation, lowering: Load, offset: number): void {
  stack.settleOrdered();
  const address = stack.pop();
  const access = toAccess(stack, lowering, address, offset);
  stack.pushOrdered({ kind: 'computation', ...access, line: stack.line });
  if (lowering.extension !== null) extend(stack, lowering.extension);
}

function extend(stack: ValueStack, mnemonic: string): void {
  const loaded = stack.pop();
  const register = stack.place(loaded, stack.home(stack.height));
  stack.push({ kind: 'computation', mnemonic, operands: [register], leaves: [register], line: stack.line });
}

export function compileStore({ builder, stack }: Generation, lowering: Store, offset: number): void {
  stack.settleOrdered();
  const value = stack.pop();
  // While the address is still on the stack, so that it is computed first should it need the value's register.
  const register = stack.place(value, stack.home(stack.height));
  const access = toAccess(stack, lowering, stack.pop(), offset);
  builder.line(stack.line);
  emit(builder, access.mnemonic, register, ...access.operands);
}

/** An indexed access if the address is one for elements of this size, else one with an offset. */
function toAccess(stack: ValueStack, { mnemonic, scale }: Load | Store, address: Entry, offset: number): Access {
  const indexed = offset === 0 ? indexedOperands(address, scale) : null;
  if (indexed !== null) return { mnemonic: `${mnemonic}_indexed`, operands: indexed, leaves: indexed };
  const home = stack.home(stack.height);
  const base = stack.place(address, home);
  if (offset <= MOST_SHORT_OFFSET) return { mnemonic, operands: [base, offset], leaves: [base] };
  stack.evaluate(
    { kind: 'computation', mnemonic: 'address.offset', operands: [base, offset], leaves: [base], line: stack.line },
    home,
  );
  return { mnemonic, operands: [home, 0], leaves: [home] };
}

function indexedOperands(address: Entry, scale: number): [number, number] | null {
  if (address.kind === 'address') return address.scale === scale ? [address.base, address.index] : null;
  if (address.kind !== 'computation' || address.mnemonic !== 'i32.add' || scale !== 0) return null;
  return [address.operands[0]!, address.operands[1]!];
}

/** All three registers are left undefined, so values are moved to their homes. */
export function compileCopy({ builder, stack }: Generation): void {
  stack.settleOrdered();
  const destination = stack.settleTop(3);
  builder.line(stack.line);
  emit(builder, 'memory.copy', destination, destination + 1, destination + 2);
  for (let i = 0; i < 3; i++) stack.pop();
}

export function compileFill({ builder, stack }: Generation): void {
  stack.settleOrdered();
  const destination = stack.settleTop(3);
  builder.line(stack.line);
  emit(builder, 'memory.fill', destination, destination + 1, destination + 2);
  for (let i = 0; i < 3; i++) stack.pop();
}

/** The memory stack grows in units; what is larger than the instruction can say goes through a register. */
export function compileStackAllocate({ stack }: Generation, bytes: number): void {
  stack.settleOrdered();
  const { line } = stack;
  const units = Math.ceil(bytes / STACK_UNIT);
  if (units <= MOST_STACK_UNITS) {
    stack.pushOrdered({ kind: 'computation', mnemonic: 'stack.allocate', operands: [units], leaves: [], line });
    return;
  }
  const home = stack.home(stack.height);
  stack.evaluate({ kind: 'constant', bits: { type: 'i32', low: bytes, high: 0 } }, home);
  stack.pushOrdered({
    kind: 'computation',
    mnemonic: 'stack.allocate_dynamic',
    operands: [home],
    leaves: [home],
    line,
  });
}
