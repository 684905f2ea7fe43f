// `gazelle compile` and `gazelle disasm`: a source to a module, and either to assembly text.
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { disassembleModule, encodeModule } from '../../vm/index';
import { type Compiled, compileSource, loadModule } from '../core/compile';
import { checkFiles } from '../core/files';
import { EXIT_OK } from './exit-status';
import { folderFiles } from './folder-files';
import { createCommandHost, readSource, UsageError } from './source-file';
import { type Terminal, writeAll } from './terminal';
import { showDiagnostics, type WarningFlags } from './warnings';

export interface ModuleFlags extends WarningFlags {
  readonly language?: string;
  readonly frontend: readonly string[];
}

/** Writes the module of FILE to `output`. Throws UsageError and DeployError. */
export async function compileCommand(
  terminal: Terminal,
  file: string,
  output: string,
  flags: ModuleFlags,
): Promise<number> {
  const { module } = await compileFile(terminal, file, flags);
  const bytes = encodeModule(module);
  try {
    writeFileSync(output, bytes);
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
  return EXIT_OK;
}

/** Prints the module of FILE as assembly text. Throws UsageError and DeployError. */
export async function disassembleCommand(terminal: Terminal, file: string, flags: ModuleFlags): Promise<number> {
  const { module } = await compileFile(terminal, file, flags);
  await writeAll(terminal.stdout, disassembleModule(module));
  return EXIT_OK;
}

/** The module of FILE; what its compiler warns of goes to stderr. */
async function compileFile(terminal: Terminal, file: string, flags: ModuleFlags): Promise<Compiled> {
  const host = await createCommandHost(flags.frontend);
  const source = readSource(host, file, flags.language);
  if ('module' in source) return loadModule(host.languages, source.module);
  const files = checkFiles(folderFiles(dirname(file)));
  const { warning: warnings } = flags;
  const compiled = compileSource(host.languages, { fileName: file, files, warnings, ...source });
  await showDiagnostics(terminal, compiled.diagnostics);
  return compiled;
}
