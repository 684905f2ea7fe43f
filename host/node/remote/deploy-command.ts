// `gazelle deploy`: a file under a name, or functions from folders with their manifests, to a server.
import { join } from 'node:path';
import { DeployError, type DeployOptions, type LimitOptions } from '../../core/index';
import type { Client, RemoteFunction } from '../client';
import { EXIT_OK } from '../exit-status';
import type { FunctionFolder } from '../function-folder';
import { readFunctionRoot } from '../function-roots';
import { type BudgetFlags, tenantOptionsFromFlags } from '../limit-flags';
import { isModule, readFile, UsageError } from '../source-file';
import { type Terminal, writeAll } from '../terminal';
import { showDiagnostics, type WarningFlags } from '../warnings';
import { type TenantFlags, tenantOf, withServer } from './session';

export interface DeployFlags extends TenantFlags, BudgetFlags, WarningFlags {
  readonly capability: readonly string[];
  readonly initialise?: boolean;
}

/** `words`: LANGUAGE NAME FILE, or DIR. Throws UsageError, FunctionFolderError and DeployError. */
export function deployCommand(terminal: Terminal, words: readonly string[], flags: DeployFlags): Promise<number> {
  const [first, name, file, ...others] = words;
  if (words.length === 1) return deployFolders(terminal, first!, flags);
  if (file === undefined || others.length > 0) throw new UsageError('give LANGUAGE NAME FILE, or DIR');
  return deployFile(terminal, { language: first!, name: name!, file }, flags);
}

function deployFile(
  terminal: Terminal,
  { language, name, file }: { language: string; name: string; file: string },
  flags: DeployFlags,
): Promise<number> {
  const source = readFile(file);
  const options: DeployOptions = {
    name,
    fileName: file,
    ...(isModule(source) ? { module: source } : { language, source }),
    ...overrides(flags),
  };
  return withServer(terminal, flags, async (client) => {
    const fn = await tenantOf(client, flags).deploy(options);
    await writeAll(terminal.stdout, flags.json ? `${JSON.stringify(describe(fn))}\n` : lineFor(fn));
    await showDiagnostics(terminal, fn.diagnostics);
    return EXIT_OK;
  });
}

/** One function's folder, or one with such folders in it. With --json an object, or a list. */
function deployFolders(terminal: Terminal, root: string, flags: DeployFlags): Promise<number> {
  const { isOne, folders } = readFunctionRoot(root);
  return withServer(terminal, flags, async (client) => {
    const deployed: object[] = [];
    for (const folder of folders) {
      const fn = await deployFolder(client, folder, flags);
      deployed.push(describe(fn));
      if (!flags.json) await writeAll(terminal.stdout, lineFor(fn));
      await showDiagnostics(terminal, fn.diagnostics, folder.folder);
    }
    if (flags.json) await writeAll(terminal.stdout, `${JSON.stringify(isOne ? deployed[0] : deployed)}\n`);
    return EXIT_OK;
  });
}

async function deployFolder(
  client: Client,
  { folder, entry, options }: FunctionFolder,
  flags: DeployFlags,
): Promise<RemoteFunction> {
  const { limits, ...others } = overrides(flags);
  try {
    return await tenantOf(client, flags).deploy({
      ...options,
      fileName: entry,
      limits: limitsOver(options.limits, limits),
      ...others,
    });
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const { code, message, diagnostics } = error;
    // Files are named as in the folder; whoever reads the message stands elsewhere.
    const placed = diagnostics.map((diagnostic) => ({ ...diagnostic, file: join(folder, diagnostic.file) }));
    throw new DeployError(code, `${folder}: ${message}`, placed, { cause: error });
  }
}

/** What the command line says over what the manifest says. */
function limitsOver(given: LimitOptions, over: LimitOptions = {}): LimitOptions {
  return { ...given, ...over, policies: { ...given.policies, ...over.policies } };
}

function overrides(
  flags: DeployFlags,
): Pick<DeployOptions, 'limits' | 'budget' | 'weight' | 'capabilities' | 'warnings' | 'initialise'> {
  return {
    warnings: flags.warning,
    ...tenantOptionsFromFlags(flags),
    ...(flags.capability.length > 0 && { capabilities: flags.capability }),
    ...(flags.initialise && { initialise: true }),
  };
}

function describe({ name, language, id, limits, capabilities, diagnostics }: RemoteFunction): object {
  return { name, language, id, limits, capabilities, diagnostics };
}

function lineFor({ name, language, id }: RemoteFunction): string {
  return `deployed ${name} (${language}, ${id.slice(0, 12)})\n`;
}
