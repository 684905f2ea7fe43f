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

/** A function that is to be specialised. Plain data: the text may be written in another thread. */
export interface FunctionCode {
  /** Its flat index. */
  readonly index: number;
  /** The pc of its first word. */
  readonly start: number;
  readonly words: Int32Array;
  /** To a function that is hot, long instructions make room. */
  readonly isHot: boolean;
}

/** Specialised code before it is compiled. Plain data. */
export interface SpecialisedText {
  /** An expression: a function of what the loop calls and of `places`, which makes the code. */
  readonly text: string;
  /** Flat indices of the functions that are in it. */
  readonly functions: readonly number[];
  /** The pc of each case, from case 1 on. */
  readonly pcs: Int32Array;
  /** Where the loop is left for it: at the beginning of its functions, and of their loops. */
  readonly entries: Int32Array;
}

/** What the text comes to. */
export type CodeMaker = (...captured: readonly unknown[]) => SpecialisedCode;

/** Code that is ready to run. */
export interface Specialised extends SpecialisedText {
  readonly run: SpecialisedCode;
}

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
/** Words of the longest function that there can be room for. */
export const MOST_FUNCTION_WORDS = MOST_TEXT / LABEL_TEXT;

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

let parsed: Templates | null = null;
function templates(): Templates {
  parsed ??= JSON.parse(TEMPLATES) as Templates;
  return parsed;
}

let isAllowed: boolean | null = null;

/** Whether functions may be made of text: a page's policy, or a flag of Node's, lets nobody. Asked once, since pages report it. */
export function mayMakeCode(): boolean {
  if (isAllowed === null) {
    try {
      new Function('');
      isAllowed = true;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      isAllowed = false;
    }
  }
  return isAllowed;
}

/** A function of the program, as the text is made of. */
export function functionCode({ code, functions }: Program, index: number, isHot: boolean): FunctionCode {
  const row = index << FUNCTION_ROW_SHIFT;
  const start = functions[row + FUNCTION_START]!;
  // A copy: a message with a part of the code would take all of it along.
  return { index, start, words: code.slice(start, functions[row + FUNCTION_END]), isHot };
}

/**
 * The text for the first of `wanted`, and for as many of the others, in their order, as there is room for. Null when there is none
 * for the first.
 */
export function writeSpecialised(wanted: readonly FunctionCode[]): SpecialisedText | null {
  const size = new Size(templates());
  if (!size.admits(wanted[0]!, true)) return null;
  const chosen = wanted.filter((one, index) => index === 0 || size.admits(one, one.isHot));
  return new CodeText(chosen, templates(), size.sharedOpcodes()!).write();
}

/** Code of a text that the host has compiled, for the program that its functions are of. */
export function makeCode(program: Program, text: SpecialisedText, make: CodeMaker): Specialised {
  const places = new Uint16Array(program.code.length);
  text.pcs.forEach((pc, index) => {
    places[pc] = index + 1;
  });
  return { ...text, run: make(...templates().helpers.map(helper), places) };
}

/** The same at once, in this thread. */
export function specialise(program: Program, wanted: readonly FunctionCode[]): Specialised | null {
  const written = writeSpecialised(wanted);
  return written === null ? null : makeCode(program, written, new Function(`return ${written.text}`)() as CodeMaker);
}

function helper(name: string): unknown {
  const found = HELPERS[name];
  if (found === undefined) throw new InternalError(`the loop calls ${name}, which specialised code has not`);
  return found;
}

/** Visits each instruction of a function with the pc of it and of where it jumps to; that is -1 where only the heap says it. */
function eachInstruction(
  { start, words }: FunctionCode,
  visit: (pc: number, instruction: Instruction, target: number) => void,
): void {
  for (const instruction of instructionsOf(words, VALUE_OPCODES)) {
    const [target] = jumpTargets(instruction, words);
    visit(start + instruction.pc, instruction, target === undefined ? -1 : start + target);
  }
}

/** How long the text of some functions is. */
class Size {
  private uses = new Map<number, number>();

  constructor(private readonly templates: Templates) {}

  /** Takes the function in, if there is room; with `mayShare` long texts may come to stand there once for it. */
  admits(code: FunctionCode, mayShare: boolean): boolean {
    const before = this.uses;
    this.uses = new Map(before);
    eachInstruction(code, (_, { opcode: { number } }) => {
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
  /** By pc the number of its case. */
  private readonly places = new Map<number, number>();
  /** Opcodes whose text stands there once, by the number of its case. */
  private readonly shared = new Map<number, number>();

  constructor(
    private readonly functions: readonly FunctionCode[],
    private readonly templates: Templates,
    private readonly longOpcodes: readonly number[],
  ) {}

  write(): SpecialisedText {
    const { functions, places, shared } = this;
    const entries = new Set(functions.map(({ start }) => start));
    for (const code of functions) {
      eachInstruction(code, (pc, _, target) => {
        places.set(pc, places.size + 1);
        if (target >= 0 && target <= pc) entries.add(target);
      });
    }
    for (const opcode of this.longOpcodes) shared.set(opcode, places.size + shared.size + 1);
    return {
      text: this.expression(),
      functions: functions.map(({ index }) => index),
      pcs: Int32Array.from(places.keys()),
      entries: Int32Array.from(entries),
    };
  }

  /** Functions in parentheses: V8 compiles them at once, and not when they are called first. */
  private expression(): string {
    const { helpers, before, cases, behind } = this.templates;
    let instructions = '';
    for (const code of this.functions) {
      eachInstruction(code, (pc, instruction, target) => {
        instructions += this.instruction(code, pc, instruction.opcode.number, target);
      });
    }
    for (const [opcode, number] of this.shared) instructions += this.sharedCase(opcode, number);
    return `(function (${helpers.join(', ')}, places) { return (function specialised(context) {${before}
      let word = 0;
      run: for (let at = places[pc]; ; ) { switch (at) {
${instructions}
default: ${cases[Stop.ENTER]}
} }
${behind}}) })`;
  }

  private instruction({ start, words }: FunctionCode, pc: number, opcode: number, target: number): string {
    const word = words[pc - start]!;
    const label = `case ${this.places.get(pc)}: pc = ${pc};`;
    const template = this.templates.cases[opcode];
    if (template === undefined) return `${label} break run;\n`;
    const shared = this.shared.get(opcode);
    if (shared !== undefined) return `${label} word = ${word}; at = ${shared}; continue run;\n`;
    // A jump leads to an instruction of the same function.
    const jump = target < 0 ? ONWARD : `{ pc = ${target}; at = ${this.places.get(target)}; continue run; }`;
    const text = withWord(template, word)
      .replaceAll('jumps[pc] >> 8', `(${(words[pc - start + 1] ?? 0) >> 8})`)
      .replaceAll('$next;', 'break step;')
      .replaceAll('$jump;', jump);
    return `${label} step: {\n${text}\n}\n`;
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
