// Translation phase 4: directives, and what is replaced by what. Tokens are pulled: `next` gives one after the other
// with every macro replaced. A macro is disabled while its own replacement is being read; a name met then is painted
// and never replaced (C99 6.10.3.4).
import { type DirectiveHost, executeDirective } from './directives';
import type { IncludeResolver } from './include';
import { tokenize } from './lexer';
import { MAX_MACRO_DEPTH, MAX_TOKENS } from './limits';
import { type Macro, type MacroArgument, substitute } from './macro';
import { predefinedMacros } from './predefined-macros';
import type { Report } from './report';
import { createSourceFile, type SourceFile } from './source-file';
import { END, isPunctuator, NAME, OTHER, Token } from './token';
import { isDirective, type OpenFile, presumedToken, TokenLists } from './token-source';
import { EndType, PACK_ATTRIBUTE } from './token-types';

/** What a translation unit may use. */
export interface PreprocessorOptions {
  readonly report: Report;
  readonly resolver: IncludeResolver;
  /** Bytes that the source and its includes may still have. */
  readonly maxSourceBytes: number;
}

/** The tokens of a translation unit, macros replaced and directives executed; an END token is the last. */
export function preprocess(source: SourceFile, options: PreprocessorOptions): Token[] {
  return new Preprocessor(options).run(source);
}

class Preprocessor implements DirectiveHost {
  readonly report: Report;
  readonly resolver: IncludeResolver;
  readonly macros: Map<string, Macro>;
  readonly files: OpenFile[] = [];
  packing = 0;
  readonly packings: number[] = [];
  readonly once = new Set<string>();
  readonly pushedMacros = new Map<string, (Macro | undefined)[]>();
  private readonly lists = new TokenLists();
  private sourceBytesLeft: number;
  private tokensLeft = MAX_TOKENS;
  private macroDepth = 0;
  private end!: Token;

  constructor(options: PreprocessorOptions) {
    this.report = options.report;
    this.resolver = options.resolver;
    this.sourceBytesLeft = options.maxSourceBytes;
    this.macros = predefinedMacros();
  }

  run(source: SourceFile): Token[] {
    const { file, line, column } = { file: source, line: 1, column: 1 };
    this.end = new Token(END, '', EndType, file, line, column, false, true, false);
    this.open(source, undefined, this.end);
    const output: Token[] = [];
    for (let token = this.next(); token.kind !== END; token = this.next()) {
      if (token.kind === OTHER) reportInvalid(token, this.report);
      else {
        output.push(token);
        if (this.packing > 0 && (token.image === 'struct' || token.image === 'union')) {
          output.push(...this.packingAttribute(token));
        }
      }
    }
    output.push(this.end);
    return output;
  }

  /** What `#pragma pack` means behind `place`: an attribute of our own. */
  private packingAttribute(place: Token): Token[] {
    const text = `__attribute__((${PACK_ATTRIBUTE}(${this.packing})))`;
    const tokens = tokenize(createSourceFile(place.file.name, text), 100).filter(({ kind }) => kind !== END);
    this.spend(tokens.length, place);
    return tokens.map((token) => token.movedTo(place));
  }

  open(source: SourceFile, tokens: readonly Token[] | undefined, place: Token): void {
    this.sourceBytesLeft -= source.text.length;
    if (this.sourceBytesLeft < 0) this.report.fatal('source-too-large', 'the source is too large', place);
    const all = tokens ?? tokenize(source, this.tokensLeft + 1);
    this.spend(all.length, place);
    this.files.push({ tokens: all, index: 0, conditions: [], source, presumed: null });
  }

  expandList(tokens: readonly Token[]): Token[] {
    if (++this.macroDepth > MAX_MACRO_DEPTH) {
      this.report.fatal('nesting-too-deep', 'macro calls are nested too deeply', tokens[0]!);
    }
    this.lists.pushBarrier(tokens);
    const output: Token[] = [];
    for (let token = this.next(); token.kind !== END; token = this.next()) output.push(token);
    this.lists.popBarrier();
    this.macroDepth--;
    return output;
  }

  private spend(tokens: number, place: Token): void {
    this.tokensLeft -= tokens;
    if (this.tokensLeft < 0) this.report.fatal('too-many-tokens', `more than ${MAX_TOKENS} tokens`, place);
  }

  private read(): Token {
    return this.lists.read(this.end) ?? this.readFile();
  }

