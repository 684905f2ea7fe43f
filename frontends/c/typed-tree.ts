// The checked tree: every name resolved, every conversion explicit, every constant folded. Arrays and functions that
// are used as values are `addressOf` nodes. What the code generator reads; it reports nothing any more.
import type { Token } from './token';
import type { CType, FunctionType, IntegerType, Member } from './types';

/** A variable of a function: a parameter, or an object with automatic storage. */
export interface LocalVariable {
  readonly kind: 'local';
  readonly name: string;
  readonly type: CType;
  readonly token: Token;
  readonly alignment: number;
  /** It needs a place in memory. */
  isAddressTaken: boolean;
  /** Its value is of some use, or its name says that it need not be. */
  isUsed: boolean;
  /** Of a variable length array: holds its address. */
  readonly storage?: LocalVariable;
}

/** An object with static storage. */
export interface GlobalVariable {
  readonly kind: 'global';
  readonly name: string;
  /** Completed by later declarations. */
  type: CType;
  readonly token: Token;
  alignment: number;
  /** Whether other translation units see it under its name. */
  isExternal: boolean;
  /** A definition, a tentative one included. */
  isDefined: boolean;
  /** Undefined: all zeros. */
  data: StaticData | undefined;
  /** As a local variable's. */
  isUsed: boolean;
  /** A string literal: the same ones may share their place. */
  readonly isLiteral: boolean;
}

export interface FunctionSymbol {
  readonly kind: 'function';
  readonly name: string;
  type: FunctionType;
  readonly token: Token;
  isExternal: boolean;
  isInline: boolean;
  isNoReturn: boolean;
  /** Something calls it or takes its address. */
  isUsed: boolean;
  body: FunctionBody | undefined;
}

export interface FunctionBody {
  readonly parameters: readonly LocalVariable[];
  readonly body: TypedStatement & { kind: 'block' };
  /** Where `va_start` finds the variable arguments; only in a variadic function. */
  readonly variableArguments: LocalVariable | undefined;
  /** The labels whose addresses are taken, in the order of their numbers. */
  readonly addressedLabels: readonly LabelSymbol[];
  /** Whether something of it may have to live in memory. */
  readonly needsMemory: boolean;
  readonly token: Token;
  readonly end: Token;
}

/** The first bytes of an object (the rest are zeros), and the addresses in it. */
export interface StaticData {
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation[];
}

/** The 32 bits at `offset` are the address of `target` plus `addend`; a function's is its table index. */
export interface Relocation {
  readonly offset: number;
  readonly target: GlobalVariable | FunctionSymbol;
  readonly addend: number;
}

// --- expressions ----------------------------------------------------------------------------------------------------

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

interface Node {
  readonly type: CType;
  readonly token: Token;
}

export interface ConstantNode extends Node {
  readonly kind: 'constant';
  /** Integers and pointers as bigint, in the range of the type; floating types as number. */
  readonly value: bigint | number;
}

export interface VariableNode extends Node {
  readonly kind: 'variable';
  readonly variable: LocalVariable | GlobalVariable;
}

export interface MemberNode extends Node {
  readonly kind: 'member';
  readonly object: TypedExpression;
  readonly member: Member;
}

export interface LogicalNode extends Node {
  readonly kind: 'and' | 'or';
  readonly left: TypedExpression;
  readonly right: TypedExpression;
}

export interface CallNode extends Node {
  readonly kind: 'call';
  /** A `function` node, or a pointer. */
  readonly callee: TypedExpression;
  readonly functionType: FunctionType;
  readonly args: readonly TypedExpression[];
}

/** `target op= value`: the target is converted to `operationType`, the result back. */
export interface CompoundAssignNode extends Node {
  readonly kind: 'compoundAssign';
  readonly target: TypedExpression;
  readonly operator: ArithmeticOperator;
  readonly value: TypedExpression;
  readonly operationType: CType;
  /** The value is the one before (`x++`); its type is the target's. */
  readonly isPostfix: boolean;
}

