// What a language is to the host: a plain object. Third parties write their own and load them by name at start.
import type { Module } from '../vm/index';
import type { Diagnostic } from './diagnostics';

/** Files by path (`/`-separated, relative, no `..`), as bytes. */
export type FileSet = Readonly<Record<string, Uint8Array>>;

/** What a compilation may use and how much of it. */
export interface CompileOptions {
  /** The name of the source in messages and traces. */
  fileName: string;
  /** The function's own files: what `#include` and `require` see. */
  files?: FileSet;
  /** Largest source, included files counted each time, in bytes; default 16 MiB. */
  maxSourceBytes?: number;
  /** Warnings to turn on, by the language's own names; names that it does not know mean nothing. */
  warnings?: readonly string[];
}

/** A verified-to-be module, with warnings; or nothing but diagnostics, at least one of them an error. */
export type CompileResult =
  | { module: Module; diagnostics: readonly Diagnostic[] }
  | { module?: undefined; diagnostics: readonly Diagnostic[] };

/** A language. `compile` never throws for a bad source: it returns diagnostics. */
export interface Frontend {
  name: string;
  extensions: readonly string[];
  compile(source: Uint8Array, options: CompileOptions): CompileResult;
  /** The language's library: modules linked before the function's own. Built once, on first use. */
  library?(): readonly Module[];
}
