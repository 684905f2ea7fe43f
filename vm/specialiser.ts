// Makes a function of the host's language out of code that runs often: the value loop, specialised for the instructions of a few
// functions (the first projection of Futamura 1971; Jones, Gomard and Sestoft 1993, section 1.5). Nothing is translated: each
// instruction becomes the loop's own text for its opcode, with its word as a literal, one behind the other as they stand in the code.
// So what an instruction does, what it is charged, and where the context may stop are the loop's by construction; what is
// saved is the dispatch, and that operands are computed anew each time. All state stays in the heap, as the loop has it.
//
// The text is made of the templates that the build has taken from the loop, and of numbers: nothing of what a guest has written is
// in it.
import TEMPLATES from '../.build/loops/value-loop.txt';
import { type Instruction, instructionsOf, jumpTargets } from './code-walk';
import type { Context } from './context';
import { InternalError } from './errors';
import { attend, executeTraced } from './hooks';
import { VALUE_OPCODES } from './opcodes';
import { FUNCTION_END, FUNCTION_ROW_SHIFT, FUNCTION_START, type Program } from './program';
import { closeUpvalues } from './upvalues';
import { firstGuestPlace } from './value-errors';
import { framesLimit, stackLimit } from './value-frame';
import { Stop } from './value-loop';
import { findField, findStringMethod, placeField } from './value-probe';
import { executeIntrinsic, executeSlowly } from './value-slow';
import { copyValue, writeWords } from './values';

/** Runs the current frame and those that it calls, as the value loop does, until the code is another function's (ELSEWHERE). */
export type SpecialisedCode = (context: Context) => number;

/** The loop taken apart: see tools/loop-templates.mjs. */
interface Templates {
  /** Names of the functions that the loop calls. */
  readonly helpers: readonly string[];
  readonly before: string;
  /** By opcode. `$next` ends an instruction that goes on with the next, `$jump` one that has moved `pc`. */
  readonly cases: Readonly<Record<string, string>>;
  readonly behind: string;
}

/**
 * Characters of the instructions' text, half as many bytes of V8's bytecode: it optimises no function of more than 60 KB, and the
 * longer it is, the later.
 */
const MOST_TEXT = 80_000;
/** The same with functions that are not hot. */
const TEXT_WITH_OTHERS = 40_000;
/** A text that occurs more than once may stand in the function once if it is longer. */
const SHARED_TEXT = 600;
/** What an instruction takes beside its template. */
const LABEL_TEXT = 40;

/** Goes on with the instruction behind `pc`, wherever that is. */
const ONWARD = '{ pc = pc + 1 & 268435455; at = places[pc]; continue run; }';

/** What the loop calls, by its name there. */
const HELPERS: Readonly<Record<string, unknown>> = {
  attend,
  closeUpvalues,
  copyValue,
  executeIntrinsic,
  executeSlowly,
  executeTraced,
  findField,
  findStringMethod,
  firstGuestPlace,
  framesLimit,
  placeField,
  stackLimit,
  writeWords,
};

let templates: Templates | null = null;
/** A page's policy, or a flag of Node's, lets nobody make functions of text: asked for once, since pages report each attempt. */
let isForbidden = false;

/**
 * Code for functions of the program (flat indices): for the first of `wanted`, and for as many of the others, in their order, as
 * there is room for; to those that are hot, long instructions make room. Null when there is none for the first, or when the host
 * lets nobody make functions of text.
 */
export function specialise(
  program: Program,
  wanted: readonly number[],
  isHot: (index: number) => boolean,
): { readonly run: SpecialisedCode; readonly functions: readonly number[] } | null {
  if (isForbidden) return null;
  templates ??= JSON.parse(TEMPLATES) as Templates;
  const size = new Size(program, templates);
  const chosen = wanted.slice(0, 1);
  if (!size.admits(wanted[0]!, true)) return null;
  for (const index of wanted.slice(1)) if (size.admits(index, isHot(index))) chosen.push(index);
  const { code, places } = new CodeText(program, chosen, templates, size.sharedOpcodes()!).write();
  try {
    const make = new Function(...templates.helpers, 'places', code);
    return { run: make(...templates.helpers.map(helper), places), functions: chosen };
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    isForbidden = true;
    return null;
  }
}

function helper(name: string): unknown {
  const found = HELPERS[name];
  if (found === undefined) throw new InternalError(`the loop calls ${name}, which specialised code has not`);
  return found;
}

/** Visits each instruction of a value function with the pc of it and of where it jumps to; that is -1 where only the heap says it. */
export function eachInstruction(
  { code, functions }: Program,
  index: number,
  visit: (pc: number, instruction: Instruction, target: number) => void,
): void {
  const row = index << FUNCTION_ROW_SHIFT;
  const start = functions[row + FUNCTION_START]!;
  const own = code.subarray(start, functions[row + FUNCTION_END]);
  for (const instruction of instructionsOf(own, VALUE_OPCODES)) {
    const [target] = jumpTargets(instruction, own);
    visit(start + instruction.pc, instruction, target === undefined ? -1 : start + target);
  }
}

