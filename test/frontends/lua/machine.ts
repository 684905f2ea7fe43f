// Runs Lua on the machine, through the host's API, for tests that look at output and errors.
import { createHost } from '../../../host/core/index';

export interface MachineResult {
  stdout: string;
  /** The message of whatever ended it; null when it ended by itself. */
  error: string | null;
  status: string;
  instructions: number;
}

const host = await createHost();

/** Runs a source as a file of that name. Compile errors throw. */
export async function runOnMachine(source: string | Uint8Array, fileName: string): Promise<MachineResult> {
  const { stdout, error, status, usage } = await host.run({ language: 'lua', source, fileName });
  const text = typeof stdout === 'string' ? stdout : new TextDecoder().decode(stdout);
  return { stdout: text, error: error?.message ?? null, status, instructions: usage.instructions };
}
