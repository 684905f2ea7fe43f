// The one exception of this frontend: thrown by lexer, parser and translator, caught by compile(). Never leaves it.

/** Stable codes of the diagnostics. */
export type LuaDiagnosticCode =
  /** The text is not Lua. */
  | 'lua.syntax'
  /** It is, but a limit of the compiler is exceeded. */
  | 'lua.limit'
  /** It is, but a rule about names is broken: goto, labels, attributes, constants. */
  | 'lua.semantics'
  /** A special form of library code is used wrongly. */
  | 'lua.library';

/** What is wrong and where; `offset` and `length` are bytes of the source. */
export class LuaSyntaxError extends Error {
  constructor(
    readonly code: LuaDiagnosticCode,
    message: string,
    readonly line: number,
    readonly offset: number,
    readonly length: number,
  ) {
    super(message);
  }
}