/** How long the text of some functions is. */
class Size {
  private uses = new Map<number, number>();

  constructor(
    private readonly program: Program,
    private readonly templates: Templates,
  ) {}

  /** Takes the function in, if there is room; with `mayShare` long texts may come to stand there once for it. */
  admits(index: number, mayShare: boolean): boolean {
    const before = this.uses;
    this.uses = new Map(before);
    eachInstruction(this.program, index, (_, { opcode: { number } }) => {
      this.uses.set(number, (this.uses.get(number) ?? 0) + 1);
    });
    const fits = mayShare ? this.sharedOpcodes() !== null : this.length() <= TEXT_WITH_OTHERS;
    if (!fits) this.uses = before;
    return fits;
  }

  /** Opcodes whose text has to stand there once, the longest first; null when it is too long then. */
  sharedOpcodes(): readonly number[] | null {
    let length = this.length();
    const shared: number[] = [];
    const longest = [...this.uses.keys()].sort((left, right) => this.lengthOf(right) - this.lengthOf(left));
    for (const opcode of longest) {
      if (length <= MOST_TEXT || this.lengthOf(opcode) < SHARED_TEXT) break;
      const uses = this.uses.get(opcode)!;
      if (uses < 2) continue;
      shared.push(opcode);
      length -= (uses - 1) * this.lengthOf(opcode);
    }
    return length <= MOST_TEXT ? shared : null;
  }

  private length(): number {
    let length = 0;
    for (const [opcode, uses] of this.uses) length += uses * (this.lengthOf(opcode) + LABEL_TEXT);
    return length;
  }

  private lengthOf(opcode: number): number {
    return this.templates.cases[opcode]?.length ?? 0;
  }
}

/** The text of the code. */
class CodeText {
  /** By pc the number of its case; 0: it is elsewhere. */
  private readonly places: Uint16Array;
  /** Opcodes whose text stands there once, by the number of its case. */
  private readonly shared = new Map<number, number>();
  private count = 0;

  constructor(
    private readonly program: Program,
    private readonly functions: readonly number[],
    private readonly templates: Templates,
    private readonly longOpcodes: readonly number[],
  ) {
    this.places = new Uint16Array(program.code.length);
  }

  write(): { readonly code: string; readonly places: Uint16Array } {
    this.eachInstruction((pc) => {
      this.places[pc] = ++this.count;
    });
    for (const opcode of this.longOpcodes) this.shared.set(opcode, ++this.count);
    const { before, cases, behind } = this.templates;
    let instructions = '';
    this.eachInstruction((pc, instruction, target) => {
      instructions += this.instruction(pc, instruction.opcode.number, target);
    });
    for (const [opcode, number] of this.shared) instructions += this.sharedCase(opcode, number);
    const code = `return function specialised(context) {${before}
      let word = 0;
      run: for (let at = places[pc]; ; ) { switch (at) {
${instructions}
default: ${cases[Stop.ENTER]}
} }
${behind}}`;
    return { code, places: this.places };
  }

  private eachInstruction(visit: (pc: number, instruction: Instruction, target: number) => void): void {
    for (const index of this.functions) eachInstruction(this.program, index, visit);
  }

  private instruction(pc: number, opcode: number, target: number): string {
    const { code } = this.program;
    const word = code[pc]!;
    const start = `case ${this.places[pc]}: pc = ${pc};`;
    const template = this.templates.cases[opcode];
    if (template === undefined) return `${start} break run;\n`;
    const shared = this.shared.get(opcode);
    if (shared !== undefined) return `${start} word = ${word}; at = ${shared}; continue run;\n`;
    const jump = target < 0 ? ONWARD : `{ pc = ${target}; at = ${this.places[target]}; continue run; }`;
    const text = withWord(template, word)
      .replaceAll('jumps[pc] >> 8', `(${(code[pc + 1] ?? 0) >> 8})`)
      .replaceAll('$next;', 'break step;')
      .replaceAll('$jump;', jump);
    return `${start} step: {\n${text}\n}\n`;
  }

  private sharedCase(opcode: number, number: number): string {
    const text = this.templates.cases[opcode]!.replaceAll(/\$(?:next|jump);/g, ONWARD);
    return `case ${number}: {\nlet ins = word;\n${text}\n}\n`;
  }
}

/** A template with the word's fields as literals; where it changes the word, with the word as a variable. */
function withWord(template: string, word: number): string {
  if (/\bins = /.test(template)) return `let ins = ${word};\n${template}`;
  return template.replaceAll(
    /\bins >>> (\d+) & (\d+)|\bins >>> (\d+) << (\d+)|\bins (>>>|>>|<<) (\d+)|\bins\b/g,
    (_, field, mask, high, low, operator, shift) => {
      if (mask !== undefined) return `${(word >>> field) & mask}`;
      if (low !== undefined) return `${(word >>> high) << low}`;
      if (operator === '>>>') return `${word >>> shift}`;
      if (operator === '>>') return `(${word >> shift})`;
      return `(${operator === '<<' ? word << shift : word})`;
    },
  );
}
