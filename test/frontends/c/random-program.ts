// Makes random C programs that are well defined in both gcc's data model (with -fwrapv) and ours, and print what they
// have computed: integers of all sizes, floats and doubles, arrays (of variable length too), structs and unions as values,
// bit-fields, pointers to data and functions, variable arguments, loops, switches, goto, calls, recursion, the library.

import { Random } from '../../support/random';
import { FEATURES, feature } from './random-features';

export const TYPES = [
  'int',
  'unsigned',
  'short',
  'unsigned short',
  'signed char',
  'unsigned char',
  'long long',
  'unsigned long long',
];
const OPERATORS = ['+', '-', '*', '&', '|', '^', '<', '<=', '>', '>=', '==', '!=', '&&', '||'];
export const ASSIGNMENTS = ['=', '+=', '-=', '*=', '&=', '|=', '^='];

/** A program from a seed: the same seed, the same text. */
export function randomProgram(seed: number): string {
  return new Generator(seed).program();
}

interface Variable {
  readonly name: string;
  readonly isFloating: boolean;
}

/** What the features take from the program around them. */
export interface ProgramContext {
  readonly random: Random;
  expression(depth: number): string;
  floating(depth: number): string;
  constant(): string;
  /** Some integer object that can be changed. */
  place(): string;
}

class Generator implements ProgramContext {
  readonly random: Random;
  private variables: Variable[] = [];
  private functions = 0;
  private labels = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  program(): string {
    const globals = Array.from(
      { length: 4 },
      (_, index) => `static ${this.random.pick(TYPES)} g${index} = ${this.constant()};`,
    );
    const shared: Variable[] = globals.map((_, index) => ({ name: `g${index}`, isFloating: false }));
    const bits = this.random.below(20) + 3;
    const head = [
      '#include <stdio.h>',
      ...globals,
      `struct s { ${this.random.pick(TYPES)} a; int b : ${bits}; unsigned c : ${this.random.below(12) + 1}; double d; ${this.random.pick(TYPES)} e[3]; };`,
      'static struct s gs = {1, 2, 1, 0.5, {3, 4, 5}};',
      `static ${this.random.pick(TYPES)} ga[8] = {${Array.from({ length: 8 }, () => this.constant()).join(', ')}};`,
      'static unsigned long long sum;',
      'static void note(long long x) { sum = (sum ^ (unsigned long long)x) * 1099511628211ULL; }',
      ...FEATURES,
      `static union u gu = {${this.constant()}};`,
      `static struct wide gw = {.m = ${this.random.below(1000)}, .f = ${this.random.below(100)}.5f};`,
      'static int clamp(double d) { return d > -1e9 && d < 1e9 ? (int)d : 7; }',
    ];
    const functions = Array.from({ length: 4 }, () => this.function(shared));
    const calls = Array.from(
      { length: 4 },
      (_, index) => `  note(f${index}(${this.constant()}, ${this.constant()}, ${this.random.below(100)}.25));`,
    );
    const notes = shared.map(({ name }) => `  note(${name});`);
    const tail = [
      '  for (int i = 0; i < 8; i++) note(ga[i]);',
      '  note(gs.a + gs.b + gs.c + clamp(gs.d) + gs.e[1]);',
      '  for (int i = 0; i < 4; i++) note(gu.b[i]);',
      '  note((long long)gw.l); note((long long)gw.m); note(clamp(gw.f)); note(gw.in.x); note(gw.in.y);',
      '  printf("%.17g %g %e %.3f %.9g\\n", known(gs.d), known(gs.d), known(gs.d), clamp(gs.d) + 0.5, known(gw.f));',
    ];
    return [
      ...head,
      ...functions,
      'int main(void) {',
      ...calls,
      ...notes,
      ...tail,
      '  printf("%llx\\n", sum);',
      '}',
      '',
    ].join('\n');
  }

  private function(shared: readonly Variable[]): string {
    const name = `f${this.functions}`;
    const parameters = `${this.random.pick(TYPES)} p, ${this.random.pick(TYPES)} q, double r`;
    this.variables = [
      ...shared,
      { name: 'p', isFloating: false },
      { name: 'q', isFloating: false },
      { name: 'r', isFloating: true },
    ];
    const locals = Array.from({ length: 3 }, (_, index) => {
      const line = `  ${this.random.pick(TYPES)} v${index} = ${this.expression(2)};`;
      this.variables.push({ name: `v${index}`, isFloating: false });
      return line;
    });
    locals.push(`  double w = ${this.floating(2)};`, '  struct s s = gs;');
    this.variables.push({ name: 'w', isFloating: true });
    const body = Array.from({ length: 5 }, () => this.statement(2, '  '));
    const type = this.random.pick(TYPES);
    const end = `  gs = s;\n  return ${this.expression(3)};`;
    this.functions++;
    return `static ${type} ${name}(${parameters}) {\n${locals.join('\n')}\n${body.join('\n')}\n${end}\n}`;
  }

  // --- statements ---

