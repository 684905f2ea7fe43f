// What a frontend says about a source text: data first, text made at the edge. Shared by all frontends and tools.

/** One message about a source text. `line` and `column` count from 1; `column` and `length` are in bytes. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  /** Stable, machine-readable, unique in its language: for example `lua.syntax`, `c.undeclared`. */
  code: string;
  message: string;
  file: string;
  line: number;
  column: number;
  /** How many bytes of the line the message is about; at least 1. */
  length: number;
  /** What the user could do about it. */
  hint?: string;
}

/**
 * Formats a diagnostic as `file:line:column: severity: message`, the source line and a caret under it.
 * `source` is the text of `diagnostic.file`; without it only the first line is printed.
 */
export function formatDiagnostic(diagnostic: Diagnostic, source?: Uint8Array | string): string {
  const { file, line, column, severity, message, hint } = diagnostic;
  const head = `${file}:${line}:${column}: ${severity}: ${message}`;
  const text = source === undefined ? undefined : sourceLine(source, line);
  const parts = [head];
  if (text !== undefined) parts.push(text, caretLine(text, column, diagnostic.length));
  if (hint !== undefined) parts.push(`hint: ${hint}`);
  return parts.join('\n');
}

const LONGEST_LINE = 400;

function sourceLine(source: Uint8Array | string, line: number): string | undefined {
  const text = typeof source === 'string' ? source : new TextDecoder('latin1').decode(source);
  let start = 0;
  for (let current = 1; current < line; current++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end === -1 ? text.length : end, start + LONGEST_LINE)).replace(/\r$/, '');
}

function caretLine(text: string, column: number, length: number): string {
  const before = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(length, text.length - column + 1));
  return `${before}^${'~'.repeat(width - 1)}`;
}
