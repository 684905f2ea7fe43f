// The semantic phase: from the tree as written to the typed tree, one translation unit at a time.
import { argumentListType } from './check-calls';
import { CheckContext } from './check-context';
import { checkGlobalDeclaration, completeGlobals } from './check-declarations';
import { checkExpression } from './check-expressions';
import { checkItems } from './check-statements';
import { checkTypeName } from './check-types';
import type { Report } from './report';
import type { Declaration } from './syntax-tree';
import type { CheckedUnit } from './typed-tree';

const PARTS = { expression: checkExpression, typeName: checkTypeName, block: checkItems };

/** Checks a translation unit; errors are in the report, and then the unit is not to be used. */
export function check(declarations: readonly Declaration[], report: Report): CheckedUnit {
  const context = new CheckContext(report, PARTS);
  context.scopes.declare('__builtin_va_list', { kind: 'typedef', type: argumentListType });
  for (const declaration of declarations) context.attempt(() => checkGlobalDeclaration(context, declaration));
  completeGlobals(context);
  const globals = context.globals.filter((variable) => variable.isExternal && variable.isDefined);
  const functions = context.functions.filter((symbol) => symbol.isExternal && symbol.body !== undefined);
  return {
    globals: new Map(globals.map((variable) => [variable.name, variable])),
    functions: new Map(functions.map((symbol) => [symbol.name, symbol])),
  };
}
