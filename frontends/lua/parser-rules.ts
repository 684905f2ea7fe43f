// What Lua 5.4 has and fengari's parser (Lua 5.3) has not, done while tokens pass from the lexer to the parser:
// attributes of locals, assignments to constants, labels that repeat an outer one, the fourth value of the generic
// for, names for functions. `consume` sees each token when the parser is done with it.
import type { LiteralTable } from './literals';
import type { ParserBudget } from './parser-budget';
import type { ParserFunction, ParserProto, ParserState } from './parser-fengari';
import {
  CONTROL_REGISTERS,
  completeExpressionList,
  type ForHeader,
  type GenericFor,
  markScope,
} from './parser-generic-for';
import { VisibleLabels } from './parser-labels';
import type { ParserStrings } from './parser-strings';
import type { TokenQueue } from './parser-tokens';
import { createToken, TOKEN, type Token } from './token';

export type Attribute = 'const' | 'close';

/** Errors of the rules; `near` asks for the text of the next token. Both end the parse. */
export interface RuleErrors {
  semantic(message: string, line: number, token: Token): never;
  expected(what: string, found: Token): never;
}

const CODE = { open: 0x28, close: 0x29, comma: 0x2c, dot: 0x2e, colon: 0x3a, semicolon: 0x3b, less: 0x3c, equals: 0x3d, greater: 0x3e, openIndex: 0x5b, closeIndex: 0x5d, openTable: 0x7b, closeTable: 0x7d } as const; // biome-ignore format: one line

/** A bracket that is open, or a function body (whose kind is `function`). */
interface Level {
  readonly kind: number;
  readonly function: ParserFunction;
  /** Parentheses around an expression, not around arguments or parameters. */
  readonly isGrouping: boolean;
  /** Variables in the comma list that is being read, in case it is the left side of an assignment. */
  targets: { name: Token; line: number }[];
  candidate: Token | null;
  /** `and`s and `or`s in the current expression; `else`s in the current function. */
  chain: number;
  branches: number;
}

/** A function body: what is needed when it ends. */
interface FunctionLevel extends Level {
  readonly depth: number;
  /** `function NAME ... end` assigns to NAME when its body is complete. */
  readonly assigns: Token | null;
}

const ENDS_CHAIN: ReadonlySet<number> = new Set([
  CODE.comma,
  CODE.semicolon,
  CODE.equals,
  ...(['do', 'else', 'elseif', 'if', 'in', 'local', 'repeat', 'return', 'then', 'until', 'while'] as const).map(
    (word) => TOKEN[word],
  ),
]);

/** The rules of one parse. */
export class ParserRules {
  /** Attributes of local variables, by function and index in its list of variables. */
  readonly attributes = new Map<ParserProto, Map<number, Attribute>>();
  readonly functionNames = new Map<ParserProto, string>();
  readonly genericFors = new Map<ParserProto, GenericFor[]>();
  /** To-be-closed variables whose statements are not complete yet, the innermost last. */
  readonly pendingCloses: { function: ParserFunction; register: number; depth: number }[] = [];

  private readonly levels: Level[] = [];
  private readonly headers: ForHeader[] = [];
  private waitingForScope: GenericFor | null = null;
  /** Kind of the token before the one that is consumed. */
  private previousKind = 0;
  private endsGrouping = false;
  /** Number of names of the `local` statement whose list of names is being read, or -1. */
  private localNames = -1;
  private localCloses = 0;
  private isInLabel = false;
  private readonly labels = new VisibleLabels();
  private labelLine = 0;
  /** Labels to come that have been checked already. */
  private checkedLabels = 0;
  /** The names and points of a `function` statement, until its parameters begin. */
  private functionPieces: Token[] | null = null;
  private isStatementFunction = false;
  private assignedName: Token | null = null;
  private lastName: Token | null = null;
  private deferredError: ((next: Token) => never) | null = null;

  constructor(
    private readonly tokens: TokenQueue,
    private readonly literals: LiteralTable,
    private readonly strings: ParserStrings,
    private readonly budget: ParserBudget,
    private readonly errors: RuleErrors,
    private readonly depth: () => number,
  ) {}

  /** The main function begins. */
  begin(state: ParserState): void {
    this.functionNames.set(state.fs.f, 'main');
    this.pushFunction(state, null);
  }

