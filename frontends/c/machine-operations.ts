// The opcodes that the C library reaches by name in `__intrinsic(type, "name", ...)`: plain ones, whose operands are a
// destination and sources, and those on memory. Any other name is an intrinsic's.
import { TYPED_OPCODES } from '../../vm/index';

const PLAIN = /^[if](?:32|64)\.(?:clz|ctz|popcnt|rotl|rotr|abs|ceil|floor|trunc|nearest|sqrt|min|max|copysign)$/;

/** How an opcode is added: with a destination in front of its arguments, or without one. */
export interface OpcodeOperation {
  readonly hasResult: boolean;
  /** It changes its argument registers. */
  readonly usesUp: boolean;
}

const OPERATIONS: ReadonlyMap<string, OpcodeOperation> = new Map([
  ...TYPED_OPCODES.filter(({ mnemonic }) => PLAIN.test(mnemonic)).map(({ mnemonic }): [string, OpcodeOperation] => [
    mnemonic,
    { hasResult: true, usesUp: false },
  ]),
  ['stack.allocate_dynamic', { hasResult: true, usesUp: false }],
  ['stack.get', { hasResult: true, usesUp: false }],
  ['stack.set', { hasResult: false, usesUp: false }],
  ['memory.size', { hasResult: true, usesUp: false }],
  ['memory.grow', { hasResult: true, usesUp: false }],
  ['memory.copy', { hasResult: false, usesUp: true }],
  ['memory.fill', { hasResult: false, usesUp: true }],
]);

/** The opcode `name`; undefined when an intrinsic is meant. */
export function opcodeOperation(name: string): OpcodeOperation | undefined {
  return OPERATIONS.get(name);
}
