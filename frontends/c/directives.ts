// Executes one preprocessing directive. The file stands behind the `#` when called, behind the line when done.
import { evaluateCondition } from './directive-expression';
import type { IncludeResolver } from './include';
import { MAX_INCLUDE_DEPTH } from './limits';
import { parseCharacters } from './literals';
import { isSameMacro, type Macro, parseDefinition } from './macro';
import type { Report } from './report';
import { createSourceFile, type SourceFile } from './source-file';
import { END, NAME, NUMBER, STRING, Token } from './token';
import { isDirective, type OpenFile, presumedToken, takeLine } from './token-source';
import { EndType, NumberType } from './token-types';

/** What directives change. */
export interface DirectiveHost {
  readonly report: Report;
  readonly resolver: IncludeResolver;
  readonly macros: Map<string, Macro>;
  readonly files: OpenFile[];
  /** What `#pragma push_macro` keeps, by name: definitions, or that there was none. */
  readonly pushedMacros: Map<string, (Macro | undefined)[]>;
  /** What `#pragma pack` says: 0 for nothing; and what it said before a push. */
  packing: number;
  readonly packings: number[];
  /** Names of the files that said `#pragma once`. */
  readonly once: Set<string>;
  /** Reads on in `source`, then here again. */
  open(source: SourceFile, tokens: readonly Token[] | undefined, place: Token): void;
  /** `tokens` with all macros replaced. */
  expandList(tokens: readonly Token[]): Token[];
}

/** Executes the directive that `hash` starts. */
export function executeDirective(host: DirectiveHost, file: OpenFile, hash: Token): void {
  const line = takeLine(file).map((token) => presumedToken(token, file));
  const name = line[0];
  if (name === undefined) return;
  const place = name;
  const rest = line.slice(1);
  switch (name.image) {
    case 'define':
      define(host, rest, place);
      break;
    case 'undef':
      undefine(host, rest, place);
      break;
    case 'include':
      include(host, file, rest, place);
      break;
    case 'if':
      beginCondition(host, file, hash, evaluate(host, rest, place));
      break;
    case 'ifdef':
    case 'ifndef':
      beginCondition(host, file, hash, isDefined(host, rest, place) === (name.image === 'ifdef'));
      break;
    case 'elif':
    case 'else':
    case 'endif':
      endGroup(host, file, name.image, place);
      break;
    case 'error':
      host.report.error('error-directive', `#error ${spell(rest)}`, place);
      return;
    case 'warning':
      host.report.warning('warning-directive', `#warning ${spell(rest)}`, place);
      return;
    case 'pragma':
      pragma(host, file, rest);
      return;
    case 'line':
      setLine(host, file, rest, hash);
      break;
    default:
      if (name.kind === NUMBER) setLine(host, file, line, hash);
      else host.report.error('bad-directive', `unknown directive '#${name.image}'`, place);
  }
}

function spell(tokens: readonly Token[]): string {
  return tokens.map((token, index) => (index > 0 && token.spaceBefore ? ` ${token.image}` : token.image)).join('');
}

/** `once`, `pack(...)`, `push_macro("name")` and `pop_macro("name")`; other pragmas mean nothing here. */
function pragma(host: DirectiveHost, file: OpenFile, tokens: readonly Token[]): void {
  const [name, , text] = tokens;
  if (name?.image === 'once') host.once.add(file.source.name);
  if (name?.image === 'pack') pack(host, tokens);
  if (name?.image === 'GCC' || name?.image === 'clang') diagnosticPragma(host, tokens);
  if (text?.kind !== STRING || (name?.image !== 'push_macro' && name?.image !== 'pop_macro')) return;
  const macro = text.image.slice(1, -1);
  const stack = host.pushedMacros.get(macro) ?? [];
  host.pushedMacros.set(macro, stack);
  if (name.image === 'push_macro') {
    stack.push(host.macros.get(macro));
    return;
  }
  if (stack.length === 0) return;
  const definition = stack.pop();
  if (definition === undefined) host.macros.delete(macro);
  else host.macros.set(macro, definition);
}

/** `GCC diagnostic push`, `pop`, and `warning`, `error` or `ignored` with `"-WNAME"`. */
function diagnosticPragma(host: DirectiveHost, [place, kind, action, option]: readonly Token[]): void {
  if (kind?.image !== 'diagnostic' || action === undefined) return;
  host.report.settings.change(action.image, option?.image.slice(1, -1) ?? '', place!);
}