  private statement(depth: number, indent: string): string {
    const inner = `${indent}  `;
    const block = () =>
      Array.from({ length: 1 + this.random.below(2) }, () => this.statement(depth - 1, inner)).join('\n');
    switch (depth > 0 ? this.random.below(12) : this.random.below(5)) {
      case 4:
        return `${indent}${feature(this)}`;
      case 9: {
        const size = `z${this.labels++}`;
        const type = this.random.pick(TYPES);
        const fill = `for (int i = 0; i < ${size}; i++) a${size}[i] = (${type})(i * ${this.constant()});`;
        return `${indent}{ int ${size} = (${this.expression(1)} & 7) + 1; ${type} a${size}[${size}]; ${fill}\n${block()}\n${inner}note(a${size}[${size} - 1] + (int)sizeof a${size} / (int)sizeof *a${size}); }`;
      }
      case 10: {
        const label = `l${this.labels++}`;
        return `${indent}{ int ${label}n = 0; ${label}:;\n${block()}\n${inner}if (++${label}n < ${1 + this.random.below(4)}) goto ${label}; }`;
      }
      case 11:
        return `${indent}if (${this.expression(2)}) {\n${block()}\n${indent}} else {\n${block()}\n${indent}}`;
      case 5: {
        const index = `i${this.labels++}`;
        const exit = this.random.below(2)
          ? `\n${inner}if (${this.expression(1)}) ${this.random.pick(['break', 'continue'])};`
          : '';
        return `${indent}for (int ${index} = 0; ${index} < ${1 + this.random.below(6)}; ${index}++) {${exit}\n${block()}\n${indent}}`;
      }
      case 6: {
        const cases = Array.from({ length: 2 + this.random.below(5) }, (_, index) => {
          return `${inner}case ${index}: ${this.statement(0, '')}${this.random.below(3) ? ' break;' : ''}`;
        });
        return `${indent}switch (${this.expression(2)} & 7) {\n${cases.join('\n')}\n${inner}default: ${this.statement(0, '')}\n${indent}}`;
      }
      case 7: {
        const counter = `n${this.labels++}`;
        return `${indent}{ int ${counter} = 3; while (${counter}-- > 0) {\n${block()}\n${indent}} }`;
      }
      case 8:
        return `${indent}note(${this.expression(3)});`;
      case 0:
        // Calls stand alone: where they have side effects, the order inside an expression would be open.
        if (this.functions === 0) return `${indent};`;
        return `${indent}v0 ${this.random.pick(ASSIGNMENTS)} f${this.random.below(this.functions)}(${this.expression(1)}, 3, 0.5);`;
      case 1:
        return `${indent}${this.random.pick(['w', 'r', 's.d'])} ${this.random.pick(['=', '+=', '-='])} ${this.floating(2)};`;
      case 2:
        return `${indent}${this.place()}${this.random.pick(['++', '--'])};`;
      default:
        return `${indent}${this.place()} ${this.random.pick(ASSIGNMENTS)} ${this.expression(3)};`;
    }
  }

  place(): string {
    switch (this.random.below(8)) {
      case 0:
        return `ga[${this.expression(1)} & 7]`;
      case 1:
        return this.random.pick(['s.a', 's.b', 's.c', 'gs.a', 'gs.b', 'gs.c']);
      case 2:
        return `s.e[(unsigned)(${this.expression(1)}) % 3]`;
      default:
        return this.random.pick(this.variables.filter(({ isFloating }) => !isFloating)).name;
    }
  }

  // --- expressions without side effects ---

  expression(depth: number): string {
    if (depth === 0) return this.random.below(3) === 0 ? this.constant() : this.simpleValue();
    const left = () => this.expression(depth - 1);
    switch (this.random.below(16)) {
      case 9:
        return `((unsigned long long)${left()} << (${left()} & 63))`;
      case 10:
        return `((long long)${left()} >> (${left()} & 63))`;
      case 11:
        return `(${left()}, ${left()})`;
      case 0:
        return `(${left()} / (${left()} | 1))`;
      case 1:
        return `(${left()} % ((${left()} & 1023) + 1))`;
      case 2:
        return `((unsigned)${left()} << (${left()} & 31))`;
      case 3:
        return `(${left()} >> (${left()} & 7))`;
      case 4:
        return `(${this.random.pick(TYPES)})${left()}`;
      case 5:
        return `(${left()} ? ${left()} : ${left()})`;
      case 6:
        return `${this.random.pick(['-', '~', '!'])} ${left()}`;
      case 7:
        return `clamp(${this.floating(depth - 1)})`;
      case 8:
        return `(${this.floating(depth - 1)} ${this.random.pick(['<', '>=', '==', '!='])} ${this.floating(depth - 1)})`;
      default:
        return `(${left()} ${this.random.pick(OPERATORS)} ${left()})`;
    }
  }

  private simpleValue(): string {
    switch (this.random.below(8)) {
      case 0:
        return `ga[${this.random.below(8)}]`;
      case 1:
        return this.random.pick(['gs.a', 'gs.b', 'gs.c', 'gs.e[2]']);
      default:
        return this.variables.length === 0
          ? 'g0'
          : this.random.pick(this.variables.filter(({ isFloating }) => !isFloating)).name;
    }
  }

  floating(depth: number): string {
    if (depth === 0) {
      const names = this.variables.filter(({ isFloating }) => isFloating).map(({ name }) => name);
      return this.random.below(2) || names.length === 0
        ? `${this.random.below(1000)}.${this.random.below(100)}`
        : this.random.pick(names);
    }
    switch (this.random.below(6)) {
      case 0:
        return `(double)(${this.expression(depth - 1)})`;
      case 1:
        return `(${this.floating(depth - 1)} / (1 + ${this.random.below(50)}))`;
      case 2:
        return `(float)${this.floating(depth - 1)}`;
      default:
        return `(${this.floating(depth - 1)} ${this.random.pick(['+', '-', '*'])} ${this.floating(depth - 1)})`;
    }
  }

  constant(): string {
    switch (this.random.below(6)) {
      case 0:
        return `${this.random.below(0x7fffffff)}`;
      case 1:
        return `(-${this.random.below(70000)})`;
      case 2:
        return `${this.random.below(0xffffffff)}u`;
      case 3:
        return `${this.random.below(0x7fffffff)}${String(this.random.below(1e9)).padStart(9, '0')}LL`;
      default:
        return `${this.random.below(300)}`;
    }
  }
}
