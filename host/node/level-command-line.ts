// The commands for tenants, functions' budgets and the host of a server, as commander has them.
import type { Command } from 'commander';
import { collectAmount, collectBudget, collectPolicy } from './limit-flags';
import type { BudgetCommandFlags, TenantSetFlags } from './remote/level-commands';
import type { RemoteFlags, TenantFlags } from './remote/session';
import { withBudget, withLimits, withServer, withTenant } from './shared-options';
import type { Terminal } from './terminal';

type Amounts = ReturnType<typeof collectAmount>;
type Finish = (status: number) => void;

const load = () => import('./remote/level-commands');

/** Adds them to a program. `finish` takes the exit status. */
export function addLevelCommands(program: Command, terminal: Terminal, finish: Finish): void {
  addTenant(program.command('tenant').description('the tenants of a server'), terminal, finish);
  addFunction(program.command('function').description("the functions' budgets on a server"), terminal, finish);
  addHost(program.command('host').description('what all functions of a server share'), terminal, finish);
}

function withAmounts(command: Command): Command {
  return command.argument('<amounts...>', 'NAME=AMOUNT: by how much each limit is raised', collectAmount);
}

function withNewBudget(command: Command): Command {
  return command
    .option('--budget <name=value>', 'a limit of all its invocations together (repeatable)', collectBudget)
    .option('--policy <name=policy>', 'kill, suspend or throttle what it stops (repeatable)', collectPolicy);
}

function addTenant(tenant: Command, terminal: Terminal, finish: Finish): void {
  withBudget(withLimits(withServer(tenant.command('set'))))
    .description('make a tenant, or change what is given of one while its functions run')
    .argument('<name>')
    .action(async (name: string, flags: TenantSetFlags) =>
      finish(await (await load()).setTenantCommand(terminal, name, flags)),
    );
  withServer(tenant.command('list'))
    .description('all tenants')
    .action(async (flags: RemoteFlags) => finish(await (await load()).listTenantsCommand(terminal, flags)));
  withServer(tenant.command('describe'))
    .description('one tenant: its limits, and what it has used')
    .argument('<name>')
    .action(async (name: string, flags: RemoteFlags) =>
      finish(await (await load()).describeTenantCommand(terminal, name, flags)),
    );
  withServer(tenant.command('remove'))
    .description('have a server forget a tenant and its functions')
    .argument('<name>')
    .action(async (name: string, flags: RemoteFlags) =>
      finish(await (await load()).removeTenantCommand(terminal, name, flags)),
    );
  withAmounts(withServer(tenant.command('refill')).argument('<name>'))
    .description("raise a tenant's budget; what stood still for want of it goes on")
    .action(async (name: string, amounts: Amounts, flags: RemoteFlags) =>
      finish(await (await load()).refillTenantCommand(terminal, name, amounts, flags)),
    );
}

function addFunction(fn: Command, terminal: Terminal, finish: Finish): void {
  withNewBudget(withTenant(withServer(fn.command('change'))))
    .description('change what all invocations of a function may use together, while they run')
    .argument('<name>')
    .action(async (name: string, flags: BudgetCommandFlags & TenantFlags) =>
      finish(await (await load()).changeFunctionCommand(terminal, name, flags)),
    );
  withAmounts(withTenant(withServer(fn.command('refill'))).argument('<name>'))
    .description("raise a function's budget; what stood still for want of it goes on")
    .action(async (name: string, amounts: Amounts, flags: TenantFlags) =>
      finish(await (await load()).refillFunctionCommand(terminal, name, amounts, flags)),
    );
}

function addHost(host: Command, terminal: Terminal, finish: Finish): void {
  withServer(host.command('describe'))
    .description('the limits of a server, and what all its functions have used')
    .action(async (flags: RemoteFlags) => finish(await (await load()).describeHostCommand(terminal, flags)));
  withNewBudget(withServer(host.command('change')))
    .description('change what all functions may use together, while they run')
    .action(async (flags: BudgetCommandFlags) => finish(await (await load()).changeHostCommand(terminal, flags)));
  withAmounts(withServer(host.command('refill')))
    .description('raise what all functions may use together; what stood still for want of it goes on')
    .action(async (amounts: Amounts, flags: RemoteFlags) =>
      finish(await (await load()).refillHostCommand(terminal, amounts, flags)),
    );
}
