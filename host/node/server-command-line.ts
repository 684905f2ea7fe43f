// The commands around a server, as commander has them: serve, and those that ask one. Their code is loaded when one of them
// is called, so that `gazelle run` starts without it.
import type { Command } from 'commander';
import { DEFAULT_PORT } from '../protocol/constants';
import { addExecutionCommands } from './execution-command-line';
import { addLevelCommands } from './level-command-line';
import { collectBudget, collectLimit, collectPolicy } from './limit-flags';
import { append, parsePort, parseWorkers } from './option-values';
import type { DeployFlags } from './remote/deploy-command';
import type { LogsFlags } from './remote/function-commands';
import type { TenantFlags } from './remote/session';
import type { ServeFlags } from './serve-command';
import { withBudget, withLimits, withServer, withTenant } from './shared-options';
import type { Terminal } from './terminal';
import { withWarnings } from './warnings';

/** Adds them to a program. `finish` takes the exit status. */
export function addServerCommands(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  addServe(program, terminal, finish);
  addDeploy(program, terminal, finish);
  addExecutionCommands(program, terminal, finish);
  addLevelCommands(program, terminal, finish);
  const load = () => import('./remote/function-commands');
  withTenant(withServer(program.command('list')))
    .description('what is deployed on a server')
    .action(async (flags: TenantFlags) => finish(await (await load()).listCommand(terminal, flags)));
  withTenant(withServer(program.command('describe')))
    .description('one function of a server')
    .argument('<name>')
    .action(async (name: string, flags: TenantFlags) =>
      finish(await (await load()).describeCommand(terminal, name, flags)),
    );
  withTenant(withServer(program.command('remove')))
    .description('have a server forget a function')
    .argument('<name>')
    .action(async (name: string, flags: TenantFlags) =>
      finish(await (await load()).removeCommand(terminal, name, flags)),
    );
  withTenant(withServer(program.command('logs')))
    .description('what all executions of a function write')
    .argument('<name>')
    .option('-f, --follow', 'as it comes (required: nothing is kept)')
    .action(async (name: string, flags: LogsFlags) => finish(await (await load()).logsCommand(terminal, name, flags)));
}

function addServe(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  program
    .command('serve')
    .description('serve functions over a WebSocket, until SIGINT or SIGTERM')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <n>', 'the port; 0 takes any that is free', parsePort, DEFAULT_PORT)
    .option('--workers <n>', 'threads for long calls; by default one for each core but one', parseWorkers)
    .option('--allow-host <name>', 'a further name under which clients may call it (repeatable)', append, [])
    .option(
      '--private-address <address>',
      'an IP address with a port that functions may ask over HTTP (repeatable)',
      append,
      [],
    )
    .option('--frontend <module>', 'a JavaScript module that exports a further language (repeatable)', append, [])
    .option('--deploy <dir>', 'deploy the functions in the folders of DIR (repeatable)', append, [])
    .option('--budget <name=value>', 'a limit of all functions together (repeatable)', collectBudget)
    .option('--limit <name=value>', 'a limit of each invocation that has no other (repeatable)', collectLimit)
    .option('--policy <name=policy>', 'kill, suspend or throttle what a limit stops (repeatable)', collectPolicy)
    .option('--tenants <file>', 'tenants, as JSON: { NAME: { limits, budget, weight } }')
    .option('--json', 'print the address as one JSON object')
    .action(async (flags: ServeFlags) => {
      const { serveCommand } = await import('./serve-command');
      finish(await serveCommand(terminal, flags));
    });
}

function addDeploy(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  withWarnings(withBudget(withLimits(withTenant(withServer(program.command('deploy'))))))
    .description('deploy to a server: LANGUAGE NAME FILE, or DIR with a manifest.json or folders that have one')
    .argument('<words...>', 'LANGUAGE NAME FILE, or DIR')
    .option('--capability <name>', 'let it use the clock, random or sleep (repeatable)', append, [])
    .option('--initialise', 'run its top-level code once, now; calls go on in the function that it returns')
    .action(async (words: string[], flags: DeployFlags) => {
      const { deployCommand } = await import('./remote/deploy-command');
      finish(await deployCommand(terminal, words, flags));
    });
}
