// Follows the ways through a function from its beginning and checks that the stack balances: operands that are there
// and of the right types, the same stack on all ways to a label, exactly the results at each return. It also finds what
// no way leads to, and how high the stack grows.
import type { Signature } from '../../vm/index';
import type { FunctionSource } from './functions';
import { MAX_REGISTERS } from './limits';
import { effectOf, isNamed, isTerminator, type Label, nameOf, type Operation, targetsOf } from './operations';
import type { Place, Report } from './report';
import type { ResolvedBody } from './resolver';
import { describe, push, type Slot, type Stack, type StackType } from './type-stack';

/** What is known of a function that balances. */
export interface CheckedBody {
  /** By operation: some way leads to it. */
  readonly isReachable: Uint8Array;
  /** By label: values on the stack there. */
  readonly labelHeights: Int32Array;
  /** The most values on the stack. */
  readonly maxHeight: number;
  /** Whether the end of the body is reached: it then returns. */
  readonly isEndReachable: boolean;
}

/** Checks a function; errors are in the report. */
export function checkBody(source: FunctionSource, body: ResolvedBody, report: Report): CheckedBody {
  return new Checker(source, body, report).check();
}

/** What the first way to a label brought there. */
interface Arrival {
  readonly stack: Stack;
  readonly place: Place;
}

class Checker {
  private readonly isReachable: Uint8Array;
  private readonly arrivals: (Arrival | undefined)[];
  private readonly labelPositions: Int32Array;
  /** Positions of labels that a way leads to and that are still to be followed. */
  private readonly pending: number[] = [];
  private stack: Stack = null;
  private maxHeight = 0;
  private isEndReachable = false;

  constructor(
    private readonly source: FunctionSource,
    private readonly body: ResolvedBody,
    private readonly report: Report,
  ) {
    this.isReachable = new Uint8Array(body.operations.length);
    this.arrivals = new Array(body.labelCount).fill(undefined);
    this.labelPositions = new Int32Array(body.labelCount);
    body.operations.forEach((operation, position) => {
      if (operation.kind === 'label') this.labelPositions[operation.label.index] = position;
    });
  }

  check(): CheckedBody {
    this.follow(0);
    for (let start = this.pending.pop(); start !== undefined; start = this.pending.pop()) {
      const label = this.body.operations[start] as Extract<Operation, { kind: 'label' }>;
      this.stack = this.arrivals[label.label.index]!.stack;
      this.follow(start);
    }
    this.reportUnreachable();
    const labelHeights = Int32Array.from(this.arrivals, (arrival) => arrival?.stack?.height ?? 0);
    const { isReachable, maxHeight, isEndReachable } = this;
    return { isReachable, labelHeights, maxHeight, isEndReachable };
  }

  /** Follows one way until it ends or meets one that was followed before. */
  private follow(start: number): void {
    const { operations } = this.body;
    for (let position = start; position < operations.length; position++) {
      const operation = operations[position]!;
      if (operation.kind === 'label') this.arrive(operation.label, operation);
      if (this.isReachable[position] === 1) return;
      this.isReachable[position] = 1;
      this.apply(operation);
      for (const label of targetsOf(operation)) this.branch(label, operation);
      if (isTerminator(operation)) return;
    }
    this.isEndReachable = true;
    this.checkReturn(this.source.end, 'no-return');
  }

  private branch(label: Label, from: Operation): void {
    const isFirst = this.arrivals[label.index] === undefined;
    this.arrive(label, from);
    if (isFirst) this.pending.push(this.labelPositions[label.index]!);
  }

  /** The stack at a label is the one that the first way brought there. */
  private arrive(label: Label, from: Place): void {
    const first = this.arrivals[label.index];
    if (first === undefined) {
      this.arrivals[label.index] = { stack: this.stack, place: from };
    } else if (!isSameStack(first.stack, this.stack)) {
      const message =
        `the stack at label '${label.name}' is ${describe(this.stack)} on this way, ` +
        `but ${describe(first.stack)} from line ${first.place.line}`;
      this.report.error('join', from, message);
      this.stack = first.stack;
    }
  }

