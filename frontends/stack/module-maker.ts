// Makes the module of a checked program: its functions, table and memory, in the order of the source.
import { type FunctionBuilder, type Module, ModuleBuilder } from '../../vm/index';
import type { CheckedBody } from './checker';
import type { FunctionSource } from './functions';
import { generateFunction } from './generator';
import { DEFAULT_STACK_BYTES } from './limits';
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
  addMemory(module, program, functions);
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

function addMemory(module: ModuleBuilder, { data, stackBytes }: Program, functions: readonly CheckedFunction[]): void {
  const operations = functions.flatMap(({ body }) => body.operations);
  if (data.blocks.size === 0 && stackBytes === null && !operations.some(touchesMemory)) return;
  const defaultBytes = operations.some(touchesStack) ? DEFAULT_STACK_BYTES : 0;
  module.setMemory(data.end, stackBytes ?? defaultBytes);
  for (const { address, bytes } of data.segments) module.addData(address, bytes);
}

function touchesMemory(operation: Operation): boolean {
  if (operation.kind === 'syscall' || touchesStack(operation)) return true;
  if (operation.kind !== 'plain') return false;
  const { name, lowering } = operation.definition;
  return lowering.kind === 'load' || lowering.kind === 'store' || name.startsWith('memory.');
}

/** A program that never uses the memory stack gets none, unless it asks for one. */
function touchesStack(operation: Operation): boolean {
  if (operation.kind === 'stack.allocate') return true;
  return operation.kind === 'plain' && operation.definition.name.startsWith('stack.');
}
