// Sorts the lines of a source into functions: signatures, locals, bodies as they were parsed. Types of code and the
// meaning of names in it are the checker's business.
import type { Signature, ValueType } from '../../vm/index';
import { MAX_REGISTERS, MAX_SIGNATURE_LENGTH } from './limits';
import { checkName } from './names';
import type { Place, Report } from './report';
import type { Declaration, Instruction, Line, Name, Variable } from './syntax-tree';

/** A parameter or local: its register and type. */
export interface Local {
  readonly name: string;
  readonly register: number;
  readonly type: ValueType;
}

export interface FunctionSource {
  readonly name: Name;
  /** Index in the module. */
  readonly index: number;
  readonly signature: Signature;
  /** Parameters first, in the order of their registers. */
  readonly locals: ReadonlyMap<string, Local>;
  readonly body: readonly Instruction[];
  /** Its last line. */
  readonly end: Place;
}

interface OpenFunction extends FunctionSource {
  readonly locals: Map<string, Local>;
  readonly body: Instruction[];
  end: Place;
}

/** The functions of a source in their order; two may have the same name, which is reported. */
export function collectFunctions(lines: readonly Line[], report: Report): FunctionSource[] {
  const collector = new FunctionCollector(report);
  for (const line of lines) collector.add(line);
  collector.finish();
  return collector.functions;
}

/** Takes in the lines of functions whose heads could not be read; nobody looks at it. */
const UNREADABLE_FUNCTION: OpenFunction = {
  name: { text: '', line: 1, column: 1, length: 1 },
  index: -1,
  signature: { params: [], results: [] },
  locals: new Map(),
  body: [],
  end: { line: 1, column: 1, length: 1 },
};

class FunctionCollector {
  readonly functions: FunctionSource[] = [];
  private readonly names = new Set<string>();
  private current: OpenFunction | null = null;

  constructor(private readonly report: Report) {}

  add(line: Line): void {
    if (line.kind === 'function') this.begin(line);
    else if (line.kind === 'unreadable function') this.current = UNREADABLE_FUNCTION;
    else if (line.kind === 'code' || line.kind === 'local' || line.kind === 'end') this.addToFunction(line);
    else if (this.current !== null) {
      const message = `this declaration stands inside of function '${this.current.name.text}'`;
      this.report.error('placement', line, message, "end the function with 'end' first");
    }
  }

  finish(): void {
    if (this.current === null || this.current === UNREADABLE_FUNCTION) return;
    this.report.error('placement', this.current.name, `function '${this.current.name.text}' has no 'end'`);
  }

  private begin(line: Extract<Declaration, { kind: 'function' }>): void {
    this.finish();
    const { name, params, results } = line;
    if (Math.max(params.length, results.length) > MAX_SIGNATURE_LENGTH) {
      this.report.error('limit', line, `a function has at most ${MAX_SIGNATURE_LENGTH} parameters, and results`);
    }
    const signature = { params: params.map(({ type }) => type), results };
    this.current = { name, index: this.functions.length, signature, locals: new Map(), body: [], end: line };
    this.functions.push(this.current);
    checkName(name, this.names.has(name.text), this.report);
    this.names.add(name.text);
    this.addLocals(this.current, params);
  }

  private addToFunction(line: Extract<Line, { kind: 'code' | 'local' | 'end' }>): void {
    if (this.current === null) {
      const what = line.kind === 'code' ? 'code' : `'${line.kind}'`;
      this.report.error('placement', line, `${what} outside of a function`);
    } else if (this.current === UNREADABLE_FUNCTION) {
      if (line.kind === 'end') this.current = null;
    } else if (line.kind === 'code') {
      for (const instruction of line.instructions) this.current.body.push(instruction);
    } else if (line.kind === 'local') {
      this.addLocals(this.current, line.variables);
    } else {
      this.current.end = line;
      this.current = null;
    }
  }

  private addLocals({ locals }: OpenFunction, variables: readonly Variable[]): void {
    for (const { name, type } of variables) {
      checkName(name, locals.has(name.text), this.report);
      if (locals.size >= MAX_REGISTERS) {
        this.report.fatal('too-complex', name, `a function has at most ${MAX_REGISTERS} parameters and locals`);
      }
      if (!locals.has(name.text)) locals.set(name.text, { name: name.text, register: locals.size, type });
    }
  }
}
