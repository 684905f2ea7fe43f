// `gazelle serve`: a server until SIGINT or SIGTERM.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT_OK, EXIT_UNAVAILABLE } from './exit-status';
import { readFunctionRoot } from './function-roots';
import { type BudgetFlags, tenantOptionsFromFlags } from './limit-flags';
import { type Server, startServer } from './server/index';
import { importFrontends, UsageError } from './source-file';
import { readTenants } from './tenants-file';
import { type Terminal, writeAll } from './terminal';

export interface ServeFlags extends BudgetFlags {
  readonly host: string;
  readonly port: number;
  readonly workers?: number;
  readonly frontend: readonly string[];
  readonly allowHost: readonly string[];
  readonly privateAddress: readonly string[];
  readonly deploy: readonly string[];
  /** A file of tenants. */
  readonly tenants?: string;
  readonly json?: true;
}

/** Serves until the user stops it. Throws UsageError and DeployError. */
export async function serveCommand(terminal: Terminal, flags: ServeFlags): Promise<number> {
  const frontends = await importFrontends(flags.frontend);
  const { limits, budget } = tenantOptionsFromFlags(flags);
  const tenants = flags.tenants === undefined ? {} : readTenants(flags.tenants);
  let server: Server;
  try {
    const { host, port, workers, allowHost: allowedHosts, privateAddress: privateAddresses } = flags;
    server = await startServer({
      host,
      port,
      allowedHosts,
      privateAddresses,
      frontends,
      pages: playgroundFolder(),
      tenants,
      ...(workers !== undefined && { workers }),
      ...(limits !== undefined && { limits }),
      ...(budget !== undefined && { budget }),
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    await writeAll(terminal.stderr, `gazelle: cannot serve: ${(error as Error).message}\n`);
    return EXIT_UNAVAILABLE;
  }
  try {
    const stopped = new Promise<void>((resolve) => terminal.onStop(resolve));
    const count = await deployFolders(server, flags.deploy);
    await writeAll(terminal.stdout, flags.json ? readyJson(server) : readyText(server, count));
    await stopped;
  } finally {
    await server.close();
  }
  return EXIT_OK;
}

/** Where the build puts the playground: beside the program. */
function playgroundFolder(): string {
  return join(dirname(fileURLToPath(import.meta.url)), 'playground');
}

async function deployFolders(server: Server, roots: readonly string[]): Promise<number> {
  let count = 0;
  for (const root of roots) {
    for (const { options, entry } of readFunctionRoot(root).folders) {
      await server.deploy({ ...options, fileName: entry });
      count++;
    }
  }
  return count;
}

function readyJson({ address, url, port }: Server): string {
  return `${JSON.stringify({ address, url, port, pid: process.pid })}\n`;
}

function readyText({ address, url }: Server, count: number): string {
  const lines = [`Serving at ${url}`];
  if (existsSync(playgroundFolder())) lines.push(`Playground at ${address}/`);
  if (count > 0) lines.push(`Functions deployed: ${count}`);
  return `${lines.join('\n')}\n`;
}
