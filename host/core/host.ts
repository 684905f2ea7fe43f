// The host: where functions are deployed, called and removed. One host runs any number of functions in one thread.

import type { Frontend } from '../../frontends/frontend';
import {
  encodeModule,
  type InstructionPolicy,
  type Limits,
  link,
  ModuleError,
  moduleHash,
  type Program,
  readSnapshot,
  SnapshotError,
  SYSCALLS,
} from '../../vm/index';
import { type Compiled, compileSource, loadModule } from './compile';
import { Engine } from './engine';
import { DeployError } from './errors';
import { createSurroundings, type Surroundings } from './event-loop';
import type { Execution } from './execution';
import { checkFiles, type FileSource } from './files';
import { DeployedFunction, type ExecuteOptions, type RestoreOptions } from './function';
import { decodeHeldCall } from './held-call';
import { type HttpClient, type HttpOptions, HttpPolicy } from './http';
import { checkInvoke } from './invocations';
import { INTRINSICS, Languages } from './languages';
import { DEFAULT_LIMITS, type LimitOptions, mergeLimits, mergePolicy } from './limits';
import { compileLuaChunk } from './lua-library';
import type { ExecutionResult } from './result';
import { MemoryStorage, type TenantStorage } from './storage';
import type { HostFunction } from './syscall-handlers';
import { ensureTraining } from './training';

export interface HostOptions {
  /** Threads beside this one; only 0 for now. */
  readonly workers?: 0;
  /** Over the defaults, for every function that does not say otherwise. */
  readonly limits?: LimitOptions;
  /** Languages beside sm, lua and c, or in their place. */
  readonly frontends?: readonly Frontend[];
  /**
   * Whether to train the machine's loops first, once in a thread: some tenths of a second, after which no function makes
   * the others slow by being the first to do something. True by default; not worth it for a process that runs one function.
   */
  readonly training?: boolean;
  /** Opens the storage of a tenant, once; in memory by default. */
  readonly storage?: (tenant: string) => TenantStorage;
  /** Makes the requests of functions; `gazelle` for Node has one by default, pages `createFetchClient()`. */
  readonly httpClient?: HttpClient;
  /** Addresses of the host's own network that any function may reach whose `http.allow` has them, as `127.0.0.1:8080`. */
  readonly privateAddresses?: readonly string[];
  /** The clock, event loop and randomness to use in place of the world's: for tests. */
  readonly surroundings?: Surroundings;
}

/** What to deploy: a source text in a language, or the bytes of a compiled module. */
export interface FunctionOptions {
  readonly language?: string;
  readonly source?: string | Uint8Array;
  readonly module?: Uint8Array;
  /** What the source is called in messages; by default the function's name with its language's extension. */
  readonly fileName?: string;
  /** What `#include`, `require` and the file syscalls see, by relative path. Read-only. */
  readonly files?: FileSource;
  /** Host functions that the guest may call, by name. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
  readonly limits?: LimitOptions;
  /** What the guest may do beyond computing and its standard streams: `clock`, `random`, `sleep`. */
  readonly capabilities?: readonly string[];
  /** What a function with the capability `http` may reach; nothing by default. */
  readonly http?: HttpOptions;
  /** Functions of its tenant that a function with the capability `invoke` may call; `*`: all of them. */
  readonly invoke?: readonly string[];
}

export interface DeployOptions extends FunctionOptions {
  /** Matches [A-Za-z0-9._-]{1,128}. */
  readonly name: string;
}

/** A function in one shot. */
export interface RunOptions extends FunctionOptions, Omit<ExecuteOptions, 'limits'> {
  readonly argument?: unknown;
}

/** A deployed function as `host.list` describes it. */
export interface FunctionDescription {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  readonly capabilities: readonly string[];
}

/** All capabilities that a syscall asks for. */
export const CAPABILITIES: readonly string[] = [
  ...new Set(SYSCALLS.map(({ capability }) => capability).filter((capability) => capability !== null)),
];

const NAME = /^[A-Za-z0-9._-]{1,128}$/;

export class Host {
  /** The languages that can be deployed. */
  readonly languages: Languages;
  /** What applies to a function that does not say otherwise. */
  readonly limits: Limits;
  private readonly onInstructions: InstructionPolicy;
  private readonly engine: Engine;
  private readonly functions = new Map<string, DeployedFunction>();
  private readonly storage: TenantStorage;
  private readonly httpClient: HttpClient | null;
  private readonly privateAddresses: readonly string[];

  /** As createHost. */
  constructor(options: HostOptions) {
    const { workers = 0, limits, frontends = [] } = options;
    if (workers !== 0) throw new RangeError('workers must be 0: functions run in this thread');
    this.limits = mergeLimits(DEFAULT_LIMITS, limits);
    this.onInstructions = mergePolicy('kill', limits);
    this.languages = new Languages(frontends);
    this.httpClient = options.httpClient ?? null;
    this.privateAddresses = options.privateAddresses ?? [];
    this.storage = options.storage?.('default') ?? new MemoryStorage();
    this.engine = new Engine(options.surroundings ?? createSurroundings());
  }

