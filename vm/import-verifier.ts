// What the verifier cannot know and the linker does: that the syscalls and intrinsics that a module names exist, and
// that their registers lie in the frames that call them.
import { instructionsOf, operandIn } from './code-walk';
import { opcodesOf } from './encoding';
import { ModuleError } from './errors';
import type { FunctionDefinition, Module } from './module';
import { Pace, type Steps } from './steps';

/** Instructions that are looked at in one step. */
const STEP_INSTRUCTIONS = 1024;

/**
 * The number of registers from R[a] on that a syscall or an intrinsic reads or writes in a function of that family;
 * undefined when there is none of that name.
 */
export type ImportRegisters = (
  kind: 'syscall' | 'intrinsic',
  name: string,
  family: FunctionDefinition['family'],
) => number | undefined;

/** Throws ModuleError (`module.import`, `module.register`). The module must have been verified. */
export function* verifyImports(module: Module, registersOf: ImportRegisters): Steps<void> {
  // Text that a program loads imports nothing, and is linked between the turns of others.
  if (module.syscalls.length === 0 && module.intrinsics.length === 0) return;
  const pace = new Pace(STEP_INSTRUCTIONS);
  for (const [index, definition] of module.functions.entries()) {
    const { code, family, registerCount } = definition;
    for (const instruction of instructionsOf(code, opcodesOf(family))) {
      if (pace.isOver()) yield;
      const { mnemonic } = instruction.opcode;
      if (mnemonic !== 'syscall' && mnemonic !== 'intrinsic') continue;
      const names = mnemonic === 'syscall' ? module.syscalls : module.intrinsics;
      const name = names[operandIn(instruction, 'bx')]!;
      const place = { function: index, pc: instruction.pc };
      const registers = registersOf(mnemonic, name, family);
      if (registers === undefined) throw new ModuleError('module.import', `${mnemonic} '${name}'`, place);
      if (operandIn(instruction, 'a') + registers > registerCount) {
        throw new ModuleError('module.register', `${mnemonic} '${name}' needs ${registers}`, place);
      }
    }
  }
}
