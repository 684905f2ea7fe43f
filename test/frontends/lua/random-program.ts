// Random Lua programs that end soon, print what they do, and mean the same everywhere: no addresses, no order of tables,
// no lengths of tables with holes. Blocks, loops, jumps, closures, varargs, calls and expressions in all combinations.

/** A source of numbers; the same seed gives the same programs. */
export class Randomness {
  constructor(private seed: number) {}

  /** An integer from 0 up to (not including) `end`. */
  below(end: number): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 4294967296) * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** True once in `count` times on average. */
  once(count: number): boolean {
    return this.below(count) === 0;
  }
}

interface Variable {
  readonly name: string;
  readonly isConstant: boolean;
}

const PRELUDE = `local kept, ticks = {}, 0
global1, global2, T = 1, nil, { x = 5 }
function tick() ticks = ticks + 1; return ticks < 60 end
local function show(v) local t = type(v); if t == "table" or t == "function" then return t else return tostring(v) end end
function out(...) local s = "" for i = 1, select("#", ...) do s = s .. show((select(i, ...))) .. " " end print(s) end
function number(v) return type(v) == "number" and v < 1e9 and v > -1e9 and v or 7 end
function text(v) return (type(v) == "string" and #v < 50 or type(v) == "number") and v or "t" end
function count(...) return ..., select("#", ...) end
function closer(n) return setmetatable({}, { __close = function(_, e) print("close " .. n, e and "error") end }) end
function step(s, c) if c < s then return c + 1, c * 2 end end
function range(n) return step, n, 0 end
`;

const NUMBERS = ['0', '1', '2', '-1', '3.5', '7', '100', '1e3', '2^3', '300', '127', '-128', '0x10', '1 << 40'];
const MOST_STATEMENTS = 60;
const DEEPEST_FUNCTION = 3;
/** Loops in each other, those around a function's definition included: each runs its body a few times. */
const DEEPEST_LOOP = 3;

/** Writes one program. */
export class RandomProgram {
  private lines: string[] = [];
  private scopes: Variable[][] = [[]];
  /** Labels at the end of the loops around; null where there is none. */
  private loops: (string | null)[] = [];
  private nextName = 0;
  private statementsLeft = MOST_STATEMENTS;
  private functionDepth = 0;
  private loopDepth = 0;
  private isVararg = true;

  constructor(private readonly random: Randomness) {}

  write(): string {
    this.statements(14);
    const body = this.lines.join('\n');
    return `${PRELUDE}local function main(...)\n${body}\nend\nout(pcall(main, 1, 2))
for i = 1, #kept do out(pcall(kept[i], i)); if i > 20 then break end end
out(global1, global2, T.x, T.y)\n`;
  }

  private name(prefix: string): string {
    return `${prefix}${this.nextName++}`;
  }

  private declare(name: string, isConstant = false): void {
    this.scopes[this.scopes.length - 1]!.push({ name, isConstant });
  }

  private line(text: string): void {
    this.lines.push(text);
  }

  private variable(): string {
    const variables = this.scopes.flat();
    if (variables.length === 0 || this.random.once(8)) return this.random.pick(['global1', 'global2', 'nil', 'T.x']);
    return this.random.pick(variables).name;
  }

  private assignable(): string {
    const variables = this.scopes.flat().filter(({ isConstant }) => !isConstant);
    return variables.length === 0 ? 'global1' : this.random.pick(variables).name;
  }

  // --- expressions ---

  private expression(depth = 2): string {
    const { random } = this;
    if (depth === 0) return random.pick([this.variable(), random.pick(NUMBERS), '"s"', 'true', 'nil', 'false']);
    const inner = () => this.expression(depth - 1);
    const numeric = () => `number(${inner()})`;
    return random.pick([
      () => this.variable(),
      () => random.pick(NUMBERS),
      () => `(${inner()} ${random.pick(['and', 'or'])} ${inner()})`,
      () => `(${numeric()} ${random.pick(['+', '-', '*'])} ${random.pick([numeric(), random.pick(NUMBERS)])})`,
      () => `(${numeric()} ${random.pick(['<', '<=', '>', '>=', '==', '~='])} ${numeric()})`,
      () => `(not ${inner()})`,
      () => `(text(${inner()}) .. ${random.pick(['"a"', '1', `text(${inner()})`])})`,
      () => `{${inner()}, x = ${inner()}, count(${inner()})}`,
      () => `count(${inner()}, ${inner()})`,
      () => `(count(${inner()}))`,
      () => (this.isVararg ? '(...)' : this.variable()),
      () => this.functionExpression(),
      () => `select("#", ${inner()}, count())`,
    ])();
  }

  private condition(): string {
    const inner = () => this.expression(1);
    return this.random.pick([
      () => `number(${inner()}) ${this.random.pick(['<', '<=', '>', '>=', '==', '~='])} ${this.random.pick(NUMBERS)}`,
      inner,
      () => `not ${inner()}`,
      () => `${inner()} and ${inner()}`,
      () => `${inner()} or not ${inner()}`,
      () => 'tick()',
    ])();
  }

  private functionExpression(): string {
    return this.functionDepth >= DEEPEST_FUNCTION ? 'count' : `function${this.functionBody()}`;
  }

  /** Parameters, statements and `end`. */
  private functionBody(): string {
    const { lines, loops, isVararg } = this;
    const parameter = this.name('p');
    this.functionDepth++;
    this.lines = [];
    this.loops = [];
    this.isVararg = this.random.once(2);
    this.scopes.push([{ name: parameter, isConstant: false }]);
    this.statements(1 + this.random.below(3));
    if (this.random.once(2)) this.line(`return ${this.returned()}`);
    this.scopes.pop();
    const text = `(${parameter}${this.isVararg ? ', ...' : ''})\n${this.lines.join('\n')}\nend`;
    Object.assign(this, { lines, loops, isVararg });
    this.functionDepth--;
    return text;
  }

