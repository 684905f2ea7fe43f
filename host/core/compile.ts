// From a source text, or a module's bytes, to a verified module: the same way for deployments and tools.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { FileSet } from '../../frontends/frontend';
import { decodeModule, type Module, ModuleError, verifyModule } from '../../vm/index';
import { DeployError } from './errors';
import type { Language, Languages } from './languages';

export interface SourceOptions {
  /** What the source is called in messages and traces. */
  readonly fileName: string;
  readonly language: string;
  readonly source: string | Uint8Array;
  readonly files: FileSet;
  /** Warnings to turn on, by the language's own names. */
  readonly warnings?: readonly string[];
}

export interface Compiled {
  readonly module: Module;
  readonly language: Language | undefined;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws DeployError: `deploy.language`, `deploy.source`, `deploy.compile`, `deploy.module`. */
export function compileSource(languages: Languages, options: SourceOptions): Compiled {
  const language = languages.find(options.language);
  if (language === undefined) {
    const known = languages.names.join(', ');
    throw new DeployError('deploy.language', `there is no language '${options.language}' (known: ${known})`);
  }
  const { module, diagnostics } = callFrontend(language, options);
  if (module === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    const detail = first === undefined ? '' : `${first.file}:${first.line}:${first.column}: ${first.message}${more}`;
    throw new DeployError('deploy.compile', detail, diagnostics);
  }
  return { module: verify(() => module), language, diagnostics };
}

/** A module from its binary form. Throws DeployError `deploy.module`. */
export function loadModule(languages: Languages, bytes: Uint8Array): Compiled {
  const module = verify(() => decodeModule(bytes));
  return { module, language: languages.find(module.language), diagnostics: [] };
}

function callFrontend({ frontend }: Language, { source, fileName, files, warnings }: SourceOptions) {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    throw new DeployError('deploy.source', 'the source must be a string or bytes (Uint8Array)');
  }
  if (warnings !== undefined && !isListOfNames(warnings)) {
    throw new DeployError('deploy.source', 'warnings must be a list of names');
  }
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  try {
    return frontend.compile(bytes, { fileName, files, ...(warnings !== undefined && { warnings }) });
  } catch (cause) {
    // A third party's frontend may fail as it likes; ours must not.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeployError('deploy.compile', `the frontend '${frontend.name}' failed: ${reason}`, [], { cause });
  }
}

function isListOfNames(names: unknown): boolean {
  return Array.isArray(names) && names.every((name) => typeof name === 'string');
}

function verify(load: () => Module): Module {
  try {
    const module = load();
    verifyModule(module);
    return module;
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    throw new DeployError('deploy.module', cause.message, [], { cause });
  }
}
