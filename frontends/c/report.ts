// Collects the diagnostics of one compilation and stops it when going on makes no sense.
import type { Diagnostic } from '../diagnostics';
import type { CDiagnosticCode } from './diagnostic-codes';
import type { Token } from './token';
import { WarningSettings } from './warnings';

/** Thrown to leave a phase at once; the diagnostics are in the report. Never leaves the frontend. */
export class CompilationStopped extends Error {}

/** Errors after which a compilation stops: what follows is seldom news. */
const MAX_ERRORS = 20;
const MAX_WARNINGS = 100;

/** The diagnostics of one compilation. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private errors = 0;
  private warnings = 0;

  constructor(readonly settings = new WarningSettings()) {}

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** Notes an error at `token`; throws CompilationStopped when there are too many. */
  error(code: CDiagnosticCode, message: string, token: Token, hint?: string): void {
    this.add('error', code, message, token, hint);
    if (++this.errors >= MAX_ERRORS) throw new CompilationStopped();
  }

  /** Notes a warning at `token`. */
  warning(code: CDiagnosticCode, message: string, token: Token, hint?: string): void {
    if (token.file.isSystem || this.warnings++ >= MAX_WARNINGS) return;
    this.add('warning', code, message, token, hint);
  }

  /** Notes a warning at `token` if warnings with this code are turned on there. */
  optional(code: CDiagnosticCode, message: string, token: Token, hint?: string): void {
    if (this.settings.isEnabled(code, token)) this.warning(code, message, token, hint);
  }

  /** Notes an error at `token` and stops. */
  fatal(code: CDiagnosticCode, message: string, token: Token, hint?: string): never {
    this.add('error', code, message, token, hint);
    this.errors++;
    throw new CompilationStopped();
  }

  private add(
    severity: 'error' | 'warning',
    code: CDiagnosticCode,
    message: string,
    token: Token,
    hint?: string,
  ): void {
    const { file, line, column, image } = token;
    const position = { file: file.name, line, column, length: Math.max(1, image.length) };
    const diagnostic: Diagnostic = { severity, code: `c.${code}`, message, ...position };
    this.diagnostics.push(hint === undefined ? diagnostic : { ...diagnostic, hint });
  }
}
