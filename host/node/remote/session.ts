// What the commands that need a server share: its address, a connection for as long as they work, and words for when
// there is none.
import { DeployError, SnapshotError } from '../../core/index';
import { type Client, ConnectionError, connect, DEFAULT_URL, RemoteError, type RemoteTenant } from '../client';
import { EXIT_COMPILE_ERROR, EXIT_ERROR, EXIT_UNAVAILABLE, EXIT_USAGE } from '../exit-status';
import { UsageError } from '../source-file';
import { type Terminal, writeAll } from '../terminal';

export interface RemoteFlags {
  readonly url?: string;
  readonly json?: true;
}

/** Of commands for a tenant's functions. */
export interface TenantFlags extends RemoteFlags {
  readonly tenant?: string;
}

/** The tenant that a command is for. */
export function tenantOf(client: Client, { tenant }: TenantFlags): RemoteTenant {
  return client.tenantNamed(tenant ?? 'default');
}

/** Connects, works and closes; answers the exit status. What the server refuses is reported; throws UsageError. */
export async function withServer(
  terminal: Terminal,
  flags: RemoteFlags,
  work: (client: Client) => Promise<number>,
): Promise<number> {
  let client: Client | undefined;
  try {
    client = await connectTo(flags.url ?? DEFAULT_URL);
    return await work(client);
  } catch (error) {
    return await report(terminal, flags, error);
  } finally {
    await client?.close();
  }
}

async function connectTo(url: string): Promise<Client> {
  try {
    return await connect(url);
  } catch (cause) {
    // `new URL` and our own check of it.
    if (cause instanceof TypeError) throw new UsageError(`'${url}' is no address of a server`, { cause });
    throw cause;
  }
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'function.unknown': EXIT_USAGE,
  'tenant.unknown': EXIT_USAGE,
  'tenant.name': EXIT_USAGE,
  'params.invalid': EXIT_USAGE,
  'deploy.compile': EXIT_COMPILE_ERROR,
  'deploy.module': EXIT_COMPILE_ERROR,
};

async function report(terminal: Terminal, { url, json }: RemoteFlags, error: unknown): Promise<number> {
  const isRefusal = error instanceof RemoteError || error instanceof DeployError || error instanceof SnapshotError;
  if (!isRefusal && !(error instanceof ConnectionError)) throw error;
  // Of what does not compile the command line shows more than a message.
  if (error instanceof DeployError && error.diagnostics.length > 0 && !json) throw error;
  await writeAll(terminal.stderr, `gazelle: ${wordsFor(error, url)}\n`);
  if (json) await writeAll(terminal.stdout, `${JSON.stringify({ error: describe(error) })}\n`);
  if (error instanceof ConnectionError) return error.code === 'connection.size' ? EXIT_USAGE : EXIT_UNAVAILABLE;
  if (error instanceof SnapshotError) return EXIT_COMPILE_ERROR;
  return STATUS_BY_CODE[error.code] ?? (error instanceof DeployError ? EXIT_USAGE : EXIT_ERROR);
}

function wordsFor(error: Error, url: string | undefined): string {
  if (error instanceof RemoteError && error.code === 'tenant.unknown') {
    return `${error.message.split(';', 1)[0]}\n\`gazelle tenant set NAME\` makes one.`;
  }
  if (!(error instanceof ConnectionError) || error.code !== 'connection.failed') return error.message;
  const hint =
    url === undefined
      ? 'Start a server with `gazelle serve`, or say with --url where one is.'
      : 'Is that where a server is? `gazelle serve` prints its address.';
  return `${error.message}\n${hint}`;
}

function describe(error: RemoteError | DeployError | SnapshotError | ConnectionError): object {
  const { code, message } = error;
  if (error instanceof DeployError) return { code, message, diagnostics: error.diagnostics };
  return error instanceof RemoteError ? { ...error.data, code, message } : { code, message };
}
