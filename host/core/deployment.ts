// From what a caller wants deployed to a checked, linked program and what it is granted. Everything is checked before
// anything is kept.
import type { FileSet } from '../../frontends/frontend';
import {
  entrySignature,
  hasValueEntry,
  inOneStep,
  type Limits,
  linkInSteps,
  ModuleError,
  moduleIdentity,
  type Policies,
  type Program,
  type Steps,
  SYSCALLS,
} from '../../vm/index';
import {
  type Compiled,
  compileChunkElsewhere,
  compileElsewhere,
  compileSource,
  loadInSteps,
  orDeployError,
} from './compile';
import { DeployError } from './errors';
import { checkFiles, type FileSource } from './files';
import type { FunctionParts } from './function';
import { type HttpClient, type HttpOptions, HttpPolicy } from './http';
import { checkInvoke } from './invocations';
import type { Languages } from './languages';
import { INTRINSICS } from './libraries';
import { type BudgetOptions, checkBudget, checkWeight, type LimitOptions, mergeLimits, mergePolicies } from './limits';
import { compileLuaChunk } from './lua-library';
import type { TenantStorage } from './storage';
import type { HostFunction } from './syscall-handlers';
import type { Compilers } from './workers/compilers';

/** What to deploy: a source text in a language, or the bytes of a compiled module. */
export interface FunctionOptions {
  readonly language?: string;
  readonly source?: string | Uint8Array;
  readonly module?: Uint8Array;
  /** What the source is called in messages; by default the function's name with its language's extension. */
  readonly fileName?: string;
  /** Warnings of the language's compiler to turn on, by its own names (C's are gcc's: `all`, `extra`, ...). */
  readonly warnings?: readonly string[];
  /** What `#include`, `require` and the file syscalls see, by relative path. Read-only. */
  readonly files?: FileSource;
  /** Host functions that the guest may call, by name. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
  /** Of each invocation. */
  readonly limits?: LimitOptions;
  /** What the guest may do beyond computing and its standard streams: `clock`, `random`, `sleep`, `storage`, `http`, `invoke`. */
  readonly capabilities?: readonly string[];
  /** What a function with the capability `http` may reach; nothing by default. */
  readonly http?: HttpOptions;
  /** Functions of its tenant that a function with the capability `invoke` may call; `*`: all of them. */
  readonly invoke?: readonly string[];
  /**
   * Whether the top-level code runs once, now, in place of at each call: calls then go on from the state that it has left, with
   * the function that it has returned. Lua only; the code gets no argument and no capability.
   */
  readonly initialise?: boolean;
}

export interface DeployOptions extends FunctionOptions {
  /** Matches [A-Za-z0-9._-]{1,128}. */
  readonly name: string;
  /** Of all invocations together, from this deployment on. */
  readonly budget?: BudgetOptions;
  /** Its part of its tenant's time, beside that of the others: 0.001 to 1,000,000; 1 by default. */
  readonly weight?: number;
}

/** What a host gives its functions to reach the world with. */
export interface Doors {
  readonly storage: (tenant: string) => TenantStorage;
  readonly httpClient: HttpClient | null;
  readonly privateAddresses: readonly string[];
  /** The threads that compile, if there are any. */
  readonly compilers: Compilers | null;
}

/** What applies when a deployment does not say otherwise. */
export interface Defaults {
  readonly limits: Limits;
  readonly policies: Policies;
}

/** All capabilities that a syscall asks for. */
export const CAPABILITIES: readonly string[] = [
  ...new Set(SYSCALLS.map(({ capability }) => capability).filter((capability) => capability !== null)),
];

/** What names must match. */
export const NAME = /^[A-Za-z0-9._-]{1,128}$/;

/** What a deployment makes of its own; the rest is its tenant's. */
export type OwnParts = Omit<FunctionParts, 'storage' | 'callees'> & {
  /** Names of functions that it may call. */
  readonly invoke: ReadonlySet<string>;
};

/** Who deploys. */
export interface Deployer {
  readonly languages: Languages;
  readonly doors: Doors;
  readonly defaults: Defaults;
  /** Does it in its share of the time. */
  readonly assemble: (steps: Steps<Assembled>) => Promise<Assembled>;
}

