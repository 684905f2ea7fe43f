// Collects the diagnostics of one compilation, and stops it when going on makes no sense.
import type { Diagnostic } from '../diagnostics';
import type { SmDiagnosticCode } from './diagnostic-codes';
import { MAX_ERRORS, MAX_WARNINGS } from './limits';

/** A piece of one line; line and column from 1, column and length in bytes. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Thrown to leave a compilation at once; the diagnostics are in the report. Never leaves the frontend. */
export class CompilationStopped extends Error {}

/** The diagnostics of one compilation. */
export class Report {
  private readonly found: Diagnostic[] = [];
  private errors = 0;
  private warnings = 0;

  constructor(private readonly file: string) {}

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** All that was found, in the order of the source. */
  get diagnostics(): Diagnostic[] {
    return [...this.found].sort((left, right) => left.line - right.line || left.column - right.column);
  }

  /** Notes an error; throws CompilationStopped when there are too many. */
  error(code: SmDiagnosticCode, place: Place, message: string, hint?: string): void {
    this.add('error', code, place, message, hint);
    if (++this.errors >= MAX_ERRORS) throw new CompilationStopped();
  }

  /** Notes an error and stops. */
  fatal(code: SmDiagnosticCode, place: Place, message: string): never {
    this.add('error', code, place, message);
    this.errors++;
    throw new CompilationStopped();
  }

  warning(code: SmDiagnosticCode, place: Place, message: string): void {
    if (this.warnings++ < MAX_WARNINGS) this.add('warning', code, place, message);
  }

  private add(
    severity: 'error' | 'warning',
    code: SmDiagnosticCode,
    { line, column, length }: Place,
    message: string,
    hint?: string,
  ): void {
    const diagnostic: Diagnostic = { severity, code: `sm.${code}`, message, file: this.file, line, column, length };
    this.found.push(hint === undefined ? diagnostic : { ...diagnostic, hint });
  }
}

const LONGEST_QUOTE = 40;

/** A piece of source for a message: printable and short. */
export function quote(text: string): string {
  const printable = text.replace(/[^ -~]/g, '?');
  return printable.length > LONGEST_QUOTE ? `${printable.slice(0, LONGEST_QUOTE)}...` : printable;
}
