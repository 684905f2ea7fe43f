// Exit statuses of the command line, from results and errors.
import type { ExecutionResult } from '../core/index';

export const EXIT_OK = 0;
/** An uncaught guest error or a trap. */
export const EXIT_ERROR = 1;
export const EXIT_COMPILE_ERROR = 2;
/** Wrong usage or an unreadable file (EX_USAGE). */
export const EXIT_USAGE = 64;
/** No server, or it went away (EX_UNAVAILABLE). */
export const EXIT_UNAVAILABLE = 69;
/** A limit has suspended it: it can go on (EX_TEMPFAIL). */
export const EXIT_SUSPENDED = 75;
/** Instructions or wall time ran out, as timeout(1) has it. */
export const EXIT_TIME = 124;
/** Any other limit. */
export const EXIT_LIMIT = 125;
/** Ended by SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** The status that a result stands for. */
export function exitStatusOf({ status, exitCode, error }: ExecutionResult): number {
  switch (status) {
    case 'ok':
      // The system keeps the lowest eight bits.
      return (exitCode ?? 0) & 255;
    case 'limit':
      return error?.resource === 'instructions' || error?.resource === 'wall_time' ? EXIT_TIME : EXIT_LIMIT;
    case 'cancelled':
      return EXIT_INTERRUPTED;
    case 'error':
      return error?.code.startsWith('argument.') ? EXIT_USAGE : EXIT_ERROR;
  }
}
