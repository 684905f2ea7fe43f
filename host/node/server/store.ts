// The functions of one server: a host, with limits on how much is deployed.
import type { DeployedFunction, DeployOptions, Host, HttpRule } from '../../core/index';
import type { Params } from '../../protocol/index';
import type { StoreLimits } from './limits';
import { limitReached, RequestError } from './request-error';
import { bytesOf, limitsFromWire, textOrBytesOf } from './wire-values';

export class Store {
  /** Bytes of each function as it was deployed. */
  private readonly sizes = new Map<string, number>();
  private bytes = 0;

  constructor(
    readonly host: Host,
    private readonly limits: StoreLimits,
    private readonly deployBytes: number,
  ) {}

  /** The function of that name. Throws RequestError `function.unknown`. */
  get(name: string): DeployedFunction {
    const fn = this.host.get(name);
    if (fn === undefined) throw new RequestError('function.unknown', `no function '${name}' is deployed`);
    return fn;
  }

  /** Deploys what a message says. Rejects with RequestError and DeployError. */
  async deploy(params: Params<'deploy'>): Promise<DeployedFunction> {
    return this.add(deployOptionsOf(params));
  }

  /** Deploys a function. Rejects with RequestError and DeployError. */
  async add(options: DeployOptions): Promise<DeployedFunction> {
    const size = sizeOf(options);
    if (size > this.deployBytes) throw limitReached('deploy.size', 'deploy_bytes', this.deployBytes, size);
    this.checkRoom(options.name, size);
    const fn = await this.host.deploy(options);
    this.bytes += size - (this.sizes.get(options.name) ?? 0);
    this.sizes.set(options.name, size);
    return fn;
  }

  remove(name: string): boolean {
    this.bytes -= this.sizes.get(name) ?? 0;
    this.sizes.delete(name);
    return this.host.remove(name);
  }

  private checkRoom(name: string, size: number): void {
    const { functions, functionBytes } = this.limits;
    const replaced = this.sizes.get(name);
    const count = this.sizes.size + (replaced === undefined ? 1 : 0);
    if (count > functions) throw limitReached('server.functions', 'functions', functions, count);
    const bytes = this.bytes + size - (replaced ?? 0);
    if (bytes > functionBytes) throw limitReached('server.functions', 'function_bytes', functionBytes, bytes);
  }
}

function deployOptionsOf(params: Params<'deploy'>): DeployOptions {
  const { name, language, source, module, fileName, files, limits, capabilities, http, invoke } = params;
  return {
    name,
    ...(language !== undefined && { language }),
    ...(source !== undefined && { source: textOrBytesOf(source, 'source') }),
    ...(module !== undefined && { module: bytesOf(module, 'module') }),
    ...(fileName !== undefined && { fileName }),
    ...(files !== undefined && { files: filesOf(files) }),
    ...(limits !== undefined && { limits: limitsFromWire(limits) }),
    ...(capabilities !== undefined && { capabilities }),
    ...(http !== undefined && { http: { allow: http.allow as HttpRule[] } }),
    ...(invoke !== undefined && { invoke }),
  };
}

function filesOf(files: NonNullable<Params<'deploy'>['files']>): Record<string, string | Uint8Array> {
  const entries = Object.entries(files).map(([path, contents]) => [path, textOrBytesOf(contents, `files.${path}`)]);
  return Object.fromEntries(entries);
}

function sizeOf({ source, module, files }: DeployOptions): number {
  const parts = [source, module, ...Object.values(files ?? {})];
  return parts.reduce<number>((sum, part) => sum + (part === undefined ? 0 : Buffer.byteLength(part)), 0);
}