  private readFile(): Token {
    for (;;) {
      const file = this.files[this.files.length - 1]!;
      const token = file.tokens[file.index]!;
      if (token.kind === END) {
        if (!this.close(file, token)) return this.end;
        continue;
      }
      file.index++;
      if (!isDirective(token)) return file.presumed === null ? token : presumedToken(token, file);
      executeDirective(this, file, token);
    }
  }

  /** Ends `file`; false when it was the last. */
  private close(file: OpenFile, end: Token): boolean {
    const open = file.conditions.pop();
    if (open !== undefined) this.report.error('bad-directive', 'this #if has no #endif', open.token);
    if (this.files.length === 1) {
      this.end = end;
      return false;
    }
    this.files.pop();
    return true;
  }

  private next(): Token {
    for (;;) {
      const token = this.read();
      if (token.kind !== NAME || token.isPainted) return token;
      const macro = this.macros.get(token.image);
      if (macro === undefined) {
        if (token.image !== '_Pragma' || !this.skipPragma()) return token;
      } else if (macro.isDisabled) return token.painted();
      else if (!this.enter(macro, token)) return token;
    }
  }

  /** Skips `("...")` behind `_Pragma`; no pragma in that form means anything here. */
  private skipPragma(): boolean {
    const opening = this.read();
    if (!isPunctuator(opening, '(')) {
      this.lists.push([opening]);
      return false;
    }
    this.collectArguments(opening);
    return true;
  }

  /** Replaces a use of `macro`; false when a function-like macro's name stands alone. */
  private enter(macro: Macro, use: Token): boolean {
    if (macro.compute !== undefined) {
      this.lists.push([macro.compute(use)]);
      return true;
    }
    let args: MacroArgument[] = [];
    if (macro.parameters !== undefined) {
      const opening = this.read();
      if (!isPunctuator(opening, '(')) {
        if (opening.kind !== END) this.lists.push([opening]);
        return false;
      }
      const written = this.matchArguments(macro, this.collectArguments(use), use);
      if (written === undefined) return true;
      args = written.map((tokens) => this.createArgument(tokens));
    }
    const replacement = substitute(macro, args, use, this.report);
    this.spend(replacement.length + 1, use);
    this.lists.push(replacement, macro);
    return true;
  }

  private createArgument(written: readonly Token[]): MacroArgument {
    let expanded: readonly Token[] | undefined;
    return { written, expanded: () => (expanded ??= written.length === 0 ? written : this.expandList(written)) };
  }

  /** Reads arguments up to the closing parenthesis: lists of tokens with the commas between them. */
  private collectArguments(use: Token): Token[][] {
    const args: Token[][] = [[]];
    for (let depth = 0; ; ) {
      const token = this.read();
      if (token.kind === END) this.report.fatal('bad-macro-call', `the call of '${use.image}' has no ')'`, use);
      if (token.type === ')' && depth-- === 0) return args;
      if (token.type === '(') depth++;
      if (token.type === ',' && depth === 0) args.push([token], []);
      else args[args.length - 1]!.push(this.macros.get(token.image)?.isDisabled ? token.painted() : token);
    }
  }

  /** One list of tokens for each parameter of `macro`; undefined, and an error, when the number is wrong. */
  private matchArguments(macro: Macro, pieces: Token[][], use: Token): Token[][] | undefined {
    const wanted = macro.parameters!.length;
    const given = (pieces.length + 1) / 2;
    if (wanted === 0 && given === 1 && pieces[0]!.length === 0) return [];
    const args: Token[][] = [];
    for (let index = 0; index < given; index++) {
      const isRest = macro.isVariadic && index >= wanted;
      if (isRest) args[wanted - 1]!.push(...pieces[2 * index - 1]!, ...pieces[2 * index]!);
      else args.push(pieces[2 * index]!);
    }
    if (macro.isVariadic && given === wanted - 1) args.push([]);
    if (args.length === wanted) return args;
    const message = `macro '${macro.name}' takes ${wanted} arguments, not ${given}`;
    this.report.error('bad-macro-call', message, use);
    return undefined;
  }
}

function reportInvalid(token: Token, report: Report): void {
  const { image } = token;
  if (image === '/*') report.error('invalid-token', 'this comment has no end', token);
  else if (image.startsWith('"') || image.startsWith("'") || image.length > 1) {
    report.error('invalid-token', 'this literal has no closing quote', token);
  } else report.error('invalid-token', `a stray ${JSON.stringify(image)}`, token);
}
