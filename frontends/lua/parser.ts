// Source text to functions in Lua 5.3's register code: our lexer, fengari's parser, 5.4's rules (parser-rules.ts).
// Nothing is folded or run: literals pass the parser as tagged strings.
import { MAXIMUM_FUNCTION_WORDS } from '../../vm/index';
import { Lexer } from './lexer';
import { LiteralTable } from './literals';
import { ParserBudget } from './parser-budget';
import {
  codeModule,
  type LexerHooks,
  type ParserProto,
  type ParserState,
  type ParserToken,
  runParser,
} from './parser-fengari';
import { capturesVariable } from './parser-generic-for';
import { ParserRules } from './parser-rules';
import { ParserMachine } from './parser-state';
import { ParserStrings } from './parser-strings';
import { endsPrefixExpression, TokenQueue, tokenText } from './parser-tokens';
import { OP, type Prototype, type PrototypeLocal } from './prototype';
import { type LuaDiagnosticCode, LuaSyntaxError } from './syntax-error';
import { createToken, spellTokenKind, TOKEN, type Token } from './token';

/** Registers that a function may use: those of the machine without the three that the translator keeps for itself. */
const MAX_REGISTERS = 247;
/** What is longer does not fit in the machine's functions either: folding at most halves it. */
const MAX_INSTRUCTIONS = 2 * MAXIMUM_FUNCTION_WORDS;
const LONGEST_NAME = 200;

/** The main function of `source`; a file may begin with a line for the Unix shell. Throws LuaSyntaxError. */
export function parse(source: Uint8Array, isFile = true): Prototype {
  return new Parse(source, isFile).run();
}

class Parse implements LexerHooks {
  private readonly literals = new LiteralTable();
  private readonly tokens: TokenQueue;
  private readonly strings = new ParserStrings(this.literals);
  private readonly machine: ParserMachine;
  private readonly rules: ParserRules;
  /** The token that the parser looks at; the one behind it, when the parser has asked for it already. */
  private current: Token = createToken();
  private ahead: Token | null = null;
  private hasBegun = false;
  private state: ParserState | null = null;

  constructor(
    private readonly source: Uint8Array,
    isFile: boolean,
  ) {
    this.tokens = new TokenQueue(new Lexer(source, this.literals, isFile));
    this.machine = new ParserMachine(
      () => this.fail('lua.limit', 'C stack overflow'),
      (depth) => this.leaveLevel(depth),
    );
    const budget = new ParserBudget(source.length, () => this.fail('lua.limit', 'chunk is too complex to compile'));
    const errors = {
      semantic: (message: string, line: number, token: Token) => this.fail('lua.semantics', message, line, token),
      expected: (what: string, found: Token) =>
        this.fail('lua.syntax', `${what} expected near ${this.textOf(found)}`, found.line, found),
    };
    const depth = () => this.machine.nCcalls;
    this.rules = new ParserRules(this.tokens, this.literals, this.strings, budget, errors, depth);
  }

  run(): Prototype {
    return this.convert(runParser(this.machine, bindHooks(this)));
  }

  // --- what the parser calls ---

  luaX_next(state: ParserState): void {
    this.state = state;
    const previous = this.current.kind;
    if (this.hasBegun) this.rules.consume(state, this.current);
    else this.rules.begin(state);
    state.lastline = state.linenumber;
    this.current = this.ahead ?? this.rules.presentLoopVariables(this.tokens.read());
    this.ahead = null;
    state.linenumber = this.current.line;
    this.present(state.t, this.hasBegun ? previous : 0);
    this.hasBegun = true;
    this.rules.afterNext(this.current);
    if (state.fs.f.maxstacksize > MAX_REGISTERS) {
      this.failNear('lua.limit', 'function or expression needs too many registers');
    }
    if (state.fs.pc > MAX_INSTRUCTIONS) this.failNear('lua.limit', 'function is too long');
  }

  luaX_lookahead(state: ParserState): number {
    this.ahead = this.tokens.read();
    state.linenumber = this.ahead.line;
    return this.ahead.kind;
  }

  luaX_newstring(_state: ParserState, bytes: Uint8Array) {
    return this.strings.forBytes(bytes);
  }

  luaX_token2str(_state: ParserState, kind: number): Uint8Array {
    return new TextEncoder().encode(spellTokenKind(kind));
  }

  luaX_syntaxerror(state: ParserState, messageBytes: Uint8Array): never {
    this.state = state;
    const message = toLua54(this.strings.expandTags(new TextDecoder().decode(messageBytes)));
    const isLimit = /^(too many|function or expression|control structure|constructor too long|C stack)/.test(message);
    if (message === 'C stack overflow') this.fail('lua.limit', message);
    // The parser clears the token where a message is not about it.
    if (state.t.token === 0 && this.current.kind !== 0) this.fail('lua.semantics', message);
    this.failNear(isLimit ? 'lua.limit' : 'lua.syntax', message);
  }

