// Runs typed code for tests: modules are built, verified, linked and run as a host would, slice by slice.
import { type FunctionBuilder, ModuleBuilder } from '../../vm/builder';
import type { Context } from '../../vm/context';
import { createContext, entryArguments, startEntry } from '../../vm/image';
import { run } from '../../vm/interpreter';
import { FRAME_TOP } from '../../vm/layout';
import { type LinkOptions, link } from '../../vm/linker';
import type { Module, ValueType } from '../../vm/module';
import type { Program } from '../../vm/program';
import { RegionPool } from '../../vm/regions';
import { FUEL, TRAP } from '../../vm/signals';
import { verifyModule } from '../../vm/verifier';

const pool = new RegionPool();

/** A module of one typed function, its entry, whose code `body` emits. */
export function typedModule(
  params: readonly ValueType[],
  results: readonly ValueType[],
  body: (code: FunctionBuilder, module: ModuleBuilder) => void,
): Module {
  const module = new ModuleBuilder('test');
  module.entry = module.reserveFunction();
  body(module.addFunction({ family: 'typed', name: 'main', signature: { params, results } }, module.entry), module);
  return module.build();
}

/** Verifies and links. */
export function linkModule(module: Module, options?: LinkOptions): Program {
  verifyModule(module);
  return link([module], options);
}

export interface RunOptions {
  /** The entry's arguments as bits. */
  readonly args?: readonly bigint[];
  readonly slice?: number;
  readonly memoryLimitBytes?: number;
  /** Instructions after which the run is given up. */
  readonly limit?: number;
}

export interface Outcome {
  readonly signal: number;
  /** The trap's number, or -1. */
  readonly trap: number;
  /** The results' bits, of an entry that has returned. */
  readonly results: readonly bigint[];
  readonly instructions: number;
  readonly context: Context;
}

/** A context that stands at the program's entry. */
export function begin(program: Program, { args = [], memoryLimitBytes = 1 << 24 }: RunOptions = {}): Context {
  const context = createContext(program, pool, memoryLimitBytes);
  if (context === null || !startEntry(context, 0)) throw new Error('the test program does not fit');
  args.forEach((bits, index) => {
    context.i32[entryArguments(context) + index * 2] = Number(BigInt.asIntN(32, bits));
    context.i32[entryArguments(context) + index * 2 + 1] = Number(BigInt.asIntN(32, bits >> 32n));
  });
  context.save();
  return context;
}

/** Runs a context to its end or to `limit`, in slices. */
export function finish(context: Context, { slice = 1 << 30, limit = 1 << 30 }: RunOptions = {}): Outcome {
  let signal = FUEL;
  let instructions = 0;
  while (signal === FUEL && instructions < limit) {
    context.fuel = slice;
    signal = run(context);
    instructions += slice - context.fuel;
  }
  const words = context.i32[context.frame + FRAME_TOP];
  const results: bigint[] = [];
  for (let word = 0; word < words; word += 2) results.push(registerBits(context, context.stack + word));
  return { signal, trap: signal === TRAP ? context.trap : -1, results, instructions, context };
}

/** Runs a program from its entry. */
export function execute(program: Program, options: RunOptions = {}): Outcome {
  return finish(begin(program, options), options);
}

/** The 64 bits of the register at a word, as an unsigned number. */
export function registerBits(context: Context, word: number): bigint {
  return (BigInt(context.i32[word + 1] >>> 0) << 32n) | BigInt(context.i32[word] >>> 0);
}

/** The bits of an f64, of an f32. */
export function f64Bits(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0];
}

export function f32Bits(value: number): bigint {
  return BigInt(new Uint32Array(Float32Array.of(value).buffer)[0]);
}
