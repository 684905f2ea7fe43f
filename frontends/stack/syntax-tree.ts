// What the parser makes of each line: its parts and their places. Names are not looked up yet, numbers are still text.
import type { ValueType } from '../../vm/index';
import type { Place } from './report';

/** A name where it is declared or used. */
export interface Name extends Place {
  readonly text: string;
}

/** A single constant: a number, a character, the table index of a function (`&name`), or a name that stands for one. */
export interface ConstantTerm extends Place {
  readonly kind: 'number' | 'character' | 'function' | 'name';
  readonly text: string;
}

/** A sum in parentheses. */
export interface SumValue extends Place {
  readonly kind: 'sum';
  readonly terms: readonly { readonly isNegative: boolean; readonly term: ConstantTerm }[];
}

export type Value = ConstantTerm | SumValue;

export interface Variable {
  readonly name: Name;
  readonly type: ValueType;
}

export interface SignatureSyntax {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export type ElementType = ValueType | 'i8' | 'i16';

export type DataItem =
  | (Place & { readonly kind: 'string'; readonly text: string })
  | (Place & { readonly kind: 'zero'; readonly size: Value })
  | (Place & { readonly kind: 'numbers'; readonly type: ElementType; readonly values: readonly Value[] });

/** `offset=` or `align=` of a load or store. */
export interface Attribute extends Place {
  readonly name: 'offset' | 'align';
  readonly value: Value;
}

export type Instruction = Place &
  (
    | { readonly kind: 'label'; readonly name: Name }
    /** A word by itself: an instruction, or a local or constant to push. */
    | { readonly kind: 'plain'; readonly text: string; readonly attributes: readonly Attribute[] }
    /** A constant by itself. */
    | { readonly kind: 'constant'; readonly value: Value }
    | { readonly kind: 'named'; readonly text: string; readonly name: Name }
    | { readonly kind: 'valued'; readonly text: string; readonly value: Value }
    | { readonly kind: 'br_table'; readonly labels: readonly Name[] }
    | { readonly kind: 'call_indirect'; readonly signature: SignatureSyntax }
  );

export type Declaration = Place &
  (
    | {
        readonly kind: 'function';
        readonly name: Name;
        readonly params: readonly Variable[];
        readonly results: readonly ValueType[];
      }
    | { readonly kind: 'local'; readonly variables: readonly Variable[] }
    | { readonly kind: 'end' }
    | { readonly kind: 'entry'; readonly name: Name }
    | { readonly kind: 'const'; readonly name: Name; readonly value: Value }
    /** Without a name it goes on with the data of the line before. */
    | {
        readonly kind: 'data';
        readonly name: Name | null;
        readonly alignment: Value | null;
        readonly items: readonly DataItem[];
      }
    | { readonly kind: 'reserve'; readonly name: Name; readonly size: Value; readonly alignment: Value | null }
    | { readonly kind: 'memory'; readonly stackSize: Value }
    | { readonly kind: 'table'; readonly names: readonly Name[] }
  );

export type Line =
  | Declaration
  | (Place & { readonly kind: 'code'; readonly instructions: readonly Instruction[] })
  /** The head of a function that could not be read, so that its body is not reported as well. */
  | (Place & { readonly kind: 'unreadable function' });
