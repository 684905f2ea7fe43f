// Options that several commands have, as commander has them.
import type { Command } from 'commander';
import { collectBudget, collectLimit, collectPolicy, collectRefill } from './limit-flags';
import { parseCount, parseSize, parseTime, parseWeight } from './option-values';

/** Of all that ask a server. */
export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'where the server is; by default on this machine')
    .option('--json', 'print JSON');
}

/** Of those for a tenant's functions. */
export function withTenant(command: Command): Command {
  return command.option('--tenant <name>', "whose; 'default' without it");
}

/** Limits of each invocation. */
export function withLimits(command: Command): Command {
  return command
    .option('--instructions <n>', 'at most so many instructions', parseCount)
    .option('--memory <size>', 'at most so much memory: bytes, or KiB, MiB, GiB', parseSize)
    .option('--wall <time>', 'at most so long: milliseconds, or s, min', parseTime)
    .option('--limit <name=value>', 'a limit of each invocation (repeatable)', collectLimit)
    .option('--policy <name=policy>', 'kill, suspend or throttle what a limit stops (repeatable)', collectPolicy);
}

/** What all invocations together may use. */
export function withBudget(command: Command): Command {
  return command
    .option('--budget <name=value>', 'a limit of all its invocations together (repeatable)', collectBudget)
    .option('--weight <w>', "its part of the machine's time beside that of others", parseWeight);
}

/** Of those that may leave an execution as a file, or go on from one. */
export function withSuspension(command: Command): Command {
  return command.option('--suspend-to <file>', 'when a limit suspends it, save it to FILE and end with 75');
}

export function withRefill(command: Command): Command {
  return command.option('--refill <name=amount>', 'raise a limit of it first (repeatable)', collectRefill);
}
