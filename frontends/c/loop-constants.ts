// Constants that a loop needs again and again: they are loaded once in front of the outermost loop, into registers of
// their own. A function is generated twice when it has any: first to see which constants its loops load.
import type { PoolConstant } from './code-list';

/** A constant as an instruction loads it. */
export type LoadedConstant =
  | { readonly mnemonic: 'i32.const' | 'i64.const'; readonly value: number }
  | { readonly mnemonic: 'const'; readonly constant: PoolConstant };

/** How much one more loop around makes a load weigh. */
const DEPTH_WEIGHT = 8;
const MOST = 12;
/** Loads outside of inner loops may be few, and the loop may run but once. */
const MOST_OUTER = 4;

interface Use {
  readonly constant: LoadedConstant;
  weight: number;
}

/** What a generation has seen of the constants in its loops. */
export class LoopConstants {
  private depth = 0;
  /** The outermost loops are numbered in the order in which they are met. */
  private current = -1;
  private readonly uses = new Map<number, Map<string, Use>>();
  private readonly entered = new Set<number>();
  private held = new Map<string, number>();

  /** `earlier` is what the first generation of the same function has seen. */
  constructor(private readonly earlier?: LoopConstants) {}

  get isInLoop(): boolean {
    return this.depth > 0;
  }

  get loopDepth(): number {
    return this.depth;
  }

  get isEmpty(): boolean {
    return this.uses.size === 0;
  }

  /** A loop begins: gives the constants to be loaded in front of it. */
  enter(): LoadedConstant[] {
    if (this.depth++ > 0) return [];
    this.current++;
    return this.earlier?.wantedIn(this.current) ?? [];
  }

  leave(): void {
    if (--this.depth === 0) this.held = new Map();
  }

  /** Something jumps into the loop that is being generated: nothing may be expected of what stands in front. */
  noteEntry(): void {
    this.entered.add(this.current);
  }

  hold(constant: LoadedConstant, register: number): void {
    this.held.set(keyOf(constant), register);
  }

  /** The register in which `constant` is, if it is in one; else notes that it is loaded. */
  find(constant: LoadedConstant): number | undefined {
    if (this.depth === 0) return undefined;
    const key = keyOf(constant);
    const register = this.held.get(key);
    if (register === undefined && this.earlier === undefined) this.note(key, constant);
    return register;
  }

  private note(key: string, constant: LoadedConstant): void {
    let uses = this.uses.get(this.current);
    if (uses === undefined) this.uses.set(this.current, (uses = new Map()));
    const use = uses.get(key);
    const weight = DEPTH_WEIGHT ** (Math.min(this.depth, 5) - 1);
    if (use === undefined) uses.set(key, { constant, weight });
    else use.weight += weight;
  }

  private wantedIn(loop: number): LoadedConstant[] {
    if (this.entered.has(loop)) return [];
    const uses = [...(this.uses.get(loop)?.values() ?? [])].sort((a, b) => b.weight - a.weight);
    const inner = uses.filter(({ weight }) => weight >= DEPTH_WEIGHT).slice(0, MOST);
    const outer = uses.filter(({ weight }) => weight < DEPTH_WEIGHT);
    const chosen = [...inner, ...outer.slice(0, Math.min(MOST_OUTER, MOST - inner.length))];
    return chosen.map(({ constant }) => constant);
  }
}

function keyOf(constant: LoadedConstant): string {
  if (constant.mnemonic !== 'const') return `${constant.mnemonic} ${constant.value}`;
  const pool = constant.constant;
  if (pool.kind === 'integer') return `${pool.high}:${pool.low}`;
  return Object.is(pool.value, -0) ? 'float -0' : `float ${pool.value}`;
}
