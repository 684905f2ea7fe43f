// What the parts of the checker share: the report, the scopes, the function being checked, and each other.
import type { CDiagnosticCode } from './diagnostic-codes';
import { MAX_EXPRESSION_DEPTH } from './limits';
import type { Report } from './report';
import { Scopes } from './scope';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type {
  FunctionSymbol,
  GlobalVariable,
  LabelSymbol,
  LocalVariable,
  SwitchCase,
  TypedExpression,
  TypedStatement,
} from './typed-tree';
import type { CType, IntegerType } from './types';
import type { OpenBlock, SizeCollector } from './variable-arrays';

/** Thrown at an error, which is in the report already; caught at the next statement or declaration. */
export class SemanticProblem extends Error {}

/** A switch whose cases are being collected. */
export interface OpenSwitch {
  readonly type: IntegerType;
  readonly cases: SwitchCase[];
  defaultLabel: LabelSymbol | undefined;
}

/** The function whose body is being checked. */
export interface OpenFunction {
  readonly symbol: FunctionSymbol;
  readonly variableArguments: LocalVariable | undefined;
  readonly labels: Map<string, LabelSymbol>;
  /** Those whose addresses are taken, in the order of their numbers. */
  readonly addressedLabels: LabelSymbol[];
  readonly switches: OpenSwitch[];
  /** All variables with automatic storage. */
  readonly locals: LocalVariable[];
  /** Something else than a variable needs memory: a struct that is passed, variable arguments. */
  needsMemory: boolean;
  /** The blocks around, the innermost last. */
  readonly blocks: OpenBlock[];
  /** For each statement that `break` can leave: how many blocks are around it. */
  readonly breakBlocks: number[];
  /** The same for `continue`. */
  readonly continueBlocks: number[];
  hasVariableArrays: boolean;
  /** What happens at labels that have no variable arrays around. */
  readonly outerLabels: TypedStatement[][];
  /** Names already reported as undeclared. */
  readonly reported: Set<string>;
}

/** The parts of the checker that call each other in circles. */
export interface CheckParts {
  expression(context: CheckContext, node: Tree.Expression): TypedExpression;
  typeName(context: CheckContext, node: Tree.TypeName): CType;
  block(context: CheckContext, node: Tree.Statement & { kind: 'block' }): TypedStatement[];
}

/** The state of checking one translation unit. */
export class CheckContext {
  readonly scopes = new Scopes();
  /** Everything with static storage that this unit declares, literals aside. */
  readonly globals: GlobalVariable[] = [];
  readonly functions: FunctionSymbol[] = [];
  /** The enum types that have had their list. */
  readonly definedEnums = new Set<CType>();
  function: OpenFunction | undefined;
  /** The last expression of a GNU statement expression: a statement whose value is used. */
  usedValue: Tree.Expression | undefined;
  /** Where sizes of variable arrays are computed; in a prototype they are not. */
  sizes: SizeCollector | 'prototype' | undefined;
  private depth = 0;

  constructor(
    readonly report: Report,
    private readonly parts: CheckParts,
  ) {}

  /** Reports an error and gives up the statement or declaration. */
  fail(code: CDiagnosticCode, message: string, token: Token, hint?: string): never {
    this.report.error(code, message, token, hint);
    return this.giveUp();
  }

  /** Gives up the statement or declaration after an error that is in the report already. */
  giveUp(): never {
    throw new SemanticProblem();
  }

  /** Checks `node`: an lvalue stays one, arrays and functions are not converted yet. */
  expression(node: Tree.Expression): TypedExpression {
    if (++this.depth > MAX_EXPRESSION_DEPTH) {
      this.report.fatal('nesting-too-deep', 'the expression has too many operators', node.token);
    }
    const result = this.parts.expression(this, node);
    this.depth--;
    return result;
  }

  typeName(node: Tree.TypeName): CType {
    return this.parts.typeName(this, node);
  }

  block(node: Tree.Statement & { kind: 'block' }): TypedStatement[] {
    return this.parts.block(this, node);
  }

  /** Runs `check`; after an error it gives undefined, and checking can go on. */
  attempt<T>(check: () => T): T | undefined {
    const { depth } = this;
    const scopeDepth = this.scopes.depth;
    try {
      return check();
    } catch (error) {
      if (!(error instanceof SemanticProblem)) throw error;
      this.depth = depth;
      this.scopes.closeTo(scopeDepth);
      return undefined;
    }
  }
}
