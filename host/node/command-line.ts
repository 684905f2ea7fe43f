// The command line: parses it, calls the commands, and turns what they throw into messages and exit statuses. Touches no
// stream of the process by itself; cli.ts gives it those.
import { Command, CommanderError } from 'commander';
import { DeployError, SnapshotError, UNUSED } from '../core/index';
import { EXIT_COMPILE_ERROR, EXIT_OK, EXIT_USAGE } from './exit-status';
import { FunctionFolderError } from './function-folder';
import { compileCommand, disassembleCommand, type ModuleFlags } from './module-commands';
import { append, parseJson } from './option-values';
import { type RunFlags, runCommand } from './run-command';
import { addServerCommands } from './server-command-line';
import { withLimits, withRefill, withSuspension } from './shared-options';
import { UsageError } from './source-file';
import { type Terminal, writeAll } from './terminal';
import { showDiagnostics, withWarnings } from './warnings';

/** A command with the options that all have. */
function withSource(command: Command): Command {
  return withWarnings(command)
    .argument('<file>', 'a source, or a compiled module')
    .option('--language <name>', "the source's language; by default told by the file's ending")
    .option('--frontend <module>', 'a JavaScript module that exports a further language (repeatable)', append, []);
}

function createProgram(terminal: Terminal, finish: (status: number) => void): Command {
  const program = new Command('gazelle')
    .description('Runs functions in sm, Lua and C, isolated and limited.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('(gazelle --help, gazelle run --help)');
  withSource(withLimits(withRefill(withSuspension(program.command('run')))))
    .description('run a function; options may stand before or after FILE, -- ends them')
    .argument('[args...]', 'what the function gets, as text (sm: numbers)')
    .option('--arg-json <json>', 'a JSON value in place of the arguments', parseJson)
    .option('--stdin-file <file>', 'standard input from a file')
    .option('--snapshot <file>', 'go on from what --suspend-to has saved')
    .option('--initialise', 'run the top-level code first, and then the function that it returns')
    .option('--allow-http <rule>', 'what it may reach: [METHOD,...@]HOST[:PORT], * for all (repeatable)', append, [])
    .option('--private-address <address>', 'an IP address with a port that it may reach (repeatable)', append, [])
    .option('--json', "print one JSON object: the execution's result")
    .action(async (file: string, args: string[], flags: RunFlags) =>
      finish(await runCommand(terminal, file, args, flags)),
    );
  withSource(program.command('disasm'))
    .description('print the assembly of a source or a module')
    .action(async (file: string, flags: ModuleFlags) => finish(await disassembleCommand(terminal, file, flags)));
  withSource(program.command('compile'))
    .description('compile a source to a module, which `run` takes too')
    .requiredOption('-o, --output <module>', 'where the module goes')
    .action(async (file: string, flags: ModuleFlags & { output: string }) =>
      finish(await compileCommand(terminal, file, flags.output, flags)),
    );
  addServerCommands(program, terminal, finish);
  return program;
}

/** Runs the command line `args` (without the program's own name); answers the exit status. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let status = EXIT_OK;
  try {
    await createProgram(terminal, (result) => {
      status = result;
    }).parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return report(terminal, error, args.includes('--json'));
  }
}

/** Says what is wrong on stderr. A defect of ours is thrown on. */
async function report(terminal: Terminal, error: unknown, isJson: boolean): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  if (error instanceof UsageError || error instanceof FunctionFolderError) {
    await writeAll(terminal.stderr, `gazelle: ${error.message}\n`);
    return EXIT_USAGE;
  }
  if (error instanceof SnapshotError) {
    await writeAll(terminal.stderr, `gazelle: ${error.message}\n`);
    return EXIT_COMPILE_ERROR;
  }
  if (!(error instanceof DeployError)) throw error;
  const { code, message, diagnostics } = error;
  if (diagnostics.length === 0) await writeAll(terminal.stderr, `gazelle: ${message}\n`);
  await showDiagnostics(terminal, diagnostics);
  if (code === 'deploy.language') return EXIT_USAGE;
  if (isJson) await writeAll(terminal.stdout, `${JSON.stringify(refusedResult(error))}\n`);
  return EXIT_COMPILE_ERROR;
}

/** What --json prints for a source that does not compile: the result of an execution that never began. */
function refusedResult({ code, message, diagnostics }: DeployError): object {
  const error = { code, message, stack: [], skippedFrames: 0, diagnostics };
  return { status: 'error', value: null, values: [], exitCode: null, stdout: '', stderr: '', usage: UNUSED, error };
}
