// Whether control can come out at the end of checked statements: for the warning about a missing return. It errs
// towards yes.
import type { TypedExpression, TypedStatement } from './typed-tree';

/** Whether control can reach the end of `statement`. */
export function fallsThrough(statement: TypedStatement): boolean {
  switch (statement.kind) {
    case 'expression':
      return !endsProgram(statement.value);
    case 'block':
      return blockFallsThrough(statement.statements);
    case 'if':
      return (
        statement.otherwise === undefined ||
        fallsThrough(statement.otherwise) ||
        statement.arms.some(({ body }) => fallsThrough(body))
      );
    case 'loop':
      return statement.condition !== undefined || hasBreak(statement.body);
    case 'switch':
      return statement.defaultLabel === undefined || hasBreak(statement.body) || fallsThrough(statement.body);
    case 'label':
      return fallsThrough(statement.body);
    case 'variable':
      return true;
    default:
      return false;
  }
}

function blockFallsThrough(statements: readonly TypedStatement[]): boolean {
  let isReachable = true;
  for (const statement of statements) {
    if (statement.kind === 'label') isReachable = true;
    isReachable &&= fallsThrough(statement);
  }
  return isReachable;
}

function endsProgram(value: TypedExpression): boolean {
  if (value.kind === 'call') return value.callee.kind === 'function' && value.callee.symbol.isNoReturn;
  return value.kind === 'intrinsic' && value.name.startsWith('trap.');
}

/** Whether `statement` has a break that leaves it: not one of a loop or switch inside. */
function hasBreak(statement: TypedStatement): boolean {
  switch (statement.kind) {
    case 'break':
      return true;
    case 'block':
      return statement.statements.some(hasBreak);
    case 'if':
      return (
        statement.arms.some(({ body }) => hasBreak(body)) ||
        (statement.otherwise !== undefined && hasBreak(statement.otherwise))
      );
    case 'label':
      return hasBreak(statement.body);
    default:
      return false;
  }
}