/** `pack(n)`, `pack()`, `pack(push)`, `pack(push, n)`, `pack(pop)`. */
function pack(host: DirectiveHost, tokens: readonly Token[]): void {
  const words = host.expandList(tokens.slice(1)).map(({ image }) => image);
  const number = words.find((word) => /^(?:1|2|4|8|16)$/.test(word));
  if (words.includes('push')) host.packings.push(host.packing);
  if (words.includes('pop')) host.packing = host.packings.pop() ?? 0;
  else if (number !== undefined) host.packing = Number(number) % 16;
  else if (!words.includes('push')) host.packing = 0;
}

function define(host: DirectiveHost, tokens: readonly Token[], place: Token): void {
  const name = macroName(host, tokens, place);
  if (name === undefined) return;
  const macro = parseDefinition(tokens, host.report);
  if (macro === undefined) return;
  const old = host.macros.get(macro.name);
  if (old !== undefined && !isSameMacro(old, macro)) {
    host.report.warning('macro-redefined', `'${macro.name}' is redefined`, name);
  }
  host.macros.set(macro.name, macro);
}

function undefine(host: DirectiveHost, tokens: readonly Token[], place: Token): void {
  const name = macroName(host, tokens, place);
  if (name !== undefined) host.macros.delete(name.image);
}

function macroName(host: DirectiveHost, tokens: readonly Token[], place: Token): Token | undefined {
  const name = tokens[0];
  if (name?.kind === NAME && name.image !== 'defined') return name;
  host.report.error('bad-directive', 'a macro name must be an identifier', name ?? place);
  return undefined;
}

function isDefined(host: DirectiveHost, tokens: readonly Token[], place: Token): boolean {
  const name = macroName(host, tokens, place);
  return name !== undefined && (host.macros.has(name.image) || name.image === '__has_include');
}

// --- conditions -----------------------------------------------------------------------------------------------------

function evaluate(host: DirectiveHost, tokens: readonly Token[], place: Token): boolean {
  const answered: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.image === '__has_include') {
      index = answerHasInclude(host, tokens, index, answered);
      continue;
    }
    if (token.image !== 'defined') {
      answered.push(token);
      continue;
    }
    const isParenthesised = tokens[index + 1]?.type === '(';
    const name = tokens[index + (isParenthesised ? 2 : 1)];
    if (name?.kind !== NAME || (isParenthesised && tokens[index + 3]?.type !== ')')) {
      host.report.error('bad-condition', "'defined' needs a name", token);
      return false;
    }
    index += isParenthesised ? 3 : 1;
    answered.push(numberToken(host.macros.has(name.image) || name.image === '__has_include' ? '1' : '0', token));
  }
  const { file, line, column } = place;
  const end = new Token(END, '', EndType, file, line, column, false, true, false);
  return evaluateCondition([...(answered.length > 0 ? host.expandList(answered) : []), end], host.report);
}

/** `__has_include(...)` at `index` becomes 0 or 1; returns where it ends. */
function answerHasInclude(host: DirectiveHost, tokens: readonly Token[], index: number, answered: Token[]): number {
  const place = tokens[index]!;
  const end = tokens.findIndex((token, at) => at > index && token.type === ')');
  const written = tokens.slice(index + 2, Math.max(end, index + 2));
  const isPlain = written[0]?.kind === STRING || written[0]?.type === '<';
  const inside = isPlain || written.length === 0 ? written : host.expandList(written);
  const first = inside[0];
  const isQuoted = first?.kind === STRING;
  if (tokens[index + 1]?.type !== '(' || end < 0 || (!isQuoted && first?.type !== '<')) {
    host.report.error('bad-condition', '__has_include needs ("FILE") or (<FILE>)', place);
    return tokens.length;
  }
  const name = isQuoted ? first.image.slice(1, -1) : spell(inside.slice(1, -1));
  const found = host.resolver.find(name, isQuoted, host.files.at(-1)!.source);
  answered.push(numberToken(found === undefined ? '0' : '1', place));
  return end;
}

/** A number in place of another token. */
export function numberToken(image: string, place: Token): Token {
  const { file, line, column, spaceBefore } = place;
  return new Token(NUMBER, image, NumberType, file, line, column, spaceBefore, false, false);
}

