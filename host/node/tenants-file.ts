// A file of tenants, for `gazelle serve --tenants`: JSON, checked by the schemas of the protocol.
import type { TenantOptions } from '../core/index';
import { tenantsFile } from '../protocol/schemas';
import { budgetFromWire, limitsFromWire } from './server/wire-values';
import { readFile, UsageError } from './source-file';

/** The tenants by name; null is no limit, as in messages. Throws UsageError that says where the file is wrong. */
export function readTenants(file: string): Record<string, TenantOptions> {
  const checked = tenantsFile.safeParse(parse(file));
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    throw new UsageError(`${file}: ${[...path.map(String), message].join(': ')}`);
  }
  const entries = Object.entries(checked.data).map(([name, { limits, budget, weight }]) => [
    name,
    {
      ...(limits !== undefined && { limits: limitsFromWire(limits) }),
      ...(budget !== undefined && { budget: budgetFromWire(budget) }),
      ...(weight !== undefined && { weight }),
    },
  ]);
  return Object.fromEntries(entries);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readFile(file)));
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`${file}: ${(cause as Error).message}`, { cause });
  }
}
