// What the commands share: hosts with the frontends that were asked for, and the file that they are given.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MODULE_MAGIC } from '../../vm/index';
import type { Frontend, Host } from '../core/index';
import { createHost } from './host';

/** The command line is wrong, or names a file that cannot be read. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A host with further languages, each from a JavaScript module that exports a frontend. Throws UsageError. */
export async function createCommandHost(frontendModules: readonly string[]): Promise<Host> {
  const frontends = await importFrontends(frontendModules);
  try {
    // For one function: no thread is worth its start.
    return await createHost({ frontends, training: false, workers: 0, startWorker: null });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** The frontend of each JavaScript module. Throws UsageError. */
export function importFrontends(modules: readonly string[]): Promise<Frontend[]> {
  return Promise.all(modules.map(importFrontend));
}

/** The export `frontend`, or the default one; MODULE is a path or a package's name. */
async function importFrontend(name: string): Promise<Frontend> {
  const specifier = /^[./]/.test(name) || name.endsWith('js') ? pathToFileURL(resolve(name)).href : name;
  try {
    const exported = await import(specifier);
    return exported.frontend ?? exported.default;
  } catch (cause) {
    throw new UsageError(`cannot load the frontend '${name}': ${(cause as Error).message}`, { cause });
  }
}

/** The bytes of a file, as what a deployment takes: a module, or a source in the language of its ending. */
export function readSource(
  host: Host,
  file: string,
  language: string | undefined,
): { module: Uint8Array } | { language: string; source: Uint8Array } {
  const source = readFile(file);
  if (language === undefined && isModule(source)) return { module: source };
  return { language: language ?? languageOf(host, file), source };
}

export function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** Whether these are the bytes of a compiled module. */
export function isModule(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true) === MODULE_MAGIC;
}

/** Throws UsageError for a name that says nothing, or one that is not known. */
function languageOf(host: Host, file: string): string {
  const language = host.languages.nameForFile(file);
  if (language !== undefined) return language;
  throw new UsageError(`cannot tell the language of '${file}': use --language (${host.languages.names.join(', ')})`);
}
