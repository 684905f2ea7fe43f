// Compiles sm sources for tests, and shows what became of them: instructions, or diagnostics.
import type { Diagnostic } from '../../../frontends/diagnostics';
import { stackFrontend } from '../../../frontends/stack/index';
import { disassembleFunction } from '../../../vm/disassembler';
import type { Module } from '../../../vm/index';
import { verifyModule } from '../../../vm/verifier';

/** Compiles a source that must compile without a word, to a module that the verifier accepts. */
export function compile(source: string | Uint8Array): Module {
  const { module, diagnostics } = stackFrontend.compile(toBytes(source), { fileName: 'f.sm' });
  if (module === undefined || diagnostics.length > 0) throw new Error(diagnostics.map(shortText).join('\n'));
  verifyModule(module);
  return module;
}

/** The diagnostics of a source, as `line:column code`. */
export function diagnose(source: string | Uint8Array): string[] {
  const { module, diagnostics } = stackFrontend.compile(toBytes(source), { fileName: 'f.sm' });
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  if (hasErrors !== (module === undefined)) throw new Error('errors and a module exclude each other');
  return diagnostics.map(({ line, column, code }) => `${line}:${column} ${code.replace(/^sm\./, '')}`);
}

/** The instructions of function `index`: `i32.add r1, r0, r0`; labels as `L1:`. */
export function listing(module: Module, index = 0): string[] {
  return disassembleFunction(module, index, { compact: true })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('.') && !line.trimStart().startsWith('.'))
    .map((line) => line.replace(/;.*/, '').trim().replace(/\s+/g, ' '));
}

function shortText({ line, column, code, message }: Diagnostic): string {
  return `${line}:${column}: ${code}: ${message}`;
}

function toBytes(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? new TextEncoder().encode(source) : source;
}
