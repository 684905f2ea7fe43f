// Limits of each invocation, of all together and what these have used, as a table for people.
import { LIMITS, type LimitName, type Limits, SHARED_LIMIT_NAMES } from '../../../vm/index';
import type { BudgetDescription } from '../client';

/** A row for each limit. What is used of a rate is that of its total. */
export function formatLimits({ limits, sharedLimits, usage }: BudgetDescription & { limits: Limits }): string {
  const rows = SHARED_LIMIT_NAMES.map((name) => [
    name,
    LIMITS[name].isShared ? '' : format(limits[name as keyof Limits]),
    format(sharedLimits[name]),
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

function format(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en') : 'no limit';
}
