// What the parts of the generator share while a function is generated.
import type { FunctionBuilder } from '../../vm/index';
import type { ValueStack } from './value-stack';

/** A function being generated: what the parts of the generator share. */
export interface Generation {
  readonly builder: FunctionBuilder;
  readonly stack: ValueStack;
  /** The builder's labels by label index. */
  readonly labels: readonly number[];
}
