// Code of a checked function: its operations in the order of the source, those that no way leads to left out. Stack
// positions and locals become registers here; what each instruction becomes is in arithmetic.ts, memory.ts, branches.ts.
import { type FunctionBuilder, type Signature, Trap } from '../../vm/index';
import { pushArithmetic, pushNegatedTest } from './arithmetic';
import { localsToClear } from './assignment';
import { branchIf, branchTable, jump } from './branches';
import type { CheckedBody } from './checker';
import { emit } from './emitter';
import type { FunctionSource } from './functions';
import type { Generation } from './generation';
import { compileCopy, compileFill, compileLoad, compileStackAllocate, compileStore } from './memory';
import { isTerminator, type Operation } from './operations';
import type { ResolvedBody } from './resolver';
import { ValueStack } from './value-stack';

/** Indices of a module that instructions name things by. */
export interface ModuleIndices {
  function(index: number): number;
  signature(signature: Signature): number;
  syscall(name: string): number;
}

/** Generates a function into `builder`. */
export function generateFunction(
  source: FunctionSource,
  body: ResolvedBody,
  checked: CheckedBody,
  indices: ModuleIndices,
  builder: FunctionBuilder,
): void {
  new FunctionGenerator(source, body, checked, indices, builder).generate();
}

class FunctionGenerator implements Generation {
  readonly stack: ValueStack;
  readonly labels: readonly number[];

  constructor(
    private readonly source: FunctionSource,
    private readonly body: ResolvedBody,
    private readonly checked: CheckedBody,
    private readonly indices: ModuleIndices,
    readonly builder: FunctionBuilder,
  ) {
    const base = source.locals.size;
    this.stack = new ValueStack(builder, base, base + checked.maxHeight);
    this.labels = Array.from({ length: body.labelCount }, () => builder.newLabel());
    builder.reserveRegisters(base);
  }

  generate(): void {
    const { operations } = this.body;
    const start = this.builder.here();
    this.clearLocals();
    let isReached = true;
    operations.forEach((operation, position) => {
      if (this.checked.isReachable[position] === 0) return;
      this.stack.line = operation.line;
      this.builder.line(operation.line);
      if (operation.kind === 'label') this.placeLabel(operation.label.index, isReached);
      else this.compile(operation);
      isReached = !isTerminator(operation);
    });
    this.stack.line = this.source.end.line;
    if (this.checked.isEndReachable) this.compileReturn();
    this.nameLocals(start);
  }

  private compile(operation: Operation): void {
    const { stack } = this;
    switch (operation.kind) {
      case 'label':
        return;
      case 'constant':
        stack.push({ kind: 'constant', bits: operation.bits });
        return;
      case 'get':
        stack.push({ kind: 'register', register: operation.local.register });
        return;
      case 'set':
        stack.evaluate(stack.pop(), operation.local.register);
        return;
      case 'tee':
        stack.evaluate(stack.pop(), operation.local.register);
        stack.push({ kind: 'register', register: operation.local.register });
        return;
      case 'plain':
        this.compilePlain(operation);
        return;
      case 'stack.allocate':
        compileStackAllocate(this, operation.bytes);
        return;
      case 'br':
        jump(this, operation.label);
        return;
      case 'br_if':
        branchIf(this, operation.label);
        return;
      case 'br_table':
        branchTable(this, operation.labels);
        return;
      case 'call':
        this.compileCall('call', operation.signature, this.indices.function(operation.index));
        return;
      case 'syscall':
        this.compileCall('syscall', operation.signature, this.indices.syscall(operation.name));
        return;
      case 'call_indirect':
        this.compileCallIndirect(operation.signature);
        return;
    }
  }