  /** The parser is done with `token` and asks for the next one. */
  consume(state: ParserState, token: Token): void {
    this.trackGenericFor(state, token);
    this.chargeWork(state, token.kind);
    if (token.kind === TOKEN['<name>']) this.consumeName(state, token);
    else this.consumeOther(state, token);
    if (token.kind !== TOKEN['<name>'] && token.kind !== CODE.comma) this.localNames = -1;
    if (token.kind === TOKEN.local) {
      this.localNames = 0;
      this.localCloses = 0;
    }
    this.previousKind = token.kind;
  }

  /** Called with the token that follows the consumed one. */
  afterNext(next: Token): void {
    const raise = this.deferredError;
    this.deferredError = null;
    raise?.(next);
  }

  private consumeName(state: ParserState, token: Token): void {
    const previous = this.previousKind;
    this.lastName = token;
    const level = this.top();
    if (this.functionPieces !== null) this.functionPieces.push(token);
    if (this.isInLabel) this.checkLabels(state, token);
    if (this.localNames >= 0) this.readAttribute(state, token);
    const isField = previous === CODE.dot || previous === CODE.colon;
    if (!isField && previous !== CODE.comma) level.targets = [];
    const isTarget = !isField && this.localNames < 0 && previous !== TOKEN.for;
    level.candidate = isTarget ? token : null;
    if (!isField) this.budget.chargeName(state.fs);
    if (this.localNames >= 0) this.localNames++;
    if (previous === TOKEN.for) this.noteHiddenVariable(state, token);
  }

  private consumeOther(state: ParserState, token: Token): void {
    const level = this.top();
    const { kind } = token;
    if (kind === CODE.comma) {
      if (level.candidate !== null) level.targets.push({ name: level.candidate, line: state.linenumber });
    } else if (kind === CODE.equals) this.consumeEquals(state, level);
    else if (!continuesTarget(kind)) level.targets = [];
    level.candidate = null;
    if (kind === CODE.open || kind === CODE.openIndex || kind === CODE.openTable) this.openBracket(state, kind);
    else if (kind === CODE.close || kind === CODE.closeIndex || kind === CODE.closeTable) this.closeBracket();
    else if (kind === TOKEN['::']) this.beginOrEndLabel(token);
    else if (kind === TOKEN.function) this.beginFunctionName();
    else if (kind === TOKEN.end) this.endFunction(state);
  }

  // --- assignments to constants ---

  private consumeEquals(state: ParserState, level: Level): void {
    this.assignedName = this.previousKind === TOKEN['<name>'] ? this.lastName : null;
    if (level.kind === CODE.openTable) return;
    if (level.candidate !== null) level.targets.push({ name: level.candidate, line: state.linenumber });
    for (const { name, line } of level.targets) this.checkAssignable(state.fs, name, line);
    level.targets = [];
  }

  private checkAssignable(fs: ParserFunction, token: Token, line: number): void {
    if (this.attributes.size === 0 || !this.isReadOnly(fs, token)) return;
    this.errors.semantic(`attempt to assign to const variable '${this.literals.names[token.value]}'`, line, token);
  }

  /** Finds the variable as the parser does: innermost function first, latest declaration first. */
  private isReadOnly(innermost: ParserFunction, token: Token): boolean {
    const name = this.strings.forName(token.value);
    for (let fs: ParserFunction | null = innermost; fs !== null; fs = fs.prev) {
      const { arr } = this.activeVariables!;
      for (let index = fs.nactvar - 1; index >= 0; index--) {
        const variable = arr[fs.firstlocal + index]!.idx;
        if (fs.f.locvars[variable]!.varname === name) return this.attributes.get(fs.f)?.has(variable) ?? false;
      }
    }
    return false;
  }

  private activeVariables: ParserState['dyd']['actvar'] | null = null;

  // --- attributes of local variables ---

  private readAttribute(state: ParserState, name: Token): void {
    if (this.tokens.peek(0).kind !== CODE.less) return;
    this.tokens.read();
    const attribute = this.tokens.read();
    if (attribute.kind !== TOKEN['<name>']) this.errors.expected('<name>', attribute);
    const closing = this.tokens.read();
    if (closing.kind !== CODE.greater) this.errors.expected("'>'", closing);
    const spelling = this.literals.names[attribute.value]!;
    if (spelling !== 'const' && spelling !== 'close') {
      this.errors.semantic(`unknown attribute '${spelling}'`, this.tokens.peek(0).line, attribute);
    }
    this.setAttribute(state, state.fs.nlocvars, spelling);
    if (spelling === 'close') this.declareClosed(state, name);
  }

