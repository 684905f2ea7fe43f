// What a compiler says of a source that it has taken, on the command line: the option that asks for more of it, and how it
// is shown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Diagnostic, formatDiagnostic } from '../core/index';
import { append } from './option-values';
import { type Terminal, writeAll } from './terminal';

export interface WarningFlags {
  /** Names of warnings to turn on. */
  readonly warning: readonly string[];
}

/** Of all that compile: `--warning all`, `-Wall`. */
export function withWarnings(command: Command): Command {
  return command.option(
    '-W, --warning <name>',
    "a warning of the source's compiler to turn on (repeatable)",
    append,
    [],
  );
}

/** Writes `diagnostics` to stderr, each with its line of the source and a caret, as far as files under `folder` can be read. */
export async function showDiagnostics(
  terminal: Terminal,
  diagnostics: readonly Diagnostic[],
  folder = '',
): Promise<void> {
  if (diagnostics.length === 0) return;
  const texts = diagnostics.map((diagnostic) =>
    formatWithSource(folder === '' ? diagnostic : { ...diagnostic, file: join(folder, diagnostic.file) }),
  );
  await writeAll(terminal.stderr, `${texts.join('\n')}\n`);
}

/** With the line that it is about, when the file can still be read. */
function formatWithSource(diagnostic: Diagnostic): string {
  try {
    return formatDiagnostic(diagnostic, readFileSync(diagnostic.file));
  } catch {
    return formatDiagnostic(diagnostic);
  }
}
