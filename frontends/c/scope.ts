// Names and tags in nested scopes, as the checker resolves them.
import type { FunctionSymbol, GlobalVariable, LocalVariable } from './typed-tree';
import type { CType, IntegerType, RecordType } from './types';

export interface TypedefName {
  readonly kind: 'typedef';
  readonly type: CType;
}

export interface Enumerator {
  readonly kind: 'enumerator';
  readonly value: bigint;
}

/** What an ordinary identifier stands for. */
export type NameEntry = LocalVariable | GlobalVariable | FunctionSymbol | TypedefName | Enumerator;

/** What a tag stands for. */
export type TagEntry = RecordType | IntegerType;

/** The scopes around a point of the source, the innermost last. */
export class Scopes {
  private readonly names: Map<string, NameEntry>[] = [new Map()];
  private readonly tags: Map<string, TagEntry>[] = [new Map()];

  get isFileScope(): boolean {
    return this.names.length === 1;
  }

  /** How many scopes are open. */
  get depth(): number {
    return this.names.length;
  }

  open(): void {
    this.names.push(new Map());
    this.tags.push(new Map());
  }

  close(): void {
    this.names.pop();
    this.tags.pop();
  }

  /** Closes scopes until `depth` are left. */
  closeTo(depth: number): void {
    while (this.depth > depth) this.close();
  }

  find(name: string): NameEntry | undefined {
    return findIn(this.names, name);
  }

  /** The entry of the innermost scope only. */
  findHere(name: string): NameEntry | undefined {
    return this.names[this.names.length - 1]!.get(name);
  }

  findAtFileScope(name: string): NameEntry | undefined {
    return this.names[0]!.get(name);
  }

  declare(name: string, entry: NameEntry): void {
    this.names[this.names.length - 1]!.set(name, entry);
  }

  declareAtFileScope(name: string, entry: NameEntry): void {
    this.names[0]!.set(name, entry);
  }

  findTag(name: string): TagEntry | undefined {
    return findIn(this.tags, name);
  }

  findTagHere(name: string): TagEntry | undefined {
    return this.tags[this.tags.length - 1]!.get(name);
  }

  declareTag(name: string, entry: TagEntry): void {
    this.tags[this.tags.length - 1]!.set(name, entry);
  }
}

function findIn<T>(scopes: readonly Map<string, T>[], name: string): T | undefined {
  for (let index = scopes.length - 1; index >= 0; index--) {
    const entry = scopes[index]!.get(name);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
