// The only file that imports fengari: its parser's modules, with the types of the few things that we use of them.
// Importing the modules by path leaves out fengari's libraries and everything of it that touches the host.
// biome-ignore-all assist/source/organizeImports: fengari's modules import each other in circles and load only when the parser comes first
import lparserModule from 'fengari/src/lparser.js';
import lcodeModule from 'fengari/src/lcode.js';
import llexModule from 'fengari/src/llex.js';
import lstringModule from 'fengari/src/lstring.js';
import lzioModule from 'fengari/src/lzio.js';
import type { Instruction } from './prototype';

/** A string of fengari's: we make each spelling once, so identity is equality. */
export interface ParserString {
  getstr(): Uint8Array;
}

export interface ParserConstant {
  readonly value: unknown;
}

export interface ParserLocal {
  varname: ParserString;
  startpc: number;
  endpc: number;
}

export interface ParserProto {
  readonly code: Instruction[];
  readonly k: ParserConstant[];
  readonly p: ParserProto[];
  readonly lineinfo: number[];
  readonly upvalues: { instack: boolean; idx: number; name: ParserString }[];
  readonly locvars: ParserLocal[];
  readonly numparams: number;
  readonly is_vararg: boolean;
  readonly maxstacksize: number;
  readonly linedefined: number;
  readonly lastlinedefined: number;
}

/** A block that is being parsed. */
export interface ParserBlock {
  readonly previous: ParserBlock | null;
  readonly firstlabel: number;
  readonly firstgoto: number;
  /** Number of active local variables outside the block. */
  readonly nactvar: number;
  /** Not 0: leaving the block closes its variables. */
  upval: number;
}

export interface ParserLabel {
  readonly name: ParserString;
  readonly line: number;
}

/** A function that is being parsed. */
export interface ParserFunction {
  readonly f: ParserProto;
  readonly prev: ParserFunction | null;
  readonly bl: ParserBlock;
  readonly pc: number;
  readonly firstlocal: number;
  readonly nlocvars: number;
  readonly nactvar: number;
  readonly nups: number;
}

export interface ParserToken {
  token: number;
  readonly seminfo: { r: number; i: number; ts: ParserString | null };
}

/** The state that parser and lexer share. */
export interface ParserState {
  linenumber: number;
  lastline: number;
  readonly t: ParserToken;
  readonly lookahead: ParserToken;
  readonly fs: ParserFunction;
  readonly L: unknown;
  readonly dyd: {
    readonly actvar: { readonly arr: { readonly idx: number }[]; readonly n: number };
    readonly gt: { readonly n: number };
    readonly label: { readonly arr: readonly ParserLabel[]; readonly n: number };
  };
}

/** The functions of fengari's lexer that its parser calls through the module object, so that they can be replaced. */
export interface LexerHooks {
  luaX_next(state: ParserState): void;
  luaX_lookahead(state: ParserState): number;
  luaX_newstring(state: ParserState, bytes: Uint8Array): ParserString;
  luaX_syntaxerror(state: ParserState, message: Uint8Array): never;
  luaX_token2str(state: ParserState, token: number): Uint8Array;
}

export const lexerModule = llexModule as unknown as LexerHooks & { readonly RESERVED: Record<string, number> };

interface CodeModule {
  /** Emits an instruction and returns its pc. */
  luaK_code(fs: ParserFunction, instruction: Instruction): number;
  luaK_codeABC(fs: ParserFunction, opcode: number, a: number, b: number, c: number): number;
}

export const codeModule = lcodeModule as unknown as CodeModule;

interface ParserModule {
  Dyndata: new () => unknown;
  luaY_parser(
    L: unknown,
    input: null,
    buffer: unknown,
    dynamicData: unknown,
    name: Uint8Array,
    first: number,
  ): { readonly p: ParserProto };
}

const parserModule = lparserModule as unknown as ParserModule;
const stringModule = lstringModule as unknown as { luaS_bless(L: null, bytes: Uint8Array): ParserString };
const inputModule = lzioModule as unknown as { MBuffer: new () => unknown };

/** Makes a string of `text`, whose characters are below 256. */
export function createParserString(text: string): ParserString {
  return stringModule.luaS_bless(
    null,
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
  );
}

/** Runs the parser; all tokens come from `hooks`, which replace fengari's own for the duration of this call. */
export function runParser(L: unknown, hooks: LexerHooks): ParserProto {
  const { luaX_next, luaX_lookahead, luaX_newstring, luaX_syntaxerror, luaX_token2str } = lexerModule;
  Object.assign(lexerModule, hooks);
  try {
    const dynamicData = new parserModule.Dyndata();
    return parserModule.luaY_parser(L, null, new inputModule.MBuffer(), dynamicData, new Uint8Array(0), 0).p;
  } finally {
    Object.assign(lexerModule, { luaX_next, luaX_lookahead, luaX_newstring, luaX_syntaxerror, luaX_token2str });
  }
}
