// The commands around a server, as commander has them: serve, and those that ask one. Their code is loaded when one of them
// is called, so that `gazelle run` starts without it.
import type { Command } from 'commander';
import { DEFAULT_PORT } from '../protocol/constants';
import { append, parseCount, parseJson, parsePort, parseSize } from './option-values';
import type { DeployFlags } from './remote/deploy-command';
import type { ExecuteFlags } from './remote/execute-command';
import type { LogsFlags } from './remote/function-commands';
import type { RemoteFlags } from './remote/session';
import type { ServeFlags } from './serve-command';
import type { Terminal } from './terminal';

/** The options of all that ask a server. */
function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'where the server is; by default on this machine')
    .option('--json', 'print JSON');
}

function withLimits(command: Command): Command {
  return command
    .option('--instructions <n>', 'at most so many instructions', parseCount)
    .option('--memory <size>', 'at most so much memory: bytes, or KiB, MiB, GiB', parseSize)
    .option('--wall <ms>', 'at most so many milliseconds', parseCount);
}

/** Adds them to a program. `finish` takes the exit status. */
export function addServerCommands(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  addServe(program, terminal, finish);
  addDeploy(program, terminal, finish);
  addExecute(program, terminal, finish);
  const load = () => import('./remote/function-commands');
  withServer(program.command('list'))
    .description('what is deployed on a server')
    .action(async (flags: RemoteFlags) => finish(await (await load()).listCommand(terminal, flags)));
  withServer(program.command('describe'))
    .description('one function of a server')
    .argument('<name>')
    .action(async (name: string, flags: RemoteFlags) =>
      finish(await (await load()).describeCommand(terminal, name, flags)),
    );
  withServer(program.command('remove'))
    .description('have a server forget a function')
    .argument('<name>')
    .action(async (name: string, flags: RemoteFlags) =>
      finish(await (await load()).removeCommand(terminal, name, flags)),
    );
  withServer(program.command('logs'))
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
    .option('--allow-host <name>', 'a further name under which clients may call it (repeatable)', append, [])
    .option(
      '--private-address <address>',
      'an IP address with a port that functions may ask over HTTP (repeatable)',
      append,
      [],
    )
    .option('--frontend <module>', 'a JavaScript module that exports a further language (repeatable)', append, [])
    .option('--deploy <dir>', 'deploy the functions in the folders of DIR (repeatable)', append, [])
    .option('--json', 'print the address as one JSON object')
    .action(async (flags: ServeFlags) => {
      const { serveCommand } = await import('./serve-command');
      finish(await serveCommand(terminal, flags));
    });
}

function addDeploy(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  withLimits(withServer(program.command('deploy')))
    .description('deploy to a server: LANGUAGE NAME FILE, or DIR with a manifest.json or folders that have one')
    .argument('<words...>', 'LANGUAGE NAME FILE, or DIR')
    .option('--capability <name>', 'let it use the clock, random or sleep (repeatable)', append, [])
    .action(async (words: string[], flags: DeployFlags) => {
      const { deployCommand } = await import('./remote/deploy-command');
      finish(await deployCommand(terminal, words, flags));
    });
}

function addExecute(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  withLimits(withServer(program.command('execute')))
    .description('call a function of a server')
    .argument('<name>')
    .argument('[args...]', 'what the function gets, as text (sm: numbers)')
    .option('-n, --count <n>', 'so many times at once; with --json one list', parseCount)
    .option('--arg-json <json>', 'a JSON value in place of the arguments', parseJson)
    .option('--stdin-file <file>', "standard input from a file; - is the command's own, read to its end first")
    .action(async (name: string, args: string[], flags: ExecuteFlags) => {
      const { executeCommand } = await import('./remote/execute-command');
      finish(await executeCommand(terminal, name, args, flags));
    });
}
