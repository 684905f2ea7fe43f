// The tree that the parser builds: what was written, nothing resolved. Names, types and values are the checker's
// business. Every node has the token that messages about it point at.
import type { Token } from './token';

export type Expression =
  | { kind: 'name' | 'number' | 'character'; token: Token }
  | { kind: 'string'; token: Token; parts: readonly Token[] }
  /** `& * + - ~ !` and `++ --` in front. */
  | { kind: 'unary'; token: Token; operand: Expression }
  | { kind: 'postfix'; token: Token; operand: Expression }
  /** GNU: `&&label`. */
  | { kind: 'labelAddress'; token: Token; name: Token }
  | { kind: 'binary'; token: Token; left: Expression; right: Expression }
  | { kind: 'assign'; token: Token; left: Expression; right: Expression; isParenthesised?: true }
  | { kind: 'comma'; token: Token; left: Expression; right: Expression }
  | {
      kind: 'conditional';
      token: Token;
      condition: Expression;
      whenTrue: Expression | undefined;
      whenFalse: Expression;
    }
  | { kind: 'cast'; token: Token; typeName: TypeName; operand: Expression }
  | { kind: 'compoundLiteral'; token: Token; typeName: TypeName; initialiser: InitialiserList }
  | { kind: 'sizeofExpression' | 'alignofExpression'; token: Token; operand: Expression }
  | { kind: 'sizeofType' | 'alignofType'; token: Token; typeName: TypeName }
  | { kind: 'call'; token: Token; callee: Expression; args: readonly Expression[] }
  | { kind: 'index'; token: Token; left: Expression; right: Expression }
  | { kind: 'member'; token: Token; object: Expression; isArrow: boolean; name: Token }
  | { kind: 'generic'; token: Token; control: Expression; choices: readonly GenericChoice[] }
  | { kind: 'offsetof'; token: Token; typeName: TypeName; path: readonly Designator[] }
  | { kind: 'variableArgument'; token: Token; list: Expression; typeName: TypeName }
  | { kind: 'typesCompatible'; token: Token; left: TypeName; right: TypeName }
  /** What looks like a function but is none: va_start, va_end, va_copy, ... */
  | { kind: 'builtin'; token: Token; args: readonly Expression[] }
  /** `__intrinsic(type, "name", ...)` and `__syscall(type, "name", ...)`, which only the library may use. */
  | { kind: 'machine'; token: Token; typeName: TypeName; name: Token; args: readonly Expression[] }
  /** GNU: `({ ... })`. */
  | { kind: 'statement'; token: Token; body: Statement & { kind: 'block' } };

export interface GenericChoice {
  /** Undefined for `default`. */
  typeName: TypeName | undefined;
  value: Expression;
}

export type Designator =
  | { kind: 'member'; token: Token }
  | { kind: 'index'; token: Token; index: Expression; last: Expression | undefined };

export interface InitialiserItem {
  designators: readonly Designator[];
  value: Initialiser;
}

export interface InitialiserList {
  kind: 'list';
  token: Token;
  items: readonly InitialiserItem[];
}

export type Initialiser = InitialiserList | Expression;

// --- declarations ---------------------------------------------------------------------------------------------------

export const CONST = 1;
export const VOLATILE = 2;
export const RESTRICT = 4;

export type Storage = 'none' | 'typedef' | 'extern' | 'static' | 'auto' | 'register';

/** What stands in front of the declarators. */
export interface Specifiers {
  token: Token;
  storage: Storage;
  isInline: boolean;
  isNoReturn: boolean;
  /** GNU: it may well be unused. */
  isUnused: boolean;
  qualifiers: number;
  alignment: readonly AlignmentSpecifier[];
  base: BaseSpecifier;
}

/** `_Alignas` or an aligned attribute. */
export interface AlignmentSpecifier {
  token: Token;
  value: Expression | TypeName;
}

