// Makes the module of a checked program: its functions, table and memory, in the order of the source.
import { type FunctionBuilder, type Module, ModuleBuilder } from '../../vm/index';
import type { CheckedBody } from './checker';
import type { FunctionSource } from './functions';
import { generateFunction } from './generator';
import type { Operation } from './operations';
import type { Program } from './program';
import type { ResolvedBody } from './resolver';

/** A function that is ready to be generated. */
export interface CheckedFunction {
  readonly source: FunctionSource;
  readonly body: ResolvedBody;
  readonly checked: CheckedBody;
}

/** The module. Throws ModuleError when it goes beyond what a module can hold. */
export function makeModule(program: Program, functions: readonly CheckedFunction[], fileName: string): Module {
  const module = new ModuleBuilder('sm');
  const source = module.source(fileName);
  const builders = functions.map((checked) => beginFunction(module, checked, source));
  const indices = {
    function: (index: number) => builders[index]!.index,
    signature: module.signature.bind(module),
    syscall: module.syscall.bind(module),
  };
  functions.forEach((checked, i) => {
    generateFunction(checked.source, checked.body, checked.checked, indices, builders[i]!);
  });
  for (const index of program.table) module.addTableElement(index === -1 ? -1 : builders[index]!.index);
  if (usesMemory(program, functions)) addMemory(module, program);
  module.entry = builders[program.entry]!.index;
  return module.build();
}

function beginFunction(
  module: ModuleBuilder,
  { source: { name, signature, end } }: CheckedFunction,
  source: number,
): FunctionBuilder {
  const lines = { line: name.line, lastLine: end.line };
  return module.addFunction({ family: 'typed', name: name.text, signature, source, ...lines });
}

function usesMemory(program: Program, functions: readonly CheckedFunction[]): boolean {
  return program.data.blocks.size > 0 || functions.some(({ body }) => body.operations.some(touchesMemory));
}

function touchesMemory(operation: Operation): boolean {
  if (operation.kind === 'stack.allocate' || operation.kind === 'syscall') return true;
  if (operation.kind !== 'plain') return false;
  const { name, lowering } = operation.definition;
  return lowering.kind === 'load' || lowering.kind === 'store' || /^(?:memory|stack)\./.test(name);
}

function addMemory(module: ModuleBuilder, { data, stackBytes }: Program): void {
  module.setMemory(data.end, stackBytes);
  for (const { address, bytes } of data.segments) module.addData(address, bytes);
}
