// Hands the symbolic code of one function to the module builder.
import { type Label as BuilderLabel, type FunctionBuilder, TYPED_OPCODES } from '../../vm/index';
import { type CodeItem, type Instruction, isLabel, type Label } from './code-list';

const NUMBERS: ReadonlyMap<string, number> = new Map(TYPED_OPCODES.map(({ mnemonic, number }) => [mnemonic, number]));

/** Adds `items` to `builder`. */
export function emitFunction(items: readonly CodeItem[], registerCount: number, builder: FunctionBuilder): void {
  const labels = new Map<Label, BuilderLabel>();
  const labelOf = (label: Label): BuilderLabel => {
    let known = labels.get(label);
    if (known === undefined) labels.set(label, (known = builder.newLabel()));
    return known;
  };
  for (const item of items) {
    if (isLabel(item)) builder.bind(labelOf(item));
    else emitInstruction(item, builder, labelOf);
  }
  builder.reserveRegisters(registerCount);
}

function emitInstruction(item: Instruction, builder: FunctionBuilder, labelOf: (label: Label) => BuilderLabel): void {
  const { mnemonic, operands, target, targets, constant, token } = item;
  const number = NUMBERS.get(mnemonic);
  if (number === undefined) throw new Error(`no opcode ${mnemonic}`);
  builder.line(token.line);
  if (target !== undefined) builder.emitJump(number, labelOf(target), ...operands);
  else if (targets !== undefined) builder.emitTable(number, operands[0]!, targets.map(labelOf));
  else if (constant !== undefined) builder.emit(number, ...operands, builder.constants.add(constant));
  else builder.emit(number, ...operands);
}
