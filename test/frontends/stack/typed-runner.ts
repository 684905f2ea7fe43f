// Calls the entry of a module again and again on bits, without a host around it.
import type { Context } from '../../../vm/context';
import { createContext, entryArguments, startEntry } from '../../../vm/image';
import type { Module, Program } from '../../../vm/index';
import { run } from '../../../vm/interpreter';
import { HEADER } from '../../../vm/layout';
import { link } from '../../../vm/linker';
import { RegionPool } from '../../../vm/regions';
import { DONE, TRAP } from '../../../vm/signals';
import type { Words } from './wasm-module';

const FUEL = 1_000_000;
const MEMORY_LIMIT_BYTES = 1 << 20;
const pool = new RegionPool();

export class TypedRunner {
  /** The linear memory as the last call left it. */
  memory = new Uint8Array(0);
  private readonly program: Program;

  constructor(module: Module) {
    this.program = link([module]);
  }

  /** The bits of the first result; null when the call traps. */
  run(args: readonly Words[]): Words | null {
    const context = createContext(this.program, pool, MEMORY_LIMIT_BYTES);
    if (context === null || !startEntry(context, 0)) throw new Error('the program does not fit');
    const first = entryArguments(context);
    args.forEach((words, index) => {
      context.i32.set(words, first + index * 2);
    });
    context.fuel = FUEL;
    const signal = run(context);
    this.keepMemory(context);
    const words: Words = [context.i32[first]!, context.i32[first + 1]!];
    context.dispose();
    if (signal === DONE) return words;
    if (signal === TRAP) return null;
    throw new Error(`the run ended with signal ${signal}`);
  }

  private keepMemory(context: Context): void {
    const start = context.i32[HEADER.WINDOW]! * 4;
    this.memory = context.u8.slice(start, start + context.i32[HEADER.WINDOW_BYTES]!);
  }
}