  private apply(operation: Operation): void {
    if (isNamed(operation, 'drop')) this.pop(operation, 'any');
    else if (isNamed(operation, 'select')) this.applySelect(operation);
    else if (isNamed(operation, 'return')) this.checkReturn(operation, 'underflow');
    else {
      const { params, results } = effectOf(operation);
      for (let i = params.length - 1; i >= 0; i--) this.pop(operation, params[i]!, params.length - i);
      for (const type of results) this.push(operation, type);
    }
  }

  private applySelect(operation: Operation): void {
    this.pop(operation, 'i32');
    const second = this.pop(operation, 'any', 2);
    this.push(operation, this.pop(operation, second, 3));
  }

  /** Takes a value of a type, the `depth`-th of the operation's operands from the top. */
  private pop(operation: Operation, type: StackType, depth = 1): StackType {
    const top = this.stack;
    if (top === null) {
      const what = depth === 1 ? 'the stack is empty' : `the stack has only ${depth - 1} of its values`;
      this.report.error('underflow', operation, `'${nameOf(operation)}' takes ${article(type)}, but ${what}`);
      return type;
    }
    this.stack = top.below;
    if (isSameType(top.type, type)) return type === 'any' ? top.type : type;
    const where = depth === 1 ? 'on top of the stack' : `below the top ${depth - 1} of the stack`;
    const message = `'${nameOf(operation)}' takes ${article(type)}, but ${article(top.type)} is ${where}`;
    this.report.error('type', operation, message);
    return type;
  }

  /** Stops where the registers end, so that no stack is longer than that and comparing two is cheap. */
  private push(operation: Operation, type: StackType): void {
    this.stack = push(this.stack, type);
    if (this.stack.height <= this.maxHeight) return;
    this.maxHeight = this.stack.height;
    const locals = this.source.locals.size;
    if (locals + this.maxHeight <= MAX_REGISTERS) return;
    const message =
      `the stack has ${this.maxHeight} values here, and function '${this.source.name.text}' has ${locals} parameters ` +
      `and locals; at most ${MAX_REGISTERS} registers can hold them`;
    this.report.fatal('too-complex', operation, message);
  }

  /** A function returns with its results on the stack and nothing else. */
  private checkReturn(place: Place, code: 'no-return' | 'underflow'): void {
    const { results } = this.source.signature;
    const height = this.stack?.height ?? 0;
    const expected = resultsText(this.source.signature);
    if (height < results.length) {
      this.report.error(code, place, `the function returns ${expected}, but the stack is ${describe(this.stack)}`);
    } else if (height > results.length) {
      this.report.error(
        'leftover',
        place,
        `the function returns ${expected}, but the stack is ${describe(this.stack)}`,
      );
    } else if (!this.hasResults(this.stack)) {
      this.report.error('type', place, `the function returns ${expected}, but the stack is ${describe(this.stack)}`);
    }
  }

  private hasResults(stack: Stack): boolean {
    const { results } = this.source.signature;
    let slot = stack;
    for (let i = results.length - 1; i >= 0; i--, slot = slot!.below) {
      if (!isSameType(slot!.type, results[i]!)) return false;
    }
    return true;
  }

  /** One warning for each stretch of operations that no way leads to. */
  private reportUnreachable(): void {
    if (this.report.hasErrors) return;
    let wasReachable = true;
    this.body.operations.forEach((operation, position) => {
      const isReachable = this.isReachable[position] === 1;
      if (wasReachable && !isReachable) this.report.warning('unreachable', operation, 'no way leads here');
      wasReachable = isReachable;
    });
  }
}

function isSameType(left: StackType, right: StackType): boolean {
  return left === right || left === 'any' || right === 'any';
}

/** Stacks share their lower slots where they can, so most comparisons end at once. */
function isSameStack(left: Stack, right: Stack): boolean {
  let [one, other]: [Slot | null, Slot | null] = [left, right];
  while (one !== other) {
    if (one === null || other === null || one.height !== other.height || !isSameType(one.type, other.type))
      return false;
    one = one.below;
    other = other.below;
  }
  return true;
}

function article(type: StackType): string {
  if (type === 'any') return 'a value';
  return `an ${type}`;
}

function resultsText({ results }: Signature): string {
  return results.length === 0 ? 'nothing' : `[${results.join(' ')}]`;
}