  private setAttribute({ fs, dyd }: ParserState, variable: number, attribute: Attribute): void {
    this.activeVariables = dyd.actvar;
    const attributes = this.attributes.get(fs.f) ?? new Map<number, Attribute>();
    this.attributes.set(fs.f, attributes.set(variable, attribute));
  }

  private declareClosed({ fs }: ParserState, name: Token): void {
    if (this.localCloses++ > 0) {
      const next = this.tokens.peek(0);
      this.errors.semantic('multiple to-be-closed variables in local list', next.line, name);
    }
    fs.bl.upval = 1;
    this.pendingCloses.push({ function: fs, register: fs.nactvar + this.localNames, depth: this.depth() });
  }

  // --- labels ---

  private beginOrEndLabel({ line }: Token): void {
    this.isInLabel = !this.isInLabel;
    this.labelLine = line;
  }

  /**
   * A label must differ from every label that is visible where it stands, in outer blocks too. Lua looks at a row of
   * labels from its end, when it has skipped the empty statements behind it.
   */
  private checkLabels(state: ParserState, token: Token): void {
    if (this.checkedLabels > 0) {
      this.checkedLabels--;
      return;
    }
    const { labels, endLine } = this.readLabelRow(token);
    this.budget.charge(state.dyd.label.n + labels.length);
    const row = new Map<number, number>();
    for (const { name, line } of labels.reverse()) {
      const known = row.get(name.value) ?? this.labels.lineOf(state, this.strings.forName(name.value));
      if (known !== null) {
        const spelling = this.literals.names[name.value];
        this.errors.semantic(`label '${spelling}' already defined on line ${known}`, endLine, name);
      }
      row.set(name.value, line);
    }
    this.checkedLabels = labels.length - 1;
  }

  /** The labels from `first` on that only empty statements separate, and the line of what follows them. */
  private readLabelRow(first: Token): { labels: { name: Token; line: number }[]; endLine: number } {
    const labels = [{ name: first, line: this.labelLine }];
    for (let ahead = 1; ; ) {
      const { kind, line } = this.tokens.peek(ahead);
      const name = this.tokens.peek(ahead + 1);
      if (kind === CODE.semicolon) ahead++;
      else if (kind === TOKEN['::'] && name.kind === TOKEN['<name>']) {
        labels.push({ name, line });
        ahead += 3;
      } else return { labels, endLine: line };
    }
  }

  // --- brackets and functions ---

  private top(): Level {
    return this.levels[this.levels.length - 1]!;
  }

  private openBracket(state: ParserState, kind: number): void {
    if (state.fs !== this.top().function) this.beginFunction(state);
    const isGrouping = kind === CODE.open && !followsOperand(this.previousKind);
    this.levels.push(createLevel(kind, state.fs, isGrouping));
  }

  private closeBracket(): void {
    if (this.levels.length > 1) this.endsGrouping = this.levels.pop()!.isGrouping;
  }

  private beginFunctionName(): void {
    this.functionPieces = [];
    this.isStatementFunction = this.previousKind !== TOKEN.local;
    if (this.previousKind !== CODE.equals) this.assignedName = null;
  }

  /** The parser has begun a function and is at its parameters. */
  private beginFunction(state: ParserState): void {
    const pieces = this.functionPieces ?? [];
    this.functionPieces = null;
    const named = pieces.length > 0 ? pieces : this.assignedName === null ? [] : [this.assignedName];
    const name = named.map((piece) => this.literals.names[piece.value]).join('.');
    this.functionNames.set(state.fs.f, name === '' ? 'anonymous' : name);
    this.pushFunction(state, pieces.length === 1 && this.isStatementFunction ? pieces[0]! : null);
  }

  private pushFunction(state: ParserState, assigns: Token | null): void {
    const level: FunctionLevel = { ...createLevel(TOKEN.function, state.fs, false), depth: this.depth(), assigns };
    this.levels.push(level);
  }

