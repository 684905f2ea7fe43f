// The generic for of Lua 5.4 on a parser of Lua 5.3. 5.4 evaluates four values (iterator, state, control, closing
// value) and the body's variables come after them. Here the parser is given a hidden variable in front of the body's,
// in whose register the fourth value belongs, and its code for the expression list is corrected to give four values.
import { codeModule, type ParserBlock, type ParserFunction, type ParserState } from './parser-fengari';
import { type Instruction, OP } from './prototype';

/** Registers of iterator, state and control variable. */
export const CONTROL_REGISTERS = 3;

/** Set in a block's `upval` to have the parser close the block although no variable is captured (so far: it sets 1). */
const CLOSED_WITHOUT_CAPTURE = 2;

/** A generic for whose expression list is being parsed. */
export interface ForHeader {
  readonly function: ParserFunction;
  /** Nesting of brackets in which it stands. */
  readonly nesting: number;
  expressionCount: number;
}

/** A generic for whose body is being parsed, or was. */
export interface GenericFor {
  readonly function: ParserFunction;
  /** The pc of its first jump, which identifies it. */
  readonly pc: number;
  readonly base: number;
  scope: ParserBlock | null;
}

/**
 * Called when `do` has been seen and before the loop's first jump: makes sure that the register behind the control
 * variables holds the fourth value. `isSingle` tells that the last expression of the list gives one value though it ends
 * with a call or `...`: it stands in parentheses or is the last part of an `and` or `or`.
 */
export function completeExpressionList(state: ParserState, header: ForHeader, isSingle: boolean): GenericFor {
  const { fs } = state;
  const base = fs.nactvar - CONTROL_REGISTERS;
  const closingRegister = base + CONTROL_REGISTERS;
  const last = fs.f.code[fs.pc - 1] as { -readonly [Field in keyof Instruction]: Instruction[Field] } | undefined;
  const count = header.expressionCount;
  if (last !== undefined && count <= 4 && isOpenResult(last, count, isSingle)) {
    if (last.opcode === OP.CALL) last.C++;
    else last.B++;
  } else if (count <= CONTROL_REGISTERS) codeModule.luaK_codeABC(fs, OP.LOADNIL, closingRegister, 0, 0);
  return { function: fs, pc: fs.pc, base, scope: null };
}

/** Whether the list's last expression is a call or `...` that can give one value more. */
function isOpenResult(last: Instruction, count: number, isSingle: boolean): boolean {
  if (last.opcode !== OP.CALL && last.opcode !== OP.VARARG) return false;
  const results = (last.opcode === OP.CALL ? last.C : last.B) - 1;
  if (count < CONTROL_REGISTERS) return true; // otherwise the last instruction would have filled up with nil
  if (count > CONTROL_REGISTERS) return results === 0; // it was cut to nothing
  return !isSingle; // one result either way
}

/** Called inside the body: has the parser emit a close where a break or goto leaves the loop. */
export function markScope(loop: GenericFor, innermost: ParserBlock): void {
  for (let block: ParserBlock | null = innermost; block !== null; block = block.previous) {
    if (block.nactvar !== loop.base + CONTROL_REGISTERS) continue;
    loop.scope = block;
    if (block.upval === 0) block.upval = CLOSED_WITHOUT_CAPTURE;
    return;
  }
}

/** Whether a closure captures a variable of the loop's body. */
export function capturesVariable(loop: GenericFor): boolean {
  return loop.scope !== null && loop.scope.upval !== 0 && loop.scope.upval !== CLOSED_WITHOUT_CAPTURE;
}
