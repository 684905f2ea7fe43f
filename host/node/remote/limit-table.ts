// Limits of each invocation, of all together and what these have used, as a table for people; policies where they are set.
import { LIMITS, type LimitName, type Limits, type Policy, SHARED_LIMIT_NAMES } from '../../../vm/index';
import type { BudgetDescription, FunctionBudget } from '../client';

/** A row for each limit. What is used of a rate is that of its total. */
export function formatLimits(description: FunctionBudget & { limits: Limits }): string {
  const { limits, policies, sharedLimits, sharedPolicies, usage } = description;
  const rows = SHARED_LIMIT_NAMES.map((name) => [
    name,
    LIMITS[name].isShared ? '' : format(limits[name as keyof Limits], policies[name]),
    format(sharedLimits[name], sharedPolicies[name]),
    usedOf(usage, name),
  ]);
  return formatColumns([['limit', 'each invocation', 'together', 'used'], ...rows]);
}

/** The first column is text, the others are numbers. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

function usedOf(usage: BudgetDescription['usage'], name: LimitName): string {
  return name in usage ? format(Math.ceil(usage[name as keyof typeof usage])) : '';
}

function format(value: number, policy?: Policy): string {
  const limit = Number.isFinite(value) ? value.toLocaleString('en') : 'no limit';
  return policy === undefined ? limit : `${limit} (${policy})`;
}