  private compilePlain({ definition, offset }: Extract<Operation, { kind: 'plain' }>): void {
    const { lowering } = definition;
    switch (lowering.kind) {
      case 'rename':
        this.rename(definition.results[0]!);
        return;
      case 'load':
        compileLoad(this, lowering, offset);
        return;
      case 'store':
        compileStore(this, lowering, offset);
        return;
      case 'special':
        this.compileSpecial(definition.name);
        return;
      case 'operation':
        if (definition.name === 'i32.eqz') {
          pushNegatedTest(this.stack);
          return;
        }
        pushArithmetic(this.stack, lowering, definition.params.length);
        return;
    }
  }

  private compileSpecial(name: string): void {
    switch (name) {
      case 'drop':
        this.stack.drop();
        return;
      case 'select':
        this.compileSelect();
        return;
      case 'return':
        this.compileReturn();
        return;
      case 'unreachable':
        this.stack.settleOrdered();
        this.emit('trap', Trap.UNREACHABLE);
        return;
      case 'memory.copy':
        compileCopy(this);
        return;
      case 'memory.fill':
        compileFill(this);
        return;
      case 'stack.set':
        this.stack.settleOrdered();
        this.emit('stack.set', this.placeTop());
        return;
    }
  }

  /** The bits stay; only a constant has to know its type. */
  private rename(type: 'i32' | 'i64' | 'f32' | 'f64'): void {
    const top = this.stack.top();
    if (top.kind !== 'constant') return;
    this.stack.pop();
    const high = type === 'i32' || type === 'f32' ? 0 : top.bits.high;
    this.stack.push({ kind: 'constant', bits: { type, low: top.bits.low, high } });
  }

  private compileSelect(): void {
    const { stack } = this;
    const [condition, second, first] = [stack.pop(), stack.pop(), stack.pop()];
    const { height } = stack;
    stack.push({
      kind: 'choice',
      first: stack.place(first, stack.home(height)),
      second: stack.place(second, stack.home(height + 1)),
      condition: stack.place(condition, stack.home(height + 2)),
      line: stack.line,
    });
  }

  /** A call or syscall: arguments in a row of registers, from the first of which the results lie. */
  private compileCall(mnemonic: string, signature: Signature, ...operands: number[]): void {
    const { stack } = this;
    const { params, results } = signature;
    stack.settleOrdered();
    const first = stack.settleTop(params.length);
    stack.settleReferencesFrom(first);
    this.emit(mnemonic, first, ...operands);
    this.builder.reserveRegisters(first + Math.max(params.length, results.length));
    for (const _ of params) stack.pop();
    for (const _ of results) stack.pushHome();
  }

  private compileCallIndirect(signature: Signature): void {
    this.stack.settleOrdered();
    const element = this.placeTop();
    this.compileCall('call_indirect', signature, element, this.indices.signature(signature));
  }

  private compileReturn(): void {
    const { stack } = this;
    const { length } = this.source.signature.results;
    stack.settleOrdered();
    if (length === 0) this.emit('return');
    else if (length === 1) this.emit('return_value', this.placeTop());
    else this.emit('return_values', stack.settleTop(length), length);
  }

  private placeLabel(index: number, isReached: boolean): void {
    if (isReached) this.stack.settleAll();
    this.stack.reset(this.checked.labelHeights[index]!);
    this.builder.bind(this.labels[index]!);
  }

  private placeTop(): number {
    const entry = this.stack.pop();
    return this.stack.place(entry, this.stack.home(this.stack.height));
  }

  /** Adds an instruction of the operation being compiled, whatever was computed before it. */
  private emit(mnemonic: string, ...operands: number[]): void {
    this.builder.line(this.stack.line);
    emit(this.builder, mnemonic, ...operands);
  }

  private clearLocals(): void {
    const cleared = localsToClear(this.source, this.body, this.checked);
    for (const { register } of cleared) emit(this.builder, 'i64.const', register, 0);
  }

  private nameLocals(start: number): void {
    const end = this.builder.here();
    for (const { name, register } of this.source.locals.values()) this.builder.nameLocal(name, register, start, end);
  }
}
