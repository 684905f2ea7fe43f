// From a source text, or a module's bytes, to a verified module: the same way for deployments and tools.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { CompileResult, FileSet } from '../../frontends/frontend';
import {
  allSteps,
  type Chunk,
  copyInSteps,
  decodeUntrusted,
  InternalError,
  inOneStep,
  type Module,
  ModuleError,
  type Steps,
  verifyInSteps,
} from '../../vm/index';
import { DeployError } from './errors';
import type { Language, Languages } from './languages';
import { compileLuaChunk } from './lua-library';
import type { CompileReply, CompilerThread } from './workers/compiler';
import { moduleOf } from './workers/programs';

export interface SourceOptions {
  /** What the source is called in messages and traces. */
  readonly fileName: string;
  readonly language: string;
  readonly source: string | Uint8Array;
  readonly files: FileSet;
  /** Warnings to turn on, by the language's own names. */
  readonly warnings?: readonly string[];
}

/** Compiles text that a running function loads, while it wants it: a verified module, or the message why there is none. */
export type CompileChunk = (chunk: Chunk, isWanted: () => boolean) => Promise<Steps<Module | string>>;

export interface Compiled {
  readonly module: Module;
  readonly language: Language | undefined;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws DeployError: `deploy.language`, `deploy.source`, `deploy.compile`, `deploy.module`. */
export function compileSource(languages: Languages, options: SourceOptions): Compiled {
  const language = findLanguage(languages, options.language);
  const { module, diagnostics } = callFrontend(language, options);
  if (module === undefined) throw compileError(diagnostics);
  allSteps(orDeployError(verifyInSteps(module)));
  return { module, language, diagnostics };
}

/**
 * The same in a thread, where one can be had, whose owner waits meanwhile: no text keeps this thread from its other work. What is
 * left to do here is done in steps. `files` must be plain data.
 * Rejects with DeployError, `deploy.compile_time` and `deploy.compile_memory` beside those of compileSource.
 */
export async function compileElsewhere(
  thread: CompilerThread,
  tenant: object,
  languages: Languages,
  options: SourceOptions,
): Promise<Steps<Compiled>> {
  const language = findLanguage(languages, options.language);
  const { fileName, files, warnings } = options;
  checkWarnings(warnings);
  const request = {
    language: options.language,
    fileName,
    source: bytesOf(options.source),
    files: { ...files },
    ...(warnings !== undefined && { warnings }),
  };
  const reply = await thread.compile(tenant, request);
  if (reply === null) return inOneStep(compileSource(languages, options));
  const { module, diagnostics, failure } = reply;
  if (failure !== null) throw new DeployError('deploy.compile', failure);
  if (module === null) throw compileError(diagnostics);
  return decodeCompiled(module, language, diagnostics);
}

/** Of bytes that were verified where they come from. */
function* decodeCompiled(bytes: Uint8Array, language: Language, diagnostics: readonly Diagnostic[]): Steps<Compiled> {
  return { module: yield* moduleOf(bytes), language, diagnostics };
}

/**
 * Text that a running function loads, in the thread for that where one can be had: as its program's compiler. A text that takes
 * too long, or too much memory, gets a message in place of a module. Here the module's bytes are decoded only, in steps.
 */
export async function compileChunkElsewhere(
  thread: CompilerThread,
  tenant: object,
  chunk: Chunk,
  isWanted: () => boolean,
): Promise<Steps<Module | string>> {
  try {
    return answerInSteps(chunk, await thread.compile(tenant, chunk, isWanted));
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return inOneStep(`${chunk.name}:1: ${error.message}`);
  }
}

function answerInSteps(chunk: Chunk, reply: CompileReply | null): Steps<Module | string> {
  if (reply === null) return inOneStep(compileLuaChunk(chunk));
  const { module, refusal, failure } = reply;
  if (failure !== null) throw new InternalError(failure);
  // It was verified there.
  return module === null ? inOneStep(refusal!) : moduleOf(module);
}

/** Throws DeployError `deploy.language`. */
export function findLanguage(languages: Languages, name: string): Language {
  const language = languages.find(name);
  if (language !== undefined) return language;
  const known = languages.names.join(', ');
  throw new DeployError('deploy.language', `there is no language '${name}' (known: ${known})`);
}

function compileError(diagnostics: readonly Diagnostic[]): DeployError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = first === undefined ? '' : `${first.file}:${first.line}:${first.column}: ${first.message}${more}`;
  return new DeployError('deploy.compile', detail, diagnostics);
}

/** A module from its binary form. Throws DeployError `deploy.module`. */
export function loadModule(languages: Languages, bytes: Uint8Array): Compiled {
  return allSteps(loadInSteps(languages, bytes));
}

/** As loadModule. */
export function* loadInSteps(languages: Languages, given: Uint8Array): Steps<Compiled> {
  // Bytes that nobody else can change between two steps.
  const bytes = new Uint8Array(given.length);
  yield* copyInSteps(given, given.length, bytes, 0);
  const module = yield* orDeployError(decodeAndVerify(bytes));
  return { module, language: languages.find(module.language), diagnostics: [] };
}

function* decodeAndVerify(bytes: Uint8Array): Steps<Module> {
  const module = yield* decodeUntrusted(bytes);
  yield* verifyInSteps(module);
  return module;
}

function bytesOf(source: unknown): Uint8Array {
  if (typeof source === 'string') return new TextEncoder().encode(source);
  if (source instanceof Uint8Array) return source;
  throw new DeployError('deploy.source', 'the source must be a string or bytes (Uint8Array)');
}

function checkWarnings(warnings: unknown): void {
  if (warnings !== undefined && !isListOfNames(warnings)) {
    throw new DeployError('deploy.source', 'warnings must be a list of names');
  }
}

/** What the frontend makes of it; its failures are the source's. Throws DeployError. */
export function callFrontend(
  { frontend }: Language,
  { source, fileName, files, warnings }: Omit<SourceOptions, 'language'>,
): CompileResult {
  const bytes = bytesOf(source);
  checkWarnings(warnings);
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

/** Steps whose ModuleError is the deployment's. */
export function* orDeployError<T>(steps: Steps<T>): Steps<T> {
  try {
    return yield* steps;
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    throw new DeployError('deploy.module', cause.message, [], { cause });
  }
}
