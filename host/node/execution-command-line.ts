// The commands that have a server execute: execute and restore, as commander has them.
import type { Command } from 'commander';
import { parseCount, parseJson } from './option-values';
import type { ExecuteFlags, RestoreFlags } from './remote/execute-command';
import { withLimits, withRefill, withServer, withSuspension, withTenant } from './shared-options';
import type { Terminal } from './terminal';

/** Adds them to a program. `finish` takes the exit status. */
export function addExecutionCommands(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  const load = () => import('./remote/execute-command');
  const execute = withTenant(withServer(program.command('execute')));
  withSuspension(withLimits(execute))
    .description('call a function of a server')
    .argument('<name>')
    .argument('[args...]', 'what the function gets, as text (sm: numbers)')
    .option('-n, --count <n>', 'so many times at once; with --json one list', parseCount)
    .option('--arg-json <json>', 'a JSON value in place of the arguments', parseJson)
    .option('--stdin-file <file>', "standard input from a file; - is the command's own, read to its end first")
    .action(async (name: string, args: string[], flags: ExecuteFlags) =>
      finish(await (await load()).executeCommand(terminal, name, args, flags)),
    );
  withRefill(withSuspension(withTenant(withServer(program.command('restore')))))
    .description('go on with what --suspend-to has saved, on a server that has the function')
    .argument('<snapshot>')
    .action(async (file: string, flags: RestoreFlags) =>
      finish(await (await load()).restoreCommand(terminal, file, flags)),
    );
}