function beginCondition(host: DirectiveHost, file: OpenFile, token: Token, isTrue: boolean): void {
  file.conditions.push({ token, isTaken: isTrue, hasElse: false });
  if (!isTrue) skipGroups(host, file);
}

/** Meets #elif, #else or #endif at the end of a group that was read. */
function endGroup(host: DirectiveHost, file: OpenFile, name: string, place: Token): void {
  const condition = file.conditions[file.conditions.length - 1];
  if (condition === undefined) {
    host.report.error('bad-directive', `#${name} without #if`, place);
  } else if (name === 'endif') {
    file.conditions.pop();
  } else {
    noteElse(host, condition, name, place);
    skipGroups(host, file);
  }
}

function noteElse(host: DirectiveHost, condition: { hasElse: boolean }, name: string, place: Token): void {
  if (condition.hasElse) host.report.error('bad-directive', `#${name} after #else`, place);
  if (name === 'else') condition.hasElse = true;
}

/** Skips groups of the innermost condition until one is to be read, or its #endif. */
function skipGroups(host: DirectiveHost, file: OpenFile): void {
  const condition = file.conditions[file.conditions.length - 1]!;
  let depth = 0;
  for (;;) {
    const token = file.tokens[file.index]!;
    if (token.kind === END) return;
    file.index++;
    if (!isDirective(token)) continue;
    const line = takeLine(file);
    const name = line[0]?.image;
    if (name === 'if' || name === 'ifdef' || name === 'ifndef') depth++;
    else if (name === 'endif' && depth-- === 0) {
      file.conditions.pop();
      return;
    } else if (depth === 0 && (name === 'else' || name === 'elif')) {
      noteElse(host, condition, name, line[0]!);
      if (condition.isTaken) continue;
      if (name === 'elif' && !evaluate(host, line.slice(1), line[0]!)) continue;
      condition.isTaken = true;
      return;
    }
  }
}

// --- files ----------------------------------------------------------------------------------------------------------

function include(host: DirectiveHost, file: OpenFile, written: readonly Token[], place: Token): void {
  const isPlain = written[0]?.kind === STRING || written[0]?.type === '<';
  const tokens = isPlain || written.length === 0 ? written : host.expandList(written);
  const first = tokens[0];
  let name: string | undefined;
  if (first?.kind === STRING) name = first.image.slice(1, -1);
  else if (first?.type === '<') {
    const end = tokens.findIndex((token) => token.type === '>');
    if (end > 0) name = spell(tokens.slice(1, end));
  }
  if (name === undefined) {
    host.report.error('bad-directive', '#include needs "FILE" or <FILE>', first ?? place);
    return;
  }
  if (host.files.length > MAX_INCLUDE_DEPTH) {
    host.report.fatal('include-too-deep', 'files include each other too deeply', first!);
  }
  const found = host.resolver.find(name, first!.kind === STRING, file.source);
  if (found === undefined) reportMissing(host, name, first!);
  else if (!host.once.has(found.file.name)) host.open(found.file, found.tokens, first!);
}

function reportMissing(host: DirectiveHost, name: string, token: Token): never {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const near = host.resolver.names().find((known) => known.slice(known.lastIndexOf('/') + 1) === base);
  const hint = near === undefined ? undefined : `there is '${near}'`;
  return host.report.fatal('include-not-found', `'${name}' not found`, token, hint);
}

/** `hash` is the token in the file itself, wherever an earlier #line says that it is. */
function setLine(host: DirectiveHost, file: OpenFile, written: readonly Token[], hash: Token): void {
  const tokens = written.length === 0 ? written : host.expandList(written);
  const [number, name] = tokens;
  if (number === undefined || !/^[0-9]{1,9}$/.test(number.image) || (name !== undefined && name.kind !== STRING)) {
    host.report.error('bad-directive', '#line needs a number and may have a "FILE"', number ?? hash);
    return;
  }
  const fileName = name === undefined ? undefined : String.fromCharCode(...parseCharacters(name.image).values);
  const current = file.presumed?.file ?? file.source;
  const source = fileName === undefined ? current : createSourceFile(fileName, '', file.source.isSystem);
  file.presumed = { file: source, lineOffset: Number(number.image) - hash.line - 1 };
}
