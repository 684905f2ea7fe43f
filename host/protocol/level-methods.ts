// The methods for what stands above executions: functions' budgets, tenants, the host.
import { z } from 'zod';
import type { MethodDefinition } from './methods';
import {
  budgetOptions,
  budgetUsage,
  functionName,
  limitOptions,
  limits,
  policies,
  sharedAmounts,
  sharedLimits,
  tenant,
  tenantName,
  weight,
} from './schemas';

const tenantDescription = z.strictObject({
  name: tenantName,
  limits: limits.describe('of each invocation of a function that does not say otherwise'),
  policies: policies.describe('at these limits, where it is not the default'),
  sharedLimits: sharedLimits.describe('of all its invocations together'),
  sharedPolicies: policies.describe('at these limits, where it is not the default'),
  weight: z.number(),
  usage: budgetUsage.describe('what they have used, those that run included'),
});

const hostDescription = z.strictObject({
  limits: limits.describe('of each invocation when neither its function nor its tenant says otherwise'),
  policies: policies.describe('at these limits, where it is not the default'),
  sharedLimits: sharedLimits.describe('of all invocations together'),
  sharedPolicies: policies.describe('at these limits, where it is not the default'),
  usage: budgetUsage.describe('what they have used, those that run included'),
});

const functionBudget = z.strictObject({
  sharedLimits: sharedLimits.describe('of all its invocations together'),
  sharedPolicies: policies.describe('at these limits, where it is not the default'),
  usage: budgetUsage.describe('what they have used, those that run included'),
});

const budget = budgetOptions.describe('what is left out stays as it is; null is no limit');
const amounts = sharedAmounts.describe('by how much, by limit; null is no limit');

export const LEVEL_METHODS = {
  'function.change': {
    synopsis:
      'Changes what the invocations of a function may use together, while they run. Its limits of each invocation are those of its deployment.',
    params: z.strictObject({ tenant, name: functionName, budget }),
    result: functionBudget,
    errors: ['tenant.unknown', 'function.unknown'],
  },
  'function.refill': {
    synopsis:
      'Raises what the invocations of a function may use together; those that stood still for want of it go on.',
    params: z.strictObject({ tenant, name: functionName, amounts }),
    result: functionBudget,
    errors: ['tenant.unknown', 'function.unknown'],
  },
  'tenant.set': {
    synopsis:
      'Makes a tenant, or changes what is given of one while its functions run. `limits` hold for functions that are deployed from then on. Only the tenant `default` is there by itself.',
    params: z.strictObject({
      name: z.string().max(1024).describe('matches `[A-Za-z0-9._-]{1,128}`'),
      limits: limitOptions.optional().describe("of each invocation, in place of the host's"),
      budget: budgetOptions.optional().describe('of all its invocations together'),
      weight,
    }),
    result: tenantDescription,
    errors: ['tenant.name', 'server.tenants'],
  },
  'tenant.describe': {
    synopsis: 'One tenant: its limits, and what its invocations have used together.',
    params: z.strictObject({ name: tenantName }),
    result: tenantDescription,
    errors: ['tenant.unknown'],
  },
  'tenant.list': {
    synopsis: 'All tenants, sorted by name.',
    params: z.strictObject({}),
    result: z.strictObject({ tenants: z.array(tenantDescription) }),
    errors: [],
  },
  'tenant.remove': {
    synopsis: 'Forgets a tenant and its functions; what runs of them goes on. False when there is none of that name.',
    params: z.strictObject({ name: tenantName }),
    result: z.strictObject({ removed: z.boolean() }),
    errors: [],
  },
  'tenant.refill': {
    synopsis: 'Raises what the invocations of a tenant may use together; those that stood still for want of it go on.',
    params: z.strictObject({ name: tenantName, amounts }),
    result: tenantDescription,
    errors: ['tenant.unknown'],
  },
  'host.describe': {
    synopsis: 'The limits of the host, and what all invocations have used together.',
    params: z.strictObject({}),
    result: hostDescription,
    errors: [],
  },
  'host.change': {
    synopsis: 'Changes what all invocations together may use, while they run.',
    params: z.strictObject({ budget }),
    result: hostDescription,
    errors: [],
  },
  'host.refill': {
    synopsis: 'Raises what all invocations together may use; those that stood still for want of it go on.',
    params: z.strictObject({ amounts }),
    result: hostDescription,
    errors: [],
  },
} as const satisfies Record<string, MethodDefinition>;
