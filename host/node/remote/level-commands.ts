// `gazelle tenant`, `gazelle function` and `gazelle host`: what may be used together on a server, and what has been.
import type { Policies, SharedLimits } from '../../../vm/index';
import type { BudgetOptions } from '../../core/index';
import type { Client, HostDescription, TenantDescription } from '../client';
import { EXIT_OK, EXIT_USAGE } from '../exit-status';
import { type BudgetFlags, tenantOptionsFromFlags } from '../limit-flags';
import { UsageError } from '../source-file';
import { type Terminal, writeAll } from '../terminal';
import { formatColumns, formatLimits } from './limit-table';
import { type RemoteFlags, type TenantFlags, tenantOf, withServer } from './session';

export type TenantSetFlags = RemoteFlags & BudgetFlags;

export interface BudgetCommandFlags extends RemoteFlags {
  readonly budget?: Partial<SharedLimits>;
  readonly policy?: Policies;
}

type Amounts = Partial<SharedLimits>;

/** Makes or changes a tenant. */
export function setTenantCommand(terminal: Terminal, name: string, flags: TenantSetFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const tenant = await client.tenant(name, tenantOptionsFromFlags(flags));
    return showTenant(terminal, await tenant.describe(), flags);
  });
}

export function describeTenantCommand(terminal: Terminal, name: string, flags: RemoteFlags): Promise<number> {
  return withServer(terminal, flags, async (client) =>
    showTenant(terminal, await client.tenantNamed(name).describe(), flags),
  );
}

export function listTenantsCommand(terminal: Terminal, flags: RemoteFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const tenants = await client.listTenants();
    await writeAll(terminal.stdout, flags.json ? `${JSON.stringify(tenants)}\n` : formatTenants(tenants));
    return EXIT_OK;
  });
}

export function removeTenantCommand(terminal: Terminal, name: string, flags: RemoteFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const removed = await client.removeTenant(name);
    if (flags.json) await writeAll(terminal.stdout, `${JSON.stringify({ removed })}\n`);
    if (!removed) await writeAll(terminal.stderr, `gazelle: there is no tenant '${name}'\n`);
    return removed ? EXIT_OK : EXIT_USAGE;
  });
}

export function refillTenantCommand(
  terminal: Terminal,
  name: string,
  amounts: Amounts,
  flags: RemoteFlags,
): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const tenant = client.tenantNamed(name);
    await tenant.refill(amounts);
    return showTenant(terminal, await tenant.describe(), flags);
  });
}

/** Throws UsageError when nothing is to be changed. */
export function changeFunctionCommand(
  terminal: Terminal,
  name: string,
  flags: BudgetCommandFlags & TenantFlags,
): Promise<number> {
  const budget = budgetFrom(flags);
  return withServer(terminal, flags, async (client) => {
    await tenantOf(client, flags).changeBudgetOf(name, budget);
    return showFunction(terminal, client, name, flags);
  });
}

export function refillFunctionCommand(
  terminal: Terminal,
  name: string,
  amounts: Amounts,
  flags: TenantFlags,
): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    await tenantOf(client, flags).refillOf(name, amounts);
    return showFunction(terminal, client, name, flags);
  });
}

export function describeHostCommand(terminal: Terminal, flags: RemoteFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => showHost(terminal, await client.describeHost(), flags));
}

/** Throws UsageError when nothing is to be changed. */
export function changeHostCommand(terminal: Terminal, flags: BudgetCommandFlags): Promise<number> {
  const budget = budgetFrom(flags);
  return withServer(terminal, flags, async (client) => {
    await client.changeBudget(budget);
    return showHost(terminal, await client.describeHost(), flags);
  });
}

export function refillHostCommand(terminal: Terminal, amounts: Amounts, flags: RemoteFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    await client.refill(amounts);
    return showHost(terminal, await client.describeHost(), flags);
  });
}

function budgetFrom({ budget, policy }: BudgetCommandFlags): BudgetOptions {
  if (budget === undefined && policy === undefined) throw new UsageError('say what to change: --budget, --policy');
  return { ...budget, ...(policy !== undefined && { policies: policy }) };
}

async function showTenant(terminal: Terminal, tenant: TenantDescription, { json }: RemoteFlags): Promise<number> {
  const { name, weight } = tenant;
  const text = `name    ${name}\nweight  ${weight}\n\n${formatLimits(tenant)}`;
  await writeAll(terminal.stdout, json ? `${JSON.stringify(tenant)}\n` : text);
  return EXIT_OK;
}

async function showHost(terminal: Terminal, host: HostDescription, { json }: RemoteFlags): Promise<number> {
  await writeAll(terminal.stdout, json ? `${JSON.stringify(host)}\n` : formatLimits(host));
  return EXIT_OK;
}

async function showFunction(terminal: Terminal, client: Client, name: string, flags: TenantFlags): Promise<number> {
  const tenant = tenantOf(client, flags);
  const { limits } = await tenant.find(name);
  const budget = await tenant.budgetOf(name);
  const description = { name, limits, ...budget };
  const text = `name  ${name}\n\n${formatLimits(description)}`;
  await writeAll(terminal.stdout, flags.json ? `${JSON.stringify(description)}\n` : text);
  return EXIT_OK;
}

function formatTenants(tenants: readonly TenantDescription[]): string {
  const rows = tenants.map(({ name, weight, usage }) => [
    name,
    String(weight),
    usage.instructions.toLocaleString('en'),
    usage.memoryBytes.toLocaleString('en'),
    String(usage.concurrentInvocations),
  ]);
  return formatColumns([['tenant', 'weight', 'instructions', 'memory held', 'running'], ...rows]);
}
