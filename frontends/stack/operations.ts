// The code of a function once its names are looked up: what the checker checks and the generator compiles.
import type { Signature, ValueType } from '../../vm/index';
import type { Local } from './functions';
import type { InstructionDefinition } from './instructions';
import type { Bits } from './literals';
import type { Place } from './report';

/** A label of a function. */
export interface Label {
  readonly name: string;
  readonly index: number;
}

export type Operation = Place &
  (
    | { readonly kind: 'label'; readonly label: Label }
    | { readonly kind: 'constant'; readonly bits: Bits }
    | { readonly kind: 'get' | 'set' | 'tee'; readonly local: Local }
    /** A plain instruction; `offset` of a load or store. */
    | { readonly kind: 'plain'; readonly definition: InstructionDefinition; readonly offset: number }
    | { readonly kind: 'stack.allocate'; readonly bytes: number }
    | { readonly kind: 'br' | 'br_if'; readonly label: Label }
    /** The last label is the default. */
    | { readonly kind: 'br_table'; readonly labels: readonly Label[] }
    | { readonly kind: 'call'; readonly name: string; readonly index: number; readonly signature: Signature }
    | { readonly kind: 'call_indirect'; readonly signature: Signature }
    | { readonly kind: 'syscall'; readonly name: string; readonly signature: Signature }
  );

/** Types of what an operation takes from the stack and puts there, where that does not depend on the stack. */
export interface Effect {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** An operation's effect on the stack; `drop`, `select` and `return` depend on the stack and have none here. */
export function effectOf(operation: Operation): Effect {
  switch (operation.kind) {
    case 'label':
    case 'br':
      return NO_EFFECT;
    case 'constant':
      return { params: [], results: [operation.bits.type] };
    case 'get':
      return { params: [], results: [operation.local.type] };
    case 'set':
      return { params: [operation.local.type], results: [] };
    case 'tee':
      return { params: [operation.local.type], results: [operation.local.type] };
    case 'plain':
      return operation.definition;
    case 'stack.allocate':
      return { params: [], results: ['i32'] };
    case 'br_if':
    case 'br_table':
      return { params: ['i32'], results: [] };
    case 'call':
    case 'syscall':
      return operation.signature;
    case 'call_indirect':
      return { params: [...operation.signature.params, 'i32'], results: operation.signature.results };
  }
}

const NO_EFFECT: Effect = { params: [], results: [] };

/** Control never goes on behind it. */
export function isTerminator(operation: Operation): boolean {
  if (operation.kind === 'br' || operation.kind === 'br_table') return true;
  return operation.kind === 'plain' && (isNamed(operation, 'return') || isNamed(operation, 'unreachable'));
}

/** Whether it is the plain instruction of that name. */
export function isNamed(operation: Operation, name: string): boolean {
  return operation.kind === 'plain' && operation.definition.name === name;
}

/** The operation's word in the source, for messages. */
export function nameOf(operation: Operation): string {
  switch (operation.kind) {
    case 'plain':
      return operation.definition.name;
    case 'get':
    case 'set':
    case 'tee':
      return `local.${operation.kind}`;
    case 'call':
    case 'syscall':
      return `${operation.kind} ${operation.name}`;
    default:
      return operation.kind;
  }
}

/** The labels that an operation can jump to. */
export function targetsOf(operation: Operation): readonly Label[] {
  if (operation.kind === 'br' || operation.kind === 'br_if') return [operation.label];
  return operation.kind === 'br_table' ? operation.labels : [];
}