export type BaseSpecifier =
  /** Keywords such as `unsigned long`, sorted. */
  | { kind: 'basic'; token: Token; words: string }
  | RecordSpecifier
  | EnumSpecifier
  | { kind: 'typedefName'; token: Token }
  | { kind: 'typeofType'; token: Token; typeName: TypeName }
  | { kind: 'typeofExpression'; token: Token; operand: Expression }
  /** None at all: int, with a complaint. */
  | { kind: 'none'; token: Token };

export interface RecordSpecifier {
  kind: 'record';
  token: Token;
  isUnion: boolean;
  /** Members are aligned to no more than this: 1 when packed; 0 for what their types ask for. */
  packing: number;
  /** What attributes ask of the whole. */
  alignment: readonly AlignmentSpecifier[];
  tag: Token | undefined;
  members: readonly MemberDeclaration[] | undefined;
}

export interface MemberDeclaration {
  specifiers: Specifiers;
  declarators: readonly { declarator: Declarator; width: Expression | undefined }[];
}

export interface EnumSpecifier {
  kind: 'enum';
  token: Token;
  tag: Token | undefined;
  enumerators: readonly { name: Token; value: Expression | undefined }[] | undefined;
}

/** One step from a name to its type, read from the name outwards. */
export type Derivation =
  | { kind: 'pointer'; token: Token; qualifiers: number }
  | { kind: 'array'; token: Token; size: Expression | undefined; isStar: boolean; qualifiers: number }
  | {
      kind: 'function';
      token: Token;
      parameters: readonly Parameter[];
      isVariadic: boolean;
      names: readonly Token[] | undefined;
    };

export interface Declarator {
  /** The name, or where it would stand. */
  token: Token;
  name: Token | undefined;
  derivations: readonly Derivation[];
}

export interface Parameter {
  specifiers: Specifiers;
  declarator: Declarator;
}

export interface TypeName {
  kind: 'typeName';
  specifiers: Specifiers;
  declarator: Declarator;
}

export interface InitDeclarator {
  declarator: Declarator;
  initialiser: Initialiser | undefined;
}

export type Declaration =
  | { kind: 'declaration'; specifiers: Specifiers; declarators: readonly InitDeclarator[] }
  | FunctionDefinitionNode
  | { kind: 'staticAssert'; token: Token; condition: Expression; message: Token | undefined };

export interface FunctionDefinitionNode {
  kind: 'function';
  specifiers: Specifiers;
  declarator: Declarator;
  /** Old style: the declarations of the parameters. */
  parameterDeclarations: readonly Declaration[];
  body: Statement & { kind: 'block' };
}

// --- statements -----------------------------------------------------------------------------------------------------

export type Statement =
  | { kind: 'expression'; token: Token; value: Expression | undefined }
  | { kind: 'block'; token: Token; items: readonly Statement[]; end: Token }
  | { kind: 'declarations'; token: Token; declaration: Declaration }
  /** A chain of if ... else if ... else: one arm a condition. */
  | {
      kind: 'if';
      token: Token;
      arms: readonly { condition: Expression; body: Statement }[];
      otherwise: Statement | undefined;
    }
  | { kind: 'while' | 'do'; token: Token; condition: Expression; body: Statement }
  | {
      kind: 'for';
      token: Token;
      initial: Statement | undefined;
      condition: Expression | undefined;
      step: Expression | undefined;
      body: Statement;
    }
  | { kind: 'switch'; token: Token; value: Expression; body: Statement }
  | { kind: 'case'; token: Token; value: Expression; last: Expression | undefined; body: Statement }
  | { kind: 'default'; token: Token; body: Statement }
  | { kind: 'label'; token: Token; body: Statement }
  | { kind: 'goto'; token: Token; name: Token }
  /** GNU: `goto *value`. */
  | { kind: 'computedGoto'; token: Token; value: Expression }
  | { kind: 'break' | 'continue'; token: Token }
  | { kind: 'return'; token: Token; value: Expression | undefined };
