// The warnings that are given only when asked for: by the compilation's option, or by `#pragma GCC diagnostic` from
// there on. They are asked for by the names of GNU's options, without `-W`.
import type { CDiagnosticCode } from './diagnostic-codes';
import type { SourceFile } from './source-file';
import type { Token } from './token';

/** The codes that an option turns on. */
const CODES: Readonly<Record<string, readonly CDiagnosticCode[]>> = {
  'unused-variable': ['unused-variable'],
  'unused-but-set-variable': ['unused-variable'],
  'unused-parameter': ['unused-parameter'],
  'unused-function': ['unused-function'],
  'unused-label': ['unused-label'],
  'unused-value': ['unused-value'],
  format: ['format'],
  parentheses: ['assignment-in-condition'],
  'empty-body': ['empty-body'],
  conversion: ['lossy-conversion'],
  'sign-compare': ['sign-compare'],
  shadow: ['shadow'],
};

const UNUSED: readonly CDiagnosticCode[] = ['unused-variable', 'unused-function', 'unused-label', 'unused-value'];
const GROUPS: Readonly<Record<string, readonly CDiagnosticCode[]>> = {
  unused: UNUSED,
  all: [...UNUSED, 'format', 'assignment-in-condition'],
  extra: ['unused-parameter', 'empty-body', 'sign-compare'],
};

/** The codes behind the option `name`, with or without `-W` in front; undefined for an unknown option. */
export function warningCodes(name: string): readonly CDiagnosticCode[] | undefined {
  const plain = name.replace(/^-W/, '');
  const table = Object.hasOwn(GROUPS, plain) ? GROUPS : CODES;
  return Object.hasOwn(table, plain) ? table[plain] : undefined;
}

/** Which optional warnings are on, and where. */
export class WarningSettings {
  private enabled: ReadonlySet<CDiagnosticCode>;
  private readonly initial: ReadonlySet<CDiagnosticCode>;
  private readonly saved: ReadonlySet<CDiagnosticCode>[] = [];
  /** What pragmas of a file say, in the order of their lines. */
  private readonly changes = new Map<
    SourceFile,
    { readonly line: number; readonly enabled: WarningSettings['initial'] }[]
  >();

  /** `options` are names of options; unknown ones mean nothing. */
  constructor(options: readonly string[] = []) {
    this.initial = new Set(options.flatMap((name) => warningCodes(name) ?? []));
    this.enabled = this.initial;
  }

  /** Whether a warning with `code` at `token` is wanted. */
  isEnabled(code: CDiagnosticCode, token: Token): boolean {
    let { initial: enabled } = this;
    for (const change of this.changes.get(token.file) ?? []) {
      if (change.line > token.line) break;
      enabled = change.enabled;
    }
    return enabled.has(code);
  }

  /** `#pragma GCC diagnostic ACTION "-WNAME"` at `place`: `warning` or `error` turn on, `ignored` turns off, push, pop. */
  change(action: string, name: string, place: Token): void {
    const codes = warningCodes(name) ?? [];
    if (action === 'push') this.saved.push(this.enabled);
    else if (action === 'pop') this.enabled = this.saved.pop() ?? this.initial;
    else if (action === 'ignored') this.enabled = new Set([...this.enabled].filter((code) => !codes.includes(code)));
    else if (action === 'warning' || action === 'error') this.enabled = new Set([...this.enabled, ...codes]);
    const list = this.changes.get(place.file) ?? [];
    this.changes.set(place.file, list);
    list.push({ line: place.line, enabled: this.enabled });
  }
}