  /** Literals become tagged strings, except where a string would be taken for a call's argument. */
  private present(target: ParserToken, previousKind: number): void {
    const { kind, value } = this.current;
    const isNumber = kind === TOKEN['<number>'] || kind === TOKEN['<integer>'];
    target.token = kind;
    if (kind === TOKEN['<name>']) target.seminfo.ts = this.strings.forName(value);
    else if (kind === TOKEN['<string>'] || (isNumber && !endsPrefixExpression(previousKind))) {
      target.token = TOKEN['<string>'];
      target.seminfo.ts = this.strings.forLiteral(value);
    } else if (isNumber) target.token = TOKEN['<integer>'];
  }

  /** A statement is complete when the parser leaves the level that it has entered for it. */
  private leaveLevel(depth: number): void {
    const pending = this.rules.pendingCloses.at(-1);
    if (pending === undefined || depth !== pending.depth - 1 || this.state?.fs !== pending.function) return;
    this.rules.pendingCloses.pop();
    const fields = { B: 0, C: 0, Bx: 0, sBx: 0, Ax: 0 };
    codeModule.luaK_code(pending.function, { opcode: OP.TBC, A: pending.register, ...fields });
  }

  // --- errors ---

  private textOf(token: Token): string {
    return tokenText(token, this.source, this.literals);
  }

  private failNear(code: LuaDiagnosticCode, message: string): never {
    return this.fail(code, `${message} near ${this.textOf(this.current)}`);
  }

  private fail(
    code: LuaDiagnosticCode,
    message: string,
    line = this.state?.linenumber ?? 1,
    token = this.current,
  ): never {
    throw new LuaSyntaxError(code, message, line, token.start, Math.max(1, token.end - token.start));
  }

  // --- results ---

  private convert(proto: ParserProto): Prototype {
    const { attributes, functionNames, genericFors } = this.rules;
    const strings = this.strings;
    const loops = genericFors.get(proto) ?? [];
    return {
      name: shown(functionNames.get(proto) ?? 'anonymous'),
      line: proto.linedefined,
      lastLine: proto.lastlinedefined,
      parameterCount: proto.numparams,
      isVararg: proto.is_vararg,
      registerCount: proto.maxstacksize,
      code: proto.code,
      lines: proto.lineinfo,
      constants: proto.k.map((constant) => strings.toConstant(constant)),
      upvalues: proto.upvalues.map(({ instack, idx, name }) => {
        return { fromRegister: Boolean(instack), index: idx, name: shown(strings.toName(name)) };
      }),
      locals: this.convertLocals(proto, attributes.get(proto)),
      children: proto.p.map((child) => this.convert(child)),
      genericFors: new Map(loops.map((loop) => [loop.pc, capturesVariable(loop)])),
    };
  }

  /** A variable's register is the number of variables that are active where it begins. */
  private convertLocals(proto: ParserProto, attributes?: ReadonlyMap<number, string>): PrototypeLocal[] {
    const active: number[] = [];
    return proto.locvars.map(({ varname, startpc, endpc }, index) => {
      while (active.length > 0 && active[active.length - 1]! <= startpc) active.pop();
      const register = active.push(endpc) - 1;
      const name = shown(variableName(this.strings.toName(varname)));
      return { name, register, start: startpc, end: endpc, isClosed: attributes?.get(index) === 'close' };
    });
  }
}

/** Lua 5.4 gives all the hidden variables of loops one name. */
function variableName(name: string): string {
  return name.startsWith('(for ') ? '(for state)' : name;
}

/** Names are shown to people: the module format cuts long ones too. */
function shown(name: string): string {
  return name.slice(0, LONGEST_NAME);
}

/** Lua 5.4's words where they differ. */
function toLua54(message: string): string {
  if (message.startsWith('too many JS levels')) return 'C stack overflow';
  return message.replace(/^<break> at line (\d+) not inside a loop$/, 'break outside loop at line $1');
}

function bindHooks(parse: Parse): LexerHooks {
  return {
    luaX_next: (state) => parse.luaX_next(state),
    luaX_lookahead: (state) => parse.luaX_lookahead(state),
    luaX_newstring: (state, bytes) => parse.luaX_newstring(state, bytes),
    luaX_syntaxerror: (state, message) => parse.luaX_syntaxerror(state, message),
    luaX_token2str: (state, kind) => parse.luaX_token2str(state, kind),
  };
}