  /**
   * Compiles, verifies and links a function, and gives it a name; one that had the name is replaced, and what runs of it
   * goes on. Rejects with DeployError.
   */
  async deploy(options: DeployOptions): Promise<DeployedFunction> {
    if (typeof options?.name !== 'string' || !NAME.test(options.name)) {
      throw new DeployError('deploy.name', `${JSON.stringify(options?.name)} is no name: it must match ${NAME.source}`);
    }
    const deployed = this.make(options.name, options);
    this.functions.set(options.name, deployed);
    return deployed;
  }

  /** Compiles a function, calls it once and forgets it. Rejects with DeployError. */
  async run(options: RunOptions): Promise<ExecutionResult> {
    const { argument, args, stdin, signal, output, log } = options;
    return this.make('main', options).execute(argument, {
      ...(args !== undefined && { args }),
      ...(stdin !== undefined && { stdin }),
      ...(signal !== undefined && { signal }),
      ...(output !== undefined && { output }),
      ...(log !== undefined && { log }),
    });
  }

  /** The function of that name, or undefined. */
  get(name: string): DeployedFunction | undefined {
    return this.functions.get(name);
  }

  /** What is deployed, by name. */
  list(): FunctionDescription[] {
    return [...this.functions.values()]
      .map(({ name, language, id, limits, capabilities }) => ({ name, language, id, limits, capabilities }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Forgets a function; what runs of it goes on. False when there is none of that name. */
  remove(name: string): boolean {
    return this.functions.delete(name);
  }

  /**
   * Goes on from a snapshot, taken here or anywhere, with the deployed function that has its modules: the one of the same name,
   * else any. Throws SnapshotError, `snapshot.modules` if there is none; TypeError or RangeError for options that are wrong.
   */
  restore(bytes: Uint8Array, options: RestoreOptions = {}): Execution {
    this.engine.checkOpen();
    if (!(bytes instanceof Uint8Array)) throw new TypeError('a snapshot must be bytes (Uint8Array)');
    const snapshot = readSnapshot(bytes);
    const { name } = decodeHeldCall(snapshot.host);
    const named = this.functions.get(name);
    const origin = named?.isOrigin(snapshot)
      ? named
      : [...this.functions.values()].find((deployed) => deployed.isOrigin(snapshot));
    if (origin === undefined) throw new SnapshotError('snapshot.modules', `no function has them (it was '${name}')`);
    return origin.restoreFrom(snapshot, options);
  }

  /** How many executions run or wait. */
  get runningCount(): number {
    return this.engine.runningCount;
  }

  /** Cancels all that runs, waits for its end, and refuses everything from now on. */
  async close(): Promise<void> {
    this.functions.clear();
    await this.engine.close();
  }

  private make(name: string, options: FunctionOptions): DeployedFunction {
    this.engine.checkOpen();
    const files = checkFiles(options.files);
    const functions = checkFunctions(options.functions);
    const capabilities = checkCapabilities(options.capabilities);
    const limits = this.checkLimits(options.limits);
    const onInstructions = mergePolicy(this.onInstructions, options.limits);
    const fileName = options.fileName ?? this.fileNameFor(name, options.language);
    const compiled = this.compile(fileName, options, files);
    const { module, diagnostics } = compiled;
    const program = linkProgram(compiled, [...functions.keys()]);
    const id = moduleHash(encodeModule(module));
    const { language } = module;
    const parts = {
      name,
      language,
      id,
      fileName,
      program,
      limits,
      onInstructions,
      capabilities,
      files,
      functions,
      storage: this.storage,
      callees: { allowed: checkInvoke(options.invoke), find: (callee: string) => this.functions.get(callee) },
      http: { client: this.httpClient, policy: HttpPolicy.of(options.http, this.privateAddresses) },
      diagnostics,
    };
    return new DeployedFunction(this.engine, parts);
  }

  private compile(fileName: string, options: FunctionOptions, files: ReturnType<typeof checkFiles>): Compiled {
    const { language, source, module } = options;
    if (module !== undefined) {
      if (!(module instanceof Uint8Array))
        throw new DeployError('deploy.source', 'a module must be bytes (Uint8Array)');
      return loadModule(this.languages, module);
    }
    if (language === undefined || source === undefined) {
      throw new DeployError('deploy.source', 'a function needs a language and a source, or a module');
    }
    return compileSource(this.languages, { fileName, language, source, files });
  }

  private fileNameFor(name: string, language: string | undefined): string {
    const extension = this.languages.find(language ?? '')?.frontend.extensions[0] ?? '';
    return name.endsWith(extension) ? name : name + extension;
  }

  private checkLimits(limits: LimitOptions | undefined): Limits {
    try {
      return mergeLimits(this.limits, limits);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new DeployError('deploy.limits', cause.message, [], { cause });
    }
  }
}

function linkProgram({ module, language }: Compiled, functionNames: readonly string[]): Program {
  const bindings = language?.bindings(functionNames) ?? null;
  const modules = [...(language?.library() ?? []), ...(bindings === null ? [] : [bindings]), module];
  try {
    const program = link(modules, { intrinsics: INTRINSICS, compiler: compileLuaChunk });
    if (program.entry < 0 || module.entry === null) throw new ModuleError('module.entry', 'the module has no entry');
    return program;
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    throw new DeployError('deploy.module', cause.message, [], { cause });
  }
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

/** Makes a host. Throws TypeError or RangeError for options that are wrong. */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  if (options.training !== false) await ensureTraining();
  return new Host(options);
}