export type TypedExpression =
  | ConstantNode
  | VariableNode
  | (Node & { readonly kind: 'function'; readonly symbol: FunctionSymbol })
  | (Node & { readonly kind: 'dereference'; readonly pointer: TypedExpression })
  | MemberNode
  | (Node & { readonly kind: 'addressOf'; readonly operand: TypedExpression })
  | (Node & { readonly kind: 'convert'; readonly operand: TypedExpression })
  | (Node & { readonly kind: 'negate' | 'complement' | 'not'; readonly operand: TypedExpression })
  /** Both sides have the node's type; a shift's right side is an int. */
  | (Node & {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    })
  /** pointer + index * scale; the index has 32 bits. */
  | (Node & {
      readonly kind: 'pointerAdd';
      readonly pointer: TypedExpression;
      readonly index: TypedExpression;
      readonly scale: number;
    })
  | (Node & {
      readonly kind: 'pointerDifference';
      readonly left: TypedExpression;
      readonly right: TypedExpression;
      readonly scale: number;
    })
  /** Both sides have one type; the result is an int. */
  | (Node & {
      readonly kind: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    })
  | LogicalNode
  | (Node & { readonly kind: 'comma'; readonly left: TypedExpression; readonly right: TypedExpression })
  | (Node & {
      readonly kind: 'conditional';
      readonly condition: TypedExpression;
      readonly whenTrue: TypedExpression;
      readonly whenFalse: TypedExpression;
    })
  /** GNU's `a ?: b`; both have the node's type, and a is tested in it. */
  | (Node & { readonly kind: 'elvis'; readonly left: TypedExpression; readonly right: TypedExpression })
  | (Node & { readonly kind: 'assign'; readonly target: TypedExpression; readonly value: TypedExpression })
  | CompoundAssignNode
  | CallNode
  | (Node & { readonly kind: 'compoundLiteral'; readonly variable: LocalVariable; readonly stores: LocalInitialiser })
  | (Node & {
      readonly kind: 'intrinsic' | 'syscall';
      readonly name: string;
      readonly args: readonly TypedExpression[];
    })
  /** The address of the variable arguments. */
  | (Node & { readonly kind: 'variableArguments' })
  /** GNU: the block's value is that of `result`. */
  | (Node & {
      readonly kind: 'statement';
      readonly body: readonly TypedStatement[];
      readonly result: TypedExpression | undefined;
    });

/** How a local variable starts: filled with zeros first if `isZeroed`, then each item stored at its place. */
export interface LocalInitialiser {
  readonly isZeroed: boolean;
  readonly items: readonly InitialiserStore[];
}

export interface InitialiserStore {
  readonly offset: number;
  readonly type: CType;
  readonly bitField: Member['bitField'];
  readonly value: TypedExpression;
}

// --- statements -----------------------------------------------------------------------------------------------------

export interface SwitchCase {
  readonly label: LabelSymbol;
  /** Inclusive; as the switch's type has them. */
  readonly first: bigint;
  readonly last: bigint;
}

/** A place to jump to: a named label, a case. */
export interface LabelSymbol {
  readonly name: string;
  readonly token: Token;
  isPlaced: boolean;
  /** A goto names it, or its address is taken. */
  isUsed: boolean;
  /** What `&&label` gives: from 1 on in its function; 0 without. */
  number: number;
}

export type TypedStatement =
  | { readonly kind: 'expression'; readonly token: Token; readonly value: TypedExpression }
  | { readonly kind: 'block'; readonly token: Token; readonly statements: readonly TypedStatement[] }
  | {
      readonly kind: 'variable';
      readonly token: Token;
      readonly variable: LocalVariable;
      readonly initialiser: TypedExpression | LocalInitialiser | undefined;
    }
  | {
      readonly kind: 'if';
      readonly token: Token;
      readonly arms: readonly { readonly condition: TypedExpression; readonly body: TypedStatement }[];
      readonly otherwise: TypedStatement | undefined;
    }
  | {
      readonly kind: 'loop';
      readonly token: Token;
      /** In the loop's own scope: variables declared here live as long as the loop. */
      readonly initial: readonly TypedStatement[];
      /** Undefined: for ever. */
      readonly condition: TypedExpression | undefined;
      /** The body runs before the first test. */
      readonly isDo: boolean;
      readonly step: TypedExpression | undefined;
      readonly body: TypedStatement;
    }
  | {
      readonly kind: 'switch';
      readonly token: Token;
      readonly value: TypedExpression;
      readonly type: IntegerType;
      readonly cases: readonly SwitchCase[];
      readonly defaultLabel: LabelSymbol | undefined;
      readonly body: TypedStatement;
    }
  | { readonly kind: 'label'; readonly token: Token; readonly label: LabelSymbol; readonly body: TypedStatement }
  | { readonly kind: 'goto'; readonly token: Token; readonly label: LabelSymbol }
  /** To the label with the number that `value` is. */
  | { readonly kind: 'computedGoto'; readonly token: Token; readonly value: TypedExpression }
  | { readonly kind: 'break' | 'continue'; readonly token: Token }
  | { readonly kind: 'return'; readonly token: Token; readonly value: TypedExpression | undefined };

/** A checked translation unit: what it defines with external linkage, by name. */
export interface CheckedUnit {
  readonly globals: ReadonlyMap<string, GlobalVariable>;
  readonly functions: ReadonlyMap<string, FunctionSymbol>;
}
