// `gazelle list`, `describe`, `remove` and `logs`: what is on a server, and what it writes.
import type { FunctionDescription } from '../../core/index';
import { formatError } from '../../core/index';
import type { FunctionBudget, FunctionLogEvent } from '../client';
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from '../exit-status';
import { UsageError } from '../source-file';
import { type Terminal, write, writeAll } from '../terminal';
import { formatLimits } from './limit-table';
import { type TenantFlags, tenantOf, withServer } from './session';

export function listCommand(terminal: Terminal, flags: TenantFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const functions = await tenantOf(client, flags).list();
    const text = flags.json ? `${JSON.stringify(functions)}\n` : formatList(functions);
    await writeAll(terminal.stdout, text);
    return EXIT_OK;
  });
}

export function describeCommand(terminal: Terminal, name: string, flags: TenantFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const tenant = tenantOf(client, flags);
    const { language, id, limits, capabilities, diagnostics } = await tenant.find(name);
    const budget = await tenant.budgetOf(name);
    const description = { name, language, id, limits, capabilities, diagnostics, ...budget };
    await writeAll(terminal.stdout, flags.json ? `${JSON.stringify(description)}\n` : formatDescription(description));
    return EXIT_OK;
  });
}

export function removeCommand(terminal: Terminal, name: string, flags: TenantFlags): Promise<number> {
  return withServer(terminal, flags, async (client) => {
    const removed = await tenantOf(client, flags).remove(name);
    if (flags.json) await writeAll(terminal.stdout, `${JSON.stringify({ removed })}\n`);
    if (!removed) await writeAll(terminal.stderr, `gazelle: no function '${name}' is deployed\n`);
    return removed ? EXIT_OK : EXIT_USAGE;
  });
}

export interface LogsFlags extends TenantFlags {
  readonly follow?: true;
}

/** Until the user interrupts, or the server ends. With --json a line of JSON for each event. Throws UsageError. */
export async function logsCommand(terminal: Terminal, name: string, flags: LogsFlags): Promise<number> {
  if (!flags.follow) throw new UsageError('nothing is kept of past executions: use `logs -f` to see what comes');
  let isStopped = false;
  return withServer(terminal, flags, async (client) => {
    const stop = () => {
      isStopped = true;
      client.close();
    };
    const ignoreInterrupts = terminal.onInterrupt(stop);
    for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', stop);
    try {
      for await (const event of tenantOf(client, flags).logs(name)) await showEvent(terminal, event, flags);
    } catch (error) {
      if (!isStopped) throw error;
    } finally {
      ignoreInterrupts();
    }
    return EXIT_INTERRUPTED;
  });
}

async function showEvent(terminal: Terminal, event: FunctionLogEvent, { json }: LogsFlags): Promise<void> {
  if (json) {
    const { bytes: _, ...data } = event as Extract<FunctionLogEvent, { type: 'output' }>;
    await write(terminal.stdout, Buffer.from(`${JSON.stringify(data)}\n`));
  } else if (event.type === 'output') {
    if (event.dropped > 0) await writeAll(terminal.stderr, `gazelle: ${event.dropped} bytes were left out\n`);
    await write(terminal[event.stream], event.bytes);
  } else if (event.error !== undefined) {
    await writeAll(terminal.stderr, `gazelle: ${event.execution}: ${formatError(event.error)}\n`);
  }
}

function formatList(functions: readonly FunctionDescription[]): string {
  const rows = functions.map(({ name, language, id }) => [name, language, id.slice(0, 12)]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows
    .map(([name, language, id]) => `${name!.padEnd(widths[0]!)}  ${language!.padEnd(widths[1]!)}  ${id}\n`)
    .join('');
}

function formatDescription(description: FunctionDescription & FunctionBudget): string {
  const { name, language, id, capabilities } = description;
  const lines = [
    ['name', name],
    ['language', language],
    ['id', id],
    ['capabilities', capabilities.length === 0 ? 'none' : capabilities.join(', ')],
  ];
  const text = lines.map(([label, value]) => `${label!.padEnd(13)}${value}\n`).join('');
  return `${text}\n${formatLimits(description)}`;
}