  /** `end` closes a function when no statement of its body is open. */
  private endFunction(state: ParserState): void {
    const level = this.top() as FunctionLevel;
    if (level.kind !== TOKEN.function || level.function !== state.fs || level.depth !== this.depth()) return;
    const outer = state.fs.prev;
    if (outer === null) return;
    this.levels.pop();
    const { assigns } = level;
    if (assigns !== null) this.deferredError = (next) => this.checkAssignable(outer, assigns, next.line) as never;
  }

  // --- the generic for ---

  /** After `for`: presents a hidden variable in front of the names when they belong to a generic for. */
  presentLoopVariables(next: Token): Token {
    if (this.previousKind !== TOKEN.for || next.kind !== TOKEN['<name>']) return next;
    const following = this.tokens.peek(0).kind;
    if (following !== CODE.comma && following !== TOKEN.in) return next;
    this.hiddenToken = { ...next, value: this.literals.internName('(for state)') };
    this.tokens.insert(
      { ...createToken(), kind: CODE.comma, start: next.start, end: next.start, line: next.line },
      next,
    );
    return this.hiddenToken;
  }

  private hiddenToken: Token | null = null;

  /** The hidden variable comes behind the control variables, and is closed when the loop is left. */
  private noteHiddenVariable(state: ParserState, token: Token): void {
    if (token === this.hiddenToken) this.setAttribute(state, state.fs.nlocvars + CONTROL_REGISTERS, 'close');
  }

  private trackGenericFor(state: ParserState, { kind }: Token): void {
    if (this.waitingForScope?.function === state.fs) markScope(this.waitingForScope, state.fs.bl);
    this.waitingForScope = null;
    if (kind === TOKEN.in) {
      this.headers.push({ function: state.fs, nesting: this.levels.length, expressionCount: 1 });
      return;
    }
    const header = this.headers[this.headers.length - 1];
    if (header === undefined || header.function !== state.fs || header.nesting !== this.levels.length) return;
    if (kind === CODE.comma) header.expressionCount++;
    else if (kind === TOKEN.do) {
      this.headers.pop();
      const isGrouping = this.previousKind === CODE.close && this.endsGrouping;
      const loop = completeExpressionList(state, header, isGrouping || this.top().chain > 0);
      this.waitingForScope = loop;
      const loops = this.genericFors.get(state.fs.f);
      if (loops === undefined) this.genericFors.set(state.fs.f, [loop]);
      else loops.push(loop);
    }
  }

  // --- work ---

  private chargeWork(state: ParserState, kind: number): void {
    const level = this.top();
    if (kind === TOKEN.and || kind === TOKEN.or) this.budget.charge(++level.chain);
    else if (ENDS_CHAIN.has(kind)) level.chain = 0;
    if (kind === TOKEN.else || kind === TOKEN.elseif) this.budget.charge(++level.branches);
    if (
      kind === TOKEN.end ||
      kind === TOKEN.until ||
      kind === TOKEN.else ||
      kind === TOKEN.elseif ||
      kind === TOKEN['::']
    ) {
      this.budget.chargeGotos(state);
      if (kind === TOKEN['::']) this.budget.chargeLabels(state);
    }
  }
}

function createLevel(kind: number, owner: ParserFunction, isGrouping: boolean): Level {
  return { kind, function: owner, isGrouping, targets: [], candidate: null, chain: 0, branches: 0 };
}

/** Tokens that can stand inside a variable of a comma list, as in `a, b.c["x"], f{}.y = ...`. */
function continuesTarget(kind: number): boolean {
  return (
    kind === CODE.dot ||
    kind === CODE.colon ||
    kind === CODE.open ||
    kind === CODE.openIndex ||
    kind === CODE.openTable ||
    kind === CODE.close ||
    kind === CODE.closeIndex ||
    kind === CODE.closeTable ||
    kind === CODE.comma ||
    kind === TOKEN['<string>']
  );
}

/** After these tokens a parenthesis opens arguments or parameters. */
function followsOperand(kind: number): boolean {
  return (
    kind === TOKEN['<name>'] ||
    kind === TOKEN['<string>'] ||
    kind === TOKEN.function ||
    kind === CODE.close ||
    kind === CODE.closeIndex ||
    kind === CODE.closeTable
  );
}
