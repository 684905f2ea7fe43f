// What the page and its worker say to each other: plain data. The page asks, each question with a number of its own,
// and the worker answers with the same number.
import type { Diagnostic, ExecutionResult, Limits } from 'gazelle/browser';

/** A source text as the page has it. */
export interface SourceProgram {
  /** Of the function; the file is called so, with the language's extension. */
  readonly name: string;
  readonly language: string;
  readonly source: string;
  /** Further files by relative path: what `#include` and the file syscalls see. */
  readonly files: Readonly<Record<string, string>>;
}

/** How a function is called. */
export interface Call {
  readonly argument?: unknown;
  readonly args?: readonly string[];
  readonly stdin: string;
  readonly limits: Partial<Limits>;
  readonly capabilities: readonly string[];
}

export type Question =
  | { readonly type: 'compile'; readonly id: number; readonly program: SourceProgram; readonly wantsAssembly: boolean }
  | { readonly type: 'run'; readonly id: number; readonly program: SourceProgram; readonly call: Call }
  | { readonly type: 'cancel'; readonly id: number };

/** What a compilation came to. `failure` is for what is not at a place in the source. */
export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  readonly assembly: string | null;
  readonly failure: string | null;
}

/** What a run came to: it was refused before it began, or it has a result. */
export type RunOutcome =
  | { readonly type: 'refused'; readonly failure: string | null; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly type: 'ended';
      readonly result: ExecutionResult;
      /** Those that were in force. */
      readonly limits: Limits;
      readonly fileName: string;
      readonly diagnostics: readonly Diagnostic[];
      /** Bytes of output that were not sent to the page. */
      readonly omittedBytes: number;
    };

/** What the page must know of the machine before it can show its fields. */
export interface MachineDescription {
  readonly languages: readonly string[];
  readonly capabilities: readonly string[];
  readonly limits: Limits;
}

export type Answer =
  | { readonly type: 'ready'; readonly machine: MachineDescription }
  | { readonly type: 'compiled'; readonly id: number; readonly compilation: Compilation }
  | { readonly type: 'output'; readonly id: number; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'ended'; readonly id: number; readonly outcome: RunOutcome };

/** What the function's file is called. Instruction counts may depend on it: messages contain it. */
export function fileNameOf(program: SourceProgram): string {
  return `${program.name}.${program.language}`;
}
