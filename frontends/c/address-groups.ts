// Indexed accesses of one block whose addresses differ by constants, such as the neighbours of an array's element: their
// address is computed once, and each is reached by an offset.
import { createInstruction, type Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { forEachWrite, shapeOfInstruction } from './instruction-shape';
import { formOfAddress, formOfResult, indexShift, type LinearForm, symbolForm } from './linear-form';

/** So many accesses are worth an instruction of their own for the address. */
const FEWEST = 3;
const LARGEST_OFFSET = 255;
/** The largest constant that one instruction takes away. */
const LARGEST_STEP = 128;

interface Member {
  readonly instruction: Instruction;
  readonly offset: number;
}

/** Rewrites such accesses in `graph`; `next` is the first free virtual register, and what is given back. */
export function shareAddresses(graph: FlowGraph, registerCount: number, next: number): number {
  let free = next;
  for (const block of graph.blocks) {
    if (countIndexed(block) < FEWEST) continue;
    for (const group of groupsOf(block, registerCount)) free += shareAddress(block, group, free);
  }
  return free;
}

function countIndexed({ code }: Block): number {
  return code.filter((instruction) => indexShift(instruction) !== undefined).length;
}

/** The indexed accesses of `block`, by the unknown part of their addresses. */
function groupsOf(block: Block, registerCount: number): Member[][] {
  const forms = new Map<number, LinearForm>();
  const groups = new Map<string, Member[]>();
  let symbols = 0;
  // An address does not stay in a register across a call.
  let calls = 0;
  const formOf = (register: number): LinearForm => {
    let form = forms.get(register);
    if (form === undefined) forms.set(register, (form = symbolForm(symbols++)));
    return form;
  };
  for (const instruction of block.code) {
    if (indexShift(instruction) !== undefined) {
      const form = formOfAddress(instruction, formOf);
      if (form !== undefined) {
        const key = `${calls} ${form.key}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [{ instruction, offset: form.offset }]);
        else group.push({ instruction, offset: form.offset });
      }
    }
    if (shapeOfInstruction(instruction).isCall) calls++;
    const result = formOfResult(instruction, formOf);
    forEachWrite(instruction, registerCount, (register) => {
      forms.set(register, result ?? symbolForm(symbols++));
    });
  }
  return [...groups.values()];
}

/** Has the members of `group` use an address in the virtual register `free`, or the one behind: how many that takes. */
function shareAddress(block: Block, group: readonly Member[], free: number): number {
  const distinct = new Set(group.map(({ offset }) => offset));
  const least = Math.min(...distinct);
  const [{ instruction: first, offset }] = group as [Member];
  const isNear = Math.max(...distinct) - least <= LARGEST_OFFSET && offset - least <= LARGEST_STEP;
  if (distinct.size < FEWEST || !isNear) return 0;
  const { token, operands } = first;
  const [, base, index] = operands as [number, number, number];
  const shift = indexShift(first)!;
  const sum =
    shift === 0
      ? createInstruction('i32.add', [free, base, index], token)
      : createInstruction('i32.shl_add', [free, index, base, shift], token);
  const code = [sum];
  if (offset > least) code.push(createInstruction('i32.add_imm', [free + 1, free, least - offset], token));
  const address = free + code.length - 1;
  block.code.splice(block.code.indexOf(first), 0, ...code);
  for (const member of group) {
    member.instruction.mnemonic = member.instruction.mnemonic.replace('_indexed', '');
    member.instruction.operands = [member.instruction.operands[0]!, address, member.offset - least];
  }
  return code.length;
}
