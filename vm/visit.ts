// A context's turn in another thread. Its heap is there in either: a region of shared memory. The rest of what the loops need
// travels as numbers. Nothing else of an execution leaves: who pays,
// who answers its syscalls and what becomes of it stays with the thread that has it.
//
// While its context is away nobody here may look into the heap.
import { Context, type MemoryKeeper } from './context';
import type { HeapAccount } from './heap-account';
import { run } from './interpreter';
import type { Module } from './module';
import type { Chunk, Program } from './program';
import { type ProgramTables, shareTables } from './program-tables';
import { Region, RegionPool } from './regions';
import { TRAP } from './signals';

/** The memory that a region is. */
interface Memory {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly words: number;
}

/** A context on its way to another thread. Plain data. */
export interface Visit {
  readonly memory: Memory;
  readonly fuel: number;
  readonly memoryLimitBytes: number;
  readonly loadedBytes: number;
  readonly grantedWords: number;
  readonly peakWords: number;
  readonly memoryRefusals: number;
  readonly isRefusedAbove: boolean;
  readonly compilesElsewhere: boolean;
  readonly collectAlways: boolean;
  readonly outlivesEntry: boolean;
  /** Whether who refuses memory has it wait: its own limit, or the level above that refused last. */
  readonly stallsHere: boolean;
  readonly stallsAbove: boolean;
}

/** What has become of it. Plain data. */
export interface VisitEnd {
  readonly signal: number;
  /** The region into which it has grown; null: it lies where it lay. */
  readonly memory: Memory | null;
  readonly fuel: number;
  readonly failure: number;
  readonly trap: number;
  readonly exitCode: number;
  readonly loadedBytes: number;
  readonly peakWords: number;
  readonly memoryRefusals: number;
  readonly isRefusedAbove: boolean;
  readonly wanted: Chunk | null;
}

/** Modules that a context has loaded, behind those that the other thread knows of it. */
export interface LoadedPart {
  readonly modules: readonly Module[];
  readonly tables: ProgramTables;
}

/** Starts a visit. The context must have been saved, and not be frozen. */
export function beginVisit(context: Context, account: HeapAccount): Visit {
  const {
    fuel,
    loadedBytes,
    grantedWords,
    peakWords,
    memoryRefusals,
    isRefusedAbove,
    compilesElsewhere,
    collectAlways,
    outlivesEntry,
  } = context;
  return {
    memory: memoryOf(context.region),
    ...{
      fuel,
      loadedBytes,
      grantedWords,
      peakWords,
      memoryRefusals,
      isRefusedAbove,
      compilesElsewhere,
      collectAlways,
      outlivesEntry,
    },
    memoryLimitBytes: context.memoryLimitBytes + loadedBytes,
    stallsHere: account.stallsHere,
    stallsAbove: account.stallsAbove,
  };
}

/** The visitor of another thread. Its heap grows into buffers of its own, which its thread gets with it. */
export class Visitor implements MemoryKeeper {
  readonly context: Context;
  private readonly region: Region;
  private stallsAbove: boolean;

  /** `ask` asks the levels above for a heap of so many words, as a MemoryKeeper does. */
  constructor(
    private readonly visit: Visit,
    program: Program,
    private readonly ask: (words: number) => MemoryAnswer,
  ) {
    const { memory, memoryLimitBytes } = visit;
    this.region = new Region(memory.buffer, memory.byteOffset, memory.words, false);
    this.context = new Context(program, visitorPool, memoryLimitBytes, this.region);
    const {
      fuel,
      loadedBytes,
      grantedWords,
      peakWords,
      memoryRefusals,
      isRefusedAbove,
      compilesElsewhere,
      collectAlways,
      outlivesEntry,
    } = visit;
    Object.assign(this.context, {
      ...{
        fuel,
        loadedBytes,
        grantedWords,
        peakWords,
        memoryRefusals,
        isRefusedAbove,
        compilesElsewhere,
        collectAlways,
        outlivesEntry,
      },
      memoryKeeper: this,
    });
    this.stallsAbove = visit.stallsAbove;
  }

  requestMemory(words: number): boolean {
    const { grantedWords, stalls } = this.ask(words);
    this.stallsAbove = stalls;
    if (grantedWords < words) return false;
    this.context.grantedWords = grantedWords;
    return true;
  }

  stallsForMemory(): boolean {
    return this.context.isRefusedAbove ? this.stallsAbove : this.visit.stallsHere;
  }

  run(): VisitEnd {
    const { context } = this;
    const signal = run(context);
    const { region, fuel, failure, trap, exitCode, loadedBytes, peakWords, memoryRefusals, isRefusedAbove, wanted } =
      context;
    return {
      ...{ signal, fuel, failure, trap, exitCode, loadedBytes, peakWords, memoryRefusals, isRefusedAbove, wanted },
      memory: region === this.region ? null : memoryOf(region),
    };
  }
}

/** What the levels above have granted: fewer words than were asked for is a refusal. */
export interface MemoryAnswer {
  readonly grantedWords: number;
  /** Whether who refuses has the guest wait for more. */
  readonly stalls: boolean;
}

const visitorPool = new RegionPool({ isUnpooled: true, isShared: true });

/** The context is back. Answers the signal that its turn has ended with. */
export function endVisit(context: Context, end: VisitEnd): number {
  const { memory, fuel, failure, trap, exitCode, loadedBytes, peakWords, memoryRefusals, isRefusedAbove, wanted } = end;
  Object.assign(context, {
    fuel,
    failure,
    trap,
    exitCode,
    loadedBytes,
    peakWords,
    memoryRefusals,
    isRefusedAbove,
    wanted,
  });
  if (memory !== null) {
    const region = new Region(memory.buffer, memory.byteOffset, memory.words, false);
    context.pool.weighLater(region);
    context.moveTo(region);
  }
  return context.loadThread() ? end.signal : TRAP;
}

/** What another thread needs of a program's modules beyond the first `known`. */
export function loadedPart(program: Program, known: number): LoadedPart {
  return { modules: program.modules.slice(known), tables: shareTables(program) };
}

function memoryOf({ buffer, byteOffset, words }: Region): Memory {
  return { buffer, byteOffset, words };
}
