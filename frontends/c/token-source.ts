// Where the preprocessor's tokens come from: a stack of files, and on top of it a stack of token lists (macro
// replacements, arguments, tokens put back). It replaces nothing itself.
import type { Macro } from './macro';
import type { SourceFile } from './source-file';
import { END, Token } from './token';

/** One #if ... #endif in progress. */
export interface Condition {
  readonly token: Token;
  /** Whether one of the groups has been taken. */
  isTaken: boolean;
  hasElse: boolean;
}

/** A file being read. */
export interface OpenFile {
  readonly tokens: readonly Token[];
  index: number;
  readonly conditions: Condition[];
  readonly source: SourceFile;
  /** What #line has said: the name and by how much lines are moved; or null. */
  presumed: { file: SourceFile; lineOffset: number } | null;
}

interface TokenList {
  readonly tokens: readonly Token[];
  index: number;
  /** The macro whose replacement this is: enabled again when the list ends. */
  readonly macro: Macro | null;
  /** Reading never goes below a barrier: it gives END there. */
  readonly isBarrier: boolean;
}

/** The stack of token lists above the files. */
export class TokenLists {
  private readonly lists: TokenList[] = [];

  /** Puts `tokens` in front of what is to be read; `macro` stays disabled until they are used up. */
  push(tokens: readonly Token[], macro: Macro | null = null): void {
    if (macro !== null) macro.isDisabled = true;
    this.lists.push({ tokens, index: 0, macro, isBarrier: false });
  }

  /** Starts an isolated list, which ends in END tokens until `popBarrier`. */
  pushBarrier(tokens: readonly Token[]): void {
    this.lists.push({ tokens, index: 0, macro: null, isBarrier: true });
  }

  popBarrier(): void {
    this.lists.pop();
  }

  /** The next token; undefined when the files are next; END at a barrier. */
  read(end: Token): Token | undefined {
    for (;;) {
      const list = this.lists[this.lists.length - 1];
      if (list === undefined) return undefined;
      if (list.index < list.tokens.length) return list.tokens[list.index++];
      if (list.isBarrier) return end;
      this.lists.pop();
      if (list.macro !== null) list.macro.isDisabled = false;
    }
  }
}

/** The rest of the line that `file` stands in, which is passed. */
export function takeLine(file: OpenFile): Token[] {
  const start = file.index;
  while (!file.tokens[file.index]!.startsLine) file.index++;
  return file.tokens.slice(start, file.index);
}

/** Whether `token` starts a directive. */
export function isDirective(token: Token): boolean {
  return token.startsLine && token.type === '#';
}

/** `token` where #line says it is. */
export function presumedToken(token: Token, file: OpenFile): Token {
  if (file.presumed === null || token.kind === END) return token;
  const { kind, image, tokenType, line, column, spaceBefore, startsLine } = token;
  const { file: source, lineOffset } = file.presumed;
  return new Token(kind, image, tokenType, source, line + lineOffset, column, spaceBefore, startsLine, false);
}
