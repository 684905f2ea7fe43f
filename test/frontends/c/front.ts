// Helpers for the tests of the C frontend's phases: each phase alone, on texts.
import { check } from '../../../frontends/c/checker';
import { type CodeItem, isLabel, type Label } from '../../../frontends/c/code-list';
import { generateFunction } from '../../../frontends/c/generate-function';
import { IncludeResolver, SystemHeaders } from '../../../frontends/c/include';
import { parse } from '../../../frontends/c/parser';
import { preprocess } from '../../../frontends/c/preprocessor';
import { CompilationStopped, Report } from '../../../frontends/c/report';
import { createSourceFile } from '../../../frontends/c/source-file';
import { END } from '../../../frontends/c/token';
import type { CheckedUnit, FunctionSymbol } from '../../../frontends/c/typed-tree';
import { C_LIBRARY } from '../../../stdlib/c/index';

const headers = new SystemHeaders(C_LIBRARY.headers);
const encoder = new TextEncoder();

/** A phase's result together with what was reported. */
export interface Outcome<T> {
  value: T | undefined;
  report: Report;
}

function attempt<T>(run: (report: Report) => T): Outcome<T> {
  const report = new Report();
  try {
    return { value: run(report), report };
  } catch (error) {
    if (!(error instanceof CompilationStopped)) throw error;
    return { value: undefined, report };
  }
}

function tokens(text: string, files: Record<string, string>, report: Report) {
  const bytes = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, encoder.encode(content)]));
  const options = { report, resolver: new IncludeResolver(headers, bytes), maxSourceBytes: 1 << 24 };
  return preprocess(createSourceFile('test.c', encoder.encode(text)), options);
}

/** The preprocessed text, tokens with one space where there was some. */
export function preprocessed(text: string, files: Record<string, string> = {}): Outcome<string> {
  return attempt((report) => {
    const list = tokens(text, files, report).filter((token) => token.kind !== END);
    const spelled = list.map((token) => (token.spaceBefore || token.startsLine ? ` ${token.image}` : token.image));
    return spelled.join('').trim();
  });
}

/** The checked unit of `text`. */
export function checked(text: string, files: Record<string, string> = {}): Outcome<CheckedUnit> {
  return attempt((report) => {
    const tree = parse(tokens(text, files, report), report);
    if (report.hasErrors) return undefined as unknown as CheckedUnit;
    return check(tree, report);
  });
}

/** `line:column code` of each diagnostic. */
export function diagnosed(text: string, files: Record<string, string> = {}): string[] {
  return summary(checked(text, files).report);
}

export function summary(report: Report): string[] {
  return report.diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

/** The code of the function `name` of `text`: one instruction a line, labels as L0, L1, ... */
export function codeOf(text: string, name: string): string[] {
  const { value, report } = checked(text);
  const symbol = value?.functions.get(name);
  if (symbol?.body === undefined) throw new Error(`no function ${name}: ${summary(report)}`);
  const symbols = { addressOf: () => 2000, functionIndex: () => 7, tableIndex: () => 3, signatureIndex: () => 5 };
  const program = {
    ...symbols,
    definitionOf: (callee: FunctionSymbol) => callee,
    syscallIndex: () => 0,
    intrinsicIndex: () => 0,
  };
  return listing(generateFunction(program, symbol, symbol.body).items);
}

function listing(items: readonly CodeItem[]): string[] {
  const names = new Map<Label, string>();
  const nameOf = (label: Label): string => {
    if (!names.has(label)) names.set(label, `L${names.size}`);
    return names.get(label)!;
  };
  return items.map((item) => {
    if (isLabel(item)) return `${nameOf(item)}:`;
    const parts: (string | number)[] = [item.mnemonic, ...item.operands];
    if (item.constant !== undefined) {
      parts.push(item.constant.kind === 'float' ? item.constant.value : `${item.constant.high}:${item.constant.low}`);
    }
    if (item.target !== undefined) parts.push(nameOf(item.target));
    for (const target of item.targets ?? []) parts.push(nameOf(target));
    return parts.join(' ');
  });
}