/** Compiles, verifies and links for a tenant, known by any object. Rejects with DeployError. */
export async function makeParts(
  tenant: object,
  { languages, doors, defaults, assemble }: Deployer,
  options: FunctionOptions & Partial<DeployOptions>,
  name: string,
): Promise<OwnParts> {
  const files = checkFiles(options.files);
  const functions = checkFunctions(options.functions);
  const capabilities = checkCapabilities(options.capabilities);
  const granted = checkLimits(defaults, options);
  const http = { client: doors.httpClient, policy: HttpPolicy.of(options.http, doors.privateAddresses) };
  const invoke = checkInvoke(options.invoke);
  const fileName = options.fileName ?? fileNameFor(languages, name, options.language);
  const compiling = await compile(tenant, languages, doors, fileName, options, files);
  const { module, diagnostics, program, id } = await assemble(assembled(compiling, [...functions.keys()]));
  if (options.initialise === true && (!hasValueEntry(program) || entrySignature(program) !== null)) {
    throw new DeployError(
      'deploy.initialise',
      `functions in ${module.language} have no top-level code that could run before`,
    );
  }
  const { compilers } = doors;
  const { language } = module;
  return {
    name,
    language,
    id,
    fileName,
    program,
    ...granted,
    capabilities,
    files,
    functions,
    http,
    invoke,
    compileChunk:
      compilers === null ? null : (chunk, isWanted) => compileChunkElsewhere(compilers.chunks, tenant, chunk, isWanted),
    diagnostics,
  };
}

type Granted = Pick<FunctionParts, 'limits' | 'policies' | 'budget' | 'budgetPolicies' | 'weight'>;

function checkLimits({ limits, policies }: Defaults, options: FunctionOptions & Partial<DeployOptions>): Granted {
  try {
    return {
      limits: mergeLimits(limits, options.limits),
      policies: mergePolicies(policies, options.limits),
      budget: checkBudget(options.budget),
      budgetPolicies: mergePolicies({}, options.budget),
      weight: checkWeight(options.weight),
    };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DeployError('deploy.limits', cause.message, [], { cause });
  }
}

async function compile(
  tenant: object,
  languages: Languages,
  { compilers }: Doors,
  fileName: string,
  options: FunctionOptions,
  files: FileSet,
): Promise<Steps<Compiled>> {
  const { language, source, module, warnings } = options;
  if (module !== undefined) {
    if (!(module instanceof Uint8Array)) throw new DeployError('deploy.source', 'a module must be bytes (Uint8Array)');
    return loadInSteps(languages, module);
  }
  if (language === undefined || source === undefined) {
    throw new DeployError('deploy.source', 'a function needs a language and a source, or a module');
  }
  const wanted = { fileName, language, source, files, ...(warnings !== undefined && { warnings }) };
  // Somebody else's frontend, and files that are looked for, are here only.
  const isHere = compilers === null || !languages.isBuiltIn(language) || typeof options.files === 'function';
  return isHere
    ? inOneStep(compileSource(languages, wanted))
    : compileElsewhere(compilers.deployments, tenant, languages, wanted);
}

function fileNameFor(languages: Languages, name: string, language: string | undefined): string {
  const extension = languages.find(language ?? '')?.frontend.extensions[0] ?? '';
  return name.endsWith(extension) ? name : name + extension;
}

/** What a function's module comes to. */
export interface Assembled extends Compiled {
  readonly program: Program;
  /** Hash of the module. */
  readonly id: string;
}

function* assembled(compiling: Steps<Compiled>, functionNames: readonly string[]): Steps<Assembled> {
  const compiled = yield* compiling;
  const program = yield* orDeployError(linkProgram(compiled, functionNames));
  return { ...compiled, program, id: yield* moduleIdentity(compiled.module) };
}

function* linkProgram({ module, language }: Compiled, functionNames: readonly string[]): Steps<Program> {
  const bindings = language?.bindings(functionNames) ?? null;
  const modules = [...(language?.library() ?? []), ...(bindings === null ? [] : [bindings]), module];
  const program = yield* linkInSteps(modules, { intrinsics: INTRINSICS, compiler: compileLuaChunk });
  if (program.entry < 0 || module.entry === null) throw new ModuleError('module.entry', 'the module has no entry');
  return program;
}

function checkFunctions(functions: Readonly<Record<string, HostFunction>> | undefined): Map<string, HostFunction> {
  const checked = new Map(Object.entries(functions ?? {}));
  for (const [name, called] of checked) {
    if (!NAME.test(name)) throw new DeployError('deploy.functions', `'${name}' is no name of a host function`);
    if (typeof called !== 'function') throw new DeployError('deploy.functions', `'${name}' is no function`);
  }
  return checked;
}

function checkCapabilities(capabilities: readonly string[] | undefined): Set<string> {
  const granted = new Set(capabilities ?? []);
  for (const capability of granted) {
    if (CAPABILITIES.includes(capability)) continue;
    const known = CAPABILITIES.join(', ');
    throw new DeployError('deploy.capabilities', `there is no capability '${capability}' (known: ${known})`);
  }
  return granted;
}