  private returned(): string {
    const one = this.expression(1);
    return this.random.pick([one, `count(${one})`, `${one}, ${this.expression(1)}`, this.isVararg ? '...' : 'nil']);
  }

  // --- statements ---

  private statements(number: number): void {
    for (let index = 0; index < number && this.statementsLeft > 0; index++) {
      this.statementsLeft--;
      this.random.pick([...STATEMENTS])(this);
    }
  }

  private block(number: number): void {
    this.scopes.push([]);
    this.statements(number);
    this.scopes.pop();
  }

  private static readonly STATEMENTS: readonly ((self: RandomProgram) => void)[] = [
    (self) => self.local(),
    (self) => self.local(),
    (self) => self.localPair(),
    (self) => self.line(`${self.assignable()} = ${self.expression()}`),
    (self) => self.line(`T.x, T[1] = ${self.expression(1)}, count(${self.expression(1)})`),
    (self) => self.conditional(),
    (self) => self.numericFor(),
    (self) => self.genericFor(),
    (self) => self.whileLoop(),
    (self) => self.repeatLoop(),
    (self) => self.doBlock(),
    (self) => self.localFunction(),
    (self) => self.line(`kept[#kept + 1] = ${self.functionExpression()}`),
    (self) => self.leaveLoop(),
    (self) => self.line(`out(pcall(${self.functionExpression()}, ${self.expression(1)}))`),
    (self) => self.line(`T.${self.random.pick(['x', 'y'])} = ${self.expression()}`),
    (self) => self.line(`out(${self.expression()}, ${self.expression(1)})`),
  ];

  static get statements() {
    return RandomProgram.STATEMENTS;
  }

  private local(): void {
    const name = this.name('v');
    const isConstant = this.random.once(5);
    this.line(`local ${name}${isConstant ? ' <const>' : ''} = ${this.expression()}`);
    this.declare(name, isConstant);
  }

  private localPair(): void {
    const [first, second] = [this.name('v'), this.name('v')];
    const one = this.expression(1);
    this.line(
      `local ${first}, ${second} = ${this.random.pick([`${one}, 2`, `count(${one})`, this.isVararg ? '...' : '1'])}`,
    );
    this.declare(first);
    this.declare(second);
  }

  private conditional(): void {
    this.line(`if ${this.condition()} then`);
    this.block(2);
    if (this.random.once(2)) {
      this.line(`elseif ${this.condition()} then`);
      this.block(1);
    }
    if (this.random.once(2)) {
      this.line('else');
      this.block(1);
    }
    this.line('end');
  }

  private numericFor(): void {
    if (this.loopDepth >= DEEPEST_LOOP) return;
    const name = this.name('v');
    this.line(`for ${name} = ${this.random.pick(['1, 3', '3, 1, -1', '1, 2.5', '1, 4, 2', '1.0, 2'])} do`);
    this.loopBody([name]);
  }

  private genericFor(): void {
    if (this.loopDepth >= DEEPEST_LOOP) return;
    const names = [this.name('v'), this.name('v')];
    const list = this.random.pick([
      `ipairs {${this.expression(1)}, 2, 3}`,
      'range(3)',
      'step, 2, 0',
      'step, 2, 0, nil',
    ]);
    this.line(`for ${names.join(', ')} in ${list} do`);
    this.loopBody(names);
  }

  private whileLoop(): void {
    this.line(`while tick() and ${this.condition()} do`);
    this.loopBody([]);
  }

  private repeatLoop(): void {
    const name = this.name('v');
    this.line(`repeat local ${name} = ${this.expression(1)}`);
    this.scopes.push([{ name, isConstant: false }]);
    this.loops.push(null);
    this.statements(2);
    this.loops.pop();
    const end = this.condition();
    this.scopes.pop();
    this.line(`until not tick() or ${end}`);
  }

  /** The statements of a loop and its `end`. */
  private loopBody(names: readonly string[]): void {
    const label = this.random.once(2) ? null : this.name('L');
    this.scopes.push(names.map((name) => ({ name, isConstant: false })));
    this.loops.push(label);
    this.loopDepth++;
    if (this.random.once(4)) this.line(`kept[#kept + 1] = function() return ${this.variable()} end`);
    this.line('do');
    this.block(1 + this.random.below(3));
    this.line('end');
    if (this.random.once(3)) this.line(`if ${this.condition()} then break end`);
    if (this.random.once(4)) this.line(`if ${this.condition()} then return ${this.expression(1)} end`);
    this.loops.pop();
    this.loopDepth--;
    if (label !== null) this.line(`::${label}::`);
    this.scopes.pop();
    this.line('end');
  }

  private doBlock(): void {
    this.line('do');
    this.scopes.push([]);
    if (this.random.once(2)) {
      const name = this.name('v');
      this.line(`local ${name} <close> = ${this.random.pick([`closer "${name}"`, 'nil'])}`);
      this.declare(name, true);
    }
    this.statements(3);
    this.scopes.pop();
    this.line('end');
  }

  private localFunction(): void {
    if (this.functionDepth >= DEEPEST_FUNCTION) return;
    const name = this.name('v');
    this.line(`local function ${name}${this.functionBody()}`);
    this.declare(name);
    this.line(`out(pcall(${name}, ${this.expression(1)}))`);
  }

  private leaveLoop(): void {
    if (this.loops.length === 0) return;
    const label = this.loops[this.loops.length - 1];
    this.line(`if ${this.condition()} then ${label == null || this.random.once(2) ? 'break' : `goto ${label}`} end`);
  }
}

const STATEMENTS = RandomProgram.statements;
