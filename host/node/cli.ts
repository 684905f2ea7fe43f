#!/usr/bin/env node
// The program `gazelle`: the command line on this process's streams.
import { runCommandLine } from './command-line';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(listener) {
    process.once('SIGINT', listener);
    return () => process.removeListener('SIGINT', listener);
  },
  onStop(listener) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, listener);
  },
});
