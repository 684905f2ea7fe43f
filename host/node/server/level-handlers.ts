// What the methods for functions' budgets, tenants and the host do.
import type { DeployedFunction, Host, Tenant } from '../../core/index';
import type { Result } from '../../protocol/index';
import type { LEVEL_METHODS } from '../../protocol/level-methods';
import type { Handler } from './methods';
import { amountsFromWire, budgetFromWire, checkingValues, limitsFromWire, limitsToWire } from './wire-values';

export const LEVEL_HANDLERS: { readonly [M in keyof typeof LEVEL_METHODS]: Handler<M> } = {
  'function.change': ({ service }, { tenant, name, budget }) => {
    const fn = service.store.get(tenant, name);
    checkingValues(() => fn.changeBudget(budgetFromWire(budget)));
    return budgetOf(fn);
  },
  'function.refill': ({ service }, { tenant, name, amounts }) => {
    const fn = service.store.get(tenant, name);
    checkingValues(() => fn.refill(amountsFromWire(amounts)));
    return budgetOf(fn);
  },
  'tenant.set': ({ service }, { name, limits, budget, weight }) => {
    const options = {
      ...(limits !== undefined && { limits: limitsFromWire(limits) }),
      ...(budget !== undefined && { budget: budgetFromWire(budget) }),
      ...(weight !== undefined && { weight }),
    };
    return describeTenant(checkingValues(() => service.store.setTenant(name, options)));
  },
  'tenant.describe': ({ service }, { name }) => describeTenant(service.store.tenant(name)),
  'tenant.list': ({ service }) => ({ tenants: service.store.host.listTenants().map(describeTenant) }),
  'tenant.remove': ({ service }, { name }) => ({ removed: service.store.removeTenant(name) }),
  'tenant.refill': ({ service }, { name, amounts }) => {
    const tenant = service.store.tenant(name);
    checkingValues(() => tenant.refill(amountsFromWire(amounts)));
    return describeTenant(tenant);
  },
  'host.describe': ({ service }) => describeHost(service.store.host),
  'host.change': ({ service }, { budget }) => {
    const { host } = service.store;
    checkingValues(() => host.changeBudget(budgetFromWire(budget)));
    return describeHost(host);
  },
  'host.refill': ({ service }, { amounts }) => {
    const { host } = service.store;
    checkingValues(() => host.refill(amountsFromWire(amounts)));
    return describeHost(host);
  },
};

export function budgetOf({
  sharedLimits,
  sharedPolicies,
  usage,
}: DeployedFunction | Tenant | Host): Result<'function.change'> {
  return { sharedLimits: limitsToWire(sharedLimits), sharedPolicies, usage };
}

function describeTenant(tenant: Tenant): Result<'tenant.describe'> {
  const { name, limits, policies, weight } = tenant;
  return { name, limits: limitsToWire(limits), policies, weight, ...budgetOf(tenant) };
}

function describeHost(host: Host): Result<'host.describe'> {
  return { limits: limitsToWire(host.limits), policies: host.policies, ...budgetOf(host) };
}
