// The host's errors and their stable codes, in one table; docs/errors.md is generated from it and the machine's tables.
import type { Diagnostic } from '../../frontends/diagnostics';
import { CROSSING_REASONS, type CrossingReason, LIMIT_ERRORS, TRAP_COUNT, trapDefinition } from '../../vm/index';

/** What `host.deploy`, `host.tenant` and their kin throw, by code. */
export const HOST_ERRORS = {
  'deploy.name': 'a name must match [A-Za-z0-9._-]{1,128}',
  'deploy.language': 'no frontend for this language is registered',
  'deploy.source': 'the source is missing, of a wrong type, or too large',
  'deploy.compile': 'the source does not compile; `diagnostics` says why',
  'deploy.compile_time': 'compiling the source takes longer than it may',
  'deploy.compile_memory': 'compiling the source takes more memory than there is for it',
  'deploy.module': 'the module was refused by the decoder, the verifier or the linker',
  'deploy.files': 'a file has a path or contents that are not allowed, or there are too many',
  'deploy.functions': 'a host function has a name that is not allowed, or is no function',
  'deploy.limits': 'a limit is unknown or out of range',
  'deploy.capabilities': 'a capability does not exist',
  'tenant.name': 'the name of a tenant must match [A-Za-z0-9._-]{1,128}',
  'deploy.http': 'a rule or address of `http` is none',
  'deploy.invoke': 'a name in `invoke` is none',
  'deploy.initialise': 'the top-level code did not end well, or has returned no function',
  'host.closed': 'the host is closed',
  'host.shared_memory':
    'workers need shared memory, which a page has when it is isolated: serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or make the host with workers: 0',
  'worker.failed': 'the thread that ran it has failed',
} as const;

export type HostErrorCode = keyof typeof HOST_ERRORS;

/** Codes of `result.error` beside those of traps and limits. */
export const EXECUTION_ERRORS: Readonly<Record<string, string>> = {
  guest_error: "an error of the guest's language that nobody caught",
  capability_denied: 'a syscall needs a capability that the deployment does not grant; `capability` names it',
  cancelled: 'the execution was cancelled, by `cancel()` or its signal, or by closing the host',
  'syscall.failed': 'a syscall failed in a way that its caller cannot handle',
  ...crossingErrors('argument', ['kind', 'cycle', 'depth', 'size', 'range', 'count']),
  ...crossingErrors('result', ['kind', 'cycle', 'depth', 'size', 'key']),
};

function crossingErrors(what: 'argument' | 'result', reasons: readonly CrossingReason[]): Record<string, string> {
  return Object.fromEntries(reasons.map((reason) => [`${what}.${reason}`, `the ${what} ${CROSSING_REASONS[reason]}`]));
}

/** Every code that `result.error` can have, with what it means. */
export function executionErrorCodes(): [code: string, meaning: string][] {
  const traps = Array.from({ length: TRAP_COUNT }, (_, number) => trapDefinition(number));
  const machine = [...Object.values(LIMIT_ERRORS), ...traps.filter((trap) => trap.resource === null)];
  return [
    ...machine.map(({ code, message }): [string, string] => [code, message]),
    ...Object.entries(EXECUTION_ERRORS),
  ];
}

/** An error of the host's interface, known by its code. */
export class HostError extends Error {
  override readonly name: string = 'HostError';
  constructor(
    readonly code: HostErrorCode,
    detail = '',
    options?: ErrorOptions,
  ) {
    super(detail === '' ? HOST_ERRORS[code] : detail, options);
  }
}

/** A function that cannot be deployed. Nothing has changed: what was deployed under its name still is. */
export class DeployError extends HostError {
  override readonly name = 'DeployError';
  constructor(
    code: HostErrorCode,
    detail = '',
    /** What the compiler says, of `deploy.compile`; warnings included. */
    readonly diagnostics: readonly Diagnostic[] = [],
    options?: ErrorOptions,
  ) {
    super(code, detail, options);
  }
}
