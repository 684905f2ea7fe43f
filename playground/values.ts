// Texts of values and numbers, as the page shows them.
import type { GuestValue } from 'gazelle/browser';

/** Strings as they are, everything else as JSON with words for the floats that JSON has none for. */
export function describeValue(value: GuestValue): string {
  return typeof value === 'string' ? value : write(value, '');
}

function write(value: GuestValue, indent: string): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((element) => write(element, inner))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${write(member, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  const short = parts.join(', ');
  if (short.length + indent.length <= WIDEST && !short.includes('\n')) return `${open}${short}${close}`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

const WIDEST = 60;

/** A type's name for the heading of a value. */
export function typeOf(value: GuestValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/** 1,234,567: the same in every browser. */
export function formatCount(count: number): string {
  return Math.ceil(count).toLocaleString('en-US');
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatCount(bytes)} B`;
  if (bytes < 1024 * 1024) return `${formatDecimal(bytes / 1024)} KiB`;
  return `${formatDecimal(bytes / 1024 / 1024)} MiB`;
}

export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${formatCount(milliseconds)} ms`;
}

function formatDecimal(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
