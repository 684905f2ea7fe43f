// Usage against limits, as labelled bars.
import type { Limits, Usage } from 'gazelle/browser';
import { make } from './elements';
import { formatBytes, formatCount, formatMilliseconds } from './values';

interface Row {
  readonly title: string;
  readonly used: number;
  readonly limit: number;
  readonly format: (amount: number) => string;
}

/** One row for each limited resource. */
export function usageRows(usage: Usage, limits: Limits): HTMLElement[] {
  const rows: Row[] = [
    { title: 'Instructions', used: usage.instructions, limit: limits.instructions, format: formatCount },
    { title: 'Memory', used: usage.memoryPeakBytes, limit: limits.memoryBytes, format: formatBytes },
    { title: 'Wall time', used: usage.wallTimeMs, limit: limits.wallTimeMs, format: formatMilliseconds },
    { title: 'Output', used: usage.outputBytes, limit: limits.outputBytes, format: formatBytes },
    { title: 'Syscalls', used: usage.syscalls, limit: limits.syscalls, format: formatCount },
  ];
  return rows.map(usageRow);
}

function usageRow({ title, used, limit, format }: Row): HTMLElement {
  const share = Math.min(1, used / limit);
  const text = `${format(used)} of ${format(limit)}`;
  const fill = make('div', { class: share >= 1 ? 'fill full' : used > 0 ? 'fill some' : 'fill' });
  fill.style.width = `${share * 100}%`;
  const meter = {
    class: 'meter',
    role: 'meter',
    'aria-label': title,
    'aria-valuemin': '0',
    'aria-valuemax': String(limit),
    'aria-valuenow': String(Math.min(used, limit)),
    'aria-valuetext': text,
  };
  return make(
    'div',
    { class: 'usage-row' },
    make('span', {}, title),
    make('span', { class: 'amount' }, make('b', {}, format(used)), ` of ${format(limit)}`),
    make('div', meter, fill),
  );
}
