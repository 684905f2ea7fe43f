// What frontends make modules with: functions in any order, names and signatures interned. It checks how it is used
// (TypeError, RangeError) and the formats' limits (ModuleError); whether the module makes sense is the verifier's matter.
import { ModuleError } from './errors';
import { FunctionBuilder, type FunctionOptions } from './function-builder';
import { MAXIMUM_FUNCTIONS, MAXIMUM_IMPORTS, MAXIMUM_SIGNATURES } from './limits';
import type { DataSegment, FunctionDefinition, Module, Signature } from './module';

export { FunctionBuilder, type FunctionOptions, type Label } from './function-builder';

/** Makes one module. */
export class ModuleBuilder {
  /** Index of the function that an execution starts with; null for a library. */
  entry: number | null = null;
  /** Index of the value function that the linker runs once; or null. */
  initialiser: number | null = null;

  private readonly sources: string[] = [];
  private readonly sourceIndices = new Map<string, number>();
  private readonly functions: (FunctionBuilder | FunctionDefinition | null)[] = [];
  private readonly signatures: Signature[] = [];
  private readonly signatureIndices = new Map<string, number>();
  private readonly syscalls: string[] = [];
  private readonly syscallIndices = new Map<string, number>();
  private readonly intrinsics: string[] = [];
  private readonly intrinsicIndices = new Map<string, number>();
  private readonly table: number[] = [];
  private memory: { dataEnd: number; stackBytes: number } | null = null;
  private readonly segments: DataSegment[] = [];

  constructor(private readonly language: string) {}

  /** The index of a source file. */
  source(path: string): number {
    return intern(this.sourceIndices, path, this.sources, path, MAXIMUM_IMPORTS);
  }

  /** The index of a function whose body comes later (see addFunction, setFunction), so that others can call it. */
  reserveFunction(): number {
    if (this.functions.length === MAXIMUM_FUNCTIONS) throw new ModuleError('module.too_large', 'functions');
    return this.functions.push(null) - 1;
  }

  /** Begins a function, at a reserved index or at the next one. Its instructions may be added until `build`. */
  addFunction(options: FunctionOptions, index = this.reserveFunction()): FunctionBuilder {
    const builder = new FunctionBuilder(index, options);
    this.setFunction(index, builder);
    return builder;
  }

  /** Puts a function at a reserved index. */
  setFunction(index: number, definition: FunctionDefinition | FunctionBuilder): void {
    if (this.functions[index] !== null) throw new TypeError(`function ${index} is not reserved`);
    this.functions[index] = definition;
  }

  /** The index by which call_indirect names a signature. */
  signature(signature: Signature): number {
    const key = `${signature.params}:${signature.results}`;
    return intern(this.signatureIndices, key, this.signatures, signature, MAXIMUM_SIGNATURES);
  }

  /** The index by which `syscall` names it. */
  syscall(name: string): number {
    return intern(this.syscallIndices, name, this.syscalls, name, MAXIMUM_IMPORTS);
  }

  /** The index by which `intrinsic` names it. */
  intrinsic(name: string): number {
    return intern(this.intrinsicIndices, name, this.intrinsics, name, MAXIMUM_IMPORTS);
  }

  /** Adds an element to the table of call_indirect: a function's index, or -1 for none. Returns its table index. */
  addTableElement(functionIndex: number): number {
    return this.table.push(functionIndex) - 1;
  }

  /** Gives the module a linear memory: where the static data ends, and the most bytes of the memory stack. */
  setMemory(dataEnd: number, stackBytes: number): void {
    this.memory = { dataEnd, stackBytes };
  }

  /** Puts bytes into the initial linear memory. */
  addData(address: number, bytes: Uint8Array): void {
    this.segments.push({ address, bytes });
  }

  /** The module. Throws TypeError when a reserved function has no body, a label no place, data no memory. */
  build(): Module {
    if (this.memory === null && this.segments.length > 0) throw new TypeError('data without a memory');
    const segments = [...this.segments].sort((left, right) => left.address - right.address);
    return {
      language: this.language,
      // Functions name a source; without any, the language stands for it.
      sources: this.sources.length === 0 ? [this.language] : [...this.sources],
      functions: this.functions.map(finishFunction),
      signatures: [...this.signatures],
      syscalls: [...this.syscalls],
      intrinsics: [...this.intrinsics],
      table: [...this.table],
      memory: this.memory === null ? null : { ...this.memory, segments },
      entry: this.entry,
      initialiser: this.initialiser,
    };
  }
}

function finishFunction(entry: FunctionBuilder | FunctionDefinition | null, index: number): FunctionDefinition {
  if (entry === null) throw new TypeError(`function ${index} was reserved but has no body`);
  return entry instanceof FunctionBuilder ? entry.finish() : entry;
}

function intern<T>(indices: Map<string, number>, key: string, list: T[], item: T, maximum: number): number {
  const known = indices.get(key);
  if (known !== undefined) return known;
  if (list.length === maximum) throw new ModuleError('module.too_large', `more than ${maximum} names of a kind`);
  indices.set(key, list.length);
  return list.push(item) - 1;
}
