// The tenants and functions of one server: a host, with limits on how much is kept.
import type { DeployedFunction, DeployOptions, Host, HttpRule, Tenant, TenantOptions } from '../../core/index';
import type { Params } from '../../protocol/index';
import type { StoreLimits } from './limits';
import { limitReached, RequestError } from './request-error';
import { budgetFromWire, bytesOf, limitsFromWire, textOrBytesOf } from './wire-values';

/** The one tenant that is there without being made. */
export const DEFAULT_TENANT = 'default';

export class Store {
  /** Bytes of each function as it was deployed, by tenant and name. */
  private readonly sizes = new Map<string, Map<string, number>>();
  private count = 0;
  private bytes = 0;

  constructor(
    readonly host: Host,
    private readonly limits: StoreLimits,
    private readonly deployBytes: number,
  ) {}

  /** Throws RequestError `tenant.unknown`. */
  tenant(name: string = DEFAULT_TENANT): Tenant {
    const tenant = this.host.getTenant(name);
    if (tenant !== undefined) return tenant;
    if (name === DEFAULT_TENANT) return this.host.tenant();
    throw new RequestError('tenant.unknown', `there is no tenant '${name}'; tenant.set makes one`);
  }

  /** Makes or changes a tenant. Throws RequestError, HostError and RangeError. */
  setTenant(name: string, options: TenantOptions): Tenant {
    const count = this.host.listTenants().length + 1;
    if (this.host.getTenant(name) === undefined && count > this.limits.tenants) {
      throw limitReached('server.tenants', 'tenants', this.limits.tenants, count);
    }
    return this.host.tenant(name, options);
  }

  /** Forgets a tenant and its functions. */
  removeTenant(name: string): boolean {
    for (const functionName of [...(this.sizes.get(name)?.keys() ?? [])]) this.forget(name, functionName);
    return this.host.removeTenant(name);
  }

  /** The function of that name. Throws RequestError `tenant.unknown` and `function.unknown`. */
  get(tenant: string | undefined, name: string): DeployedFunction {
    const fn = this.tenant(tenant).get(name);
    if (fn !== undefined) return fn;
    const whose = tenant === undefined ? '' : ` for the tenant '${tenant}'`;
    throw new RequestError('function.unknown', `no function '${name}' is deployed${whose}`);
  }

  /** Deploys what a message says. Rejects with RequestError and DeployError. */
  async deploy(params: Params<'deploy'>): Promise<DeployedFunction> {
    return this.add(deployOptionsOf(params), params.tenant);
  }

  /** Deploys a function. Rejects with RequestError and DeployError. */
  async add(options: DeployOptions, tenantName: string = DEFAULT_TENANT): Promise<DeployedFunction> {
    const tenant = this.tenant(tenantName);
    const size = sizeOf(options);
    if (size > this.deployBytes) throw limitReached('deploy.size', 'deploy_bytes', this.deployBytes, size);
    this.checkRoom(tenantName, options.name, size);
    const fn = await tenant.deploy(options);
    this.forget(tenantName, options.name);
    this.count++;
    this.bytes += size;
    const sizes = this.sizes.get(tenantName) ?? new Map<string, number>();
    this.sizes.set(tenantName, sizes.set(options.name, size));
    return fn;
  }

  /** Throws RequestError `tenant.unknown`. */
  remove(tenantName: string = DEFAULT_TENANT, name: string): boolean {
    const removed = this.tenant(tenantName).remove(name);
    this.forget(tenantName, name);
    return removed;
  }

  private forget(tenant: string, name: string): void {
    const sizes = this.sizes.get(tenant);
    const size = sizes?.get(name);
    if (sizes === undefined || size === undefined) return;
    this.bytes -= size;
    this.count--;
    sizes.delete(name);
    if (sizes.size === 0) this.sizes.delete(tenant);
  }

  private checkRoom(tenant: string, name: string, size: number): void {
    const { functions, functionBytes } = this.limits;
    const replaced = this.sizes.get(tenant)?.get(name);
    const count = this.count + (replaced === undefined ? 1 : 0);
    if (count > functions) throw limitReached('server.functions', 'functions', functions, count);
    const bytes = this.bytes + size - (replaced ?? 0);
    if (bytes > functionBytes) throw limitReached('server.functions', 'function_bytes', functionBytes, bytes);
  }
}

function deployOptionsOf(params: Params<'deploy'>): DeployOptions {
  const { name, language, source, module, fileName, warnings, files } = params;
  const { limits, budget, weight, capabilities, http, invoke, initialise } = params;
  return {
    name,
    ...(language !== undefined && { language }),
    ...(source !== undefined && { source: textOrBytesOf(source, 'source') }),
    ...(module !== undefined && { module: bytesOf(module, 'module') }),
    ...(fileName !== undefined && { fileName }),
    ...(warnings !== undefined && { warnings }),
    ...(files !== undefined && { files: filesOf(files) }),
    ...(limits !== undefined && { limits: limitsFromWire(limits) }),
    ...(budget !== undefined && { budget: budgetFromWire(budget) }),
    ...(weight !== undefined && { weight }),
    ...(capabilities !== undefined && { capabilities }),
    ...(http !== undefined && { http: { allow: http.allow as HttpRule[] } }),
    ...(invoke !== undefined && { invoke }),
    ...(initialise !== undefined && { initialise }),
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
