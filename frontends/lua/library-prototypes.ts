// What library code is made of before it is translated, so that every context has less of it: fields whose names nobody
// else sees are numbers, and closures have no upvalue that their function does not use.
import type { Constant } from '../../vm/index';
import { isForm } from './library-forms';
import type { OwnClosures } from './own-closures';
import { OP, type Prototype, type PrototypeUpvalue } from './prototype';

/** Names of the library's own fields: `_` and a small letter. */
const OWN_FIELD = /^_[a-z]/;

/** The functions of one file with numbers, from 1 in the order of their first use, in place of its own fields' names. */
export function numberOwnFields(main: Prototype): Prototype {
  const numbers = new Map<string, Constant>();
  const decoder = new TextDecoder();
  const replace = (constant: Constant): Constant => {
    if (constant.kind !== 'string') return constant;
    const name = decoder.decode(constant.bytes);
    if (!OWN_FIELD.test(name)) return constant;
    if (!numbers.has(name)) numbers.set(name, { kind: 'integer', low: numbers.size + 1, high: 0 });
    return numbers.get(name)!;
  };
  const visit = (prototype: Prototype): Prototype => ({
    ...prototype,
    constants: prototype.constants.map(replace),
    children: prototype.children.map(visit),
  });
  return visit(main);
}

/** The upvalues of a function that it uses, and by the parser's number of each its number among them. */
export interface UsedUpvalues {
  readonly upvalues: readonly PrototypeUpvalue[];
  readonly numbers: ReadonlyMap<number, number>;
}

/** Those of `main`, which keeps its one upvalue, and of all functions inside it. */
export function findUsedUpvalues(main: Prototype, own: OwnClosures): ReadonlyMap<Prototype, UsedUpvalues> {
  const found = new Map<Prototype, UsedUpvalues>();
  const used = usedInside(main, own).add(0);
  number(main, used, (index) => index, own, found);
  return found;
}

/** Numbers the used upvalues of a function and of those inside it; `outer` gives those of the enclosing function. */
function number(
  prototype: Prototype,
  used: ReadonlySet<number>,
  outer: (index: number) => number,
  own: OwnClosures,
  found: Map<Prototype, UsedUpvalues>,
): void {
  const sorted = [...used].sort((left, right) => left - right);
  const numbers = new Map(sorted.map((index, number) => [index, number]));
  const upvalues = sorted.map((upvalue): PrototypeUpvalue => {
    const { fromRegister, index, name } = prototype.upvalues[upvalue]!;
    return { fromRegister, index: fromRegister ? index : outer(index), name };
  });
  found.set(prototype, { upvalues, numbers });
  for (const child of prototype.children) {
    number(child, usedInside(child, own), (index) => numbers.get(index)!, own, found);
  }
}

/** The upvalues that a function's code or the functions inside it use. */
function usedInside(prototype: Prototype, own: OwnClosures): Set<number> {
  const used = usedByCode(prototype, own.get(prototype));
  for (const child of prototype.children) {
    for (const upvalue of usedInside(child, own)) {
      const { fromRegister, index } = child.upvalues[upvalue]!;
      if (!fromRegister) used.add(index);
    }
  }
  return used;
}

function usedByCode(prototype: Prototype, own: ReadonlySet<number> | undefined): Set<number> {
  const used = new Set<number>();
  prototype.code.forEach(({ opcode, A, B }, pc) => {
    if (opcode === OP.GETUPVAL && !own?.has(B)) used.add(B);
    if (opcode === OP.SETUPVAL) used.add(B);
    if (opcode === OP.GETTABUP && !isForm(prototype, pc)) used.add(B);
    if (opcode === OP.SETTABUP) used.add(A);
  });
  return used;
}
