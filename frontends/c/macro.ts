// Macro definitions, and the replacement of one macro call by its body: parameters, `#`, `##`. What is replaced
// when, and rescanning, is the preprocessor's business.
import { tokenize } from './lexer';
import type { Report } from './report';
import { createSourceFile } from './source-file';
import { CHARACTER, isPunctuator, NAME, PLACEMARKER, STRING, Token } from './token';
import { InvalidType, StringType } from './token-types';

/** A macro. */
export interface Macro {
  readonly name: string;
  /** Undefined for an object-like macro; a variadic macro's last parameter takes the rest. */
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  readonly body: readonly Token[];
  /** For each token of the body the parameter it names, or -1. */
  readonly parameterOf: readonly number[];
  /** Makes the body at each use, for `__LINE__` and its like. */
  readonly compute?: (use: Token) => Token;
  /** True while the macro's replacement is being rescanned. */
  isDisabled: boolean;
}

/** Creates a macro of `body`, its parameters looked up once. */
export function createMacro(
  name: string,
  parameters: readonly string[] | undefined,
  isVariadic: boolean,
  body: readonly Token[],
): Macro {
  const parameterOf = body.map((token) => (token.kind === NAME ? (parameters?.indexOf(token.image) ?? -1) : -1));
  return { name, parameters, isVariadic, body, parameterOf, isDisabled: false };
}

/** Whether two definitions are the same, so that the second is allowed. */
export function isSameMacro(a: Macro, b: Macro): boolean {
  const sameTokens = (x: Token, index: number) =>
    x.image === b.body[index]!.image && (index === 0 || x.spaceBefore === b.body[index]!.spaceBefore);
  return (
    a.isVariadic === b.isVariadic &&
    a.parameters?.join() === b.parameters?.join() &&
    a.body.length === b.body.length &&
    a.body.every(sameTokens)
  );
}

/** The arguments of one call: as written, and fully replaced when first wanted. */
export interface MacroArgument {
  readonly written: readonly Token[];
  expanded(): readonly Token[];
}

/** `macro` with each `__VA_OPT__(...)` replaced by what is in it, or by nothing when the variable arguments are empty. */
function withOptions(macro: Macro, args: readonly MacroArgument[]): Macro {
  if (!macro.isVariadic || !macro.body.some((token) => token.image === '__VA_OPT__')) return macro;
  const isKept = args.at(-1)!.expanded().length > 0;
  const body: Token[] = [];
  for (let index = 0; index < macro.body.length; index++) {
    const token = macro.body[index]!;
    if (token.image !== '__VA_OPT__' || macro.body[index + 1]?.type !== '(') {
      body.push(token);
      continue;
    }
    let depth = 1;
    for (index += 2; index < macro.body.length; index++) {
      const inner = macro.body[index]!;
      if (inner.type === '(') depth++;
      else if (inner.type === ')' && --depth === 0) break;
      if (isKept) body.push(inner);
    }
  }
  return createMacro(macro.name, macro.parameters, true, body);
}

/** The replacement of one use of `macro`, at the position of `use`. */
export function substitute(macro: Macro, args: readonly MacroArgument[], use: Token, report: Report): Token[] {
  return substituteBody(withOptions(macro, args), args, use, report);
}

function substituteBody(macro: Macro, args: readonly MacroArgument[], use: Token, report: Report): Token[] {
  const { body, parameterOf } = macro;
  const output: Token[] = [];
  for (let index = 0; index < body.length; index++) {
    const token = body[index]!;
    const isPasted = index > 0 && index + 1 < body.length && token.type === '##';
    if (isPasted) {
      index += appendPasted(macro, args, index + 1, use, output, report);
    } else if (token.type === '#' && macro.parameters !== undefined && parameterOf[index + 1]! >= 0) {
      output.push(stringize(args[parameterOf[++index]!]!.written, token, use));
    } else if (parameterOf[index]! >= 0) {
      const argument = args[parameterOf[index]!]!;
      const isOperand = body[index + 1]?.type === '##' && index + 2 < body.length;
      appendArgument(output, isOperand ? writtenOrPlacemarker(argument, token) : argument.expanded(), token);
    } else output.push(token.movedTo(use));
  }
  const first = output[0];
  if (first !== undefined) output[0] = first.spaced(use.spaceBefore);
  return output.filter((token) => token.kind !== PLACEMARKER);
}

/** Pastes the operand at `index` to the end of `output`; returns how many tokens of the body it was. */
function appendPasted(
  macro: Macro,
  args: readonly MacroArgument[],
  index: number,
  use: Token,
  output: Token[],
  report: Report,
): number {
  const token = macro.body[index]!;
  const parameter = macro.parameterOf[index]!;
  const isRest = macro.isVariadic && parameter === macro.parameters!.length - 1;
  if (isRest && output.at(-1)?.type === ',') {
    // GNU: a comma pasted to the variable arguments vanishes when there are none, and is kept as it is otherwise.
    const { written } = args[parameter]!;
    if (written.length === 0) output.pop();
    else appendArgument(output, args[parameter]!.expanded(), token);
    return 1;
  }
  if (token.type === '#' && macro.parameters !== undefined && macro.parameterOf[index + 1]! >= 0) {
    pasteOnto(output, [stringize(args[macro.parameterOf[index + 1]!]!.written, token, use)], use, report);
    return 2;
  }
  pasteOnto(output, parameter < 0 ? [token.movedTo(use)] : writtenOrPlacemarker(args[parameter]!, token), use, report);
  return 1;
}

function appendArgument(output: Token[], tokens: readonly Token[], place: Token): void {
  for (let index = 0; index < tokens.length; index++) {
    output.push(tokens[index]!.spaced(index === 0 ? place.spaceBefore : tokens[index]!.spaceBefore));
  }
}

function writtenOrPlacemarker(argument: MacroArgument, place: Token): readonly Token[] {
  if (argument.written.length > 0) return argument.written;
  const { file, line, column, spaceBefore } = place;
  return [new Token(PLACEMARKER, '', InvalidType, file, line, column, spaceBefore, false, false)];
}

function pasteOnto(output: Token[], right: readonly Token[], use: Token, report: Report): void {
  const left = output.pop()!;
  output.push(...paste(left, right[0]!, use, report));
  for (const token of right.slice(1)) output.push(token);
}

function paste(left: Token, right: Token, use: Token, report: Report): Token[] {
  if (left.kind === PLACEMARKER) return [right.spaced(left.spaceBefore)];
  if (right.kind === PLACEMARKER) return [left];
  const tokens = tokenize(createSourceFile('', left.image + right.image), 2);
  if (tokens.length === 2 && tokens[0]!.tokenType !== InvalidType) return [tokens[0]!.movedTo(use, left.spaceBefore)];
  report.error('bad-paste', `pasting '${left.image}' and '${right.image}' does not give a token`, use);
  return [left, right];
}

function stringize(tokens: readonly Token[], operator: Token, use: Token): Token {
  let text = '';
  for (const token of tokens) {
    const isLiteral = token.kind === STRING || token.kind === CHARACTER;
    if (text !== '' && (token.spaceBefore || token.startsLine)) text += ' ';
    text += isLiteral ? token.image.replace(/["\\]/g, '\\$&') : token.image;
  }
  const { file, line, column } = use;
  return new Token(STRING, `"${text}"`, StringType, file, line, column, operator.spaceBefore, false, false);
}

/** Reads what follows the name in `#define`: `tokens[0]` is the name, the rest of the line follows. */
export function parseDefinition(tokens: readonly Token[], report: Report): Macro | undefined {
  const name = tokens[0]!;
  const opening = tokens[1];
  if (opening === undefined || !isPunctuator(opening, '(') || opening.spaceBefore) {
    return checkedMacro(createMacro(name.image, undefined, false, tokens.slice(1)), name, report);
  }
  const parameters: string[] = [];
  let isVariadic = false;
  let index = 2;
  for (; tokens[index] !== undefined && tokens[index]!.type !== ')'; index++) {
    const token = tokens[index]!;
    if (isVariadic) return badParameters(token, report);
    if (token.type === '...') {
      isVariadic = true;
      parameters.push('__VA_ARGS__');
    } else if (token.kind === NAME && !parameters.includes(token.image)) {
      parameters.push(token.image);
      isVariadic = tokens[index + 1]?.type === '...';
      if (isVariadic) index++;
    } else return badParameters(token, report);
    if (tokens[index + 1]?.type === ',') index++;
    else if (tokens[index + 1]?.type !== ')') return badParameters(tokens[index + 1] ?? token, report);
  }
  if (tokens[index] === undefined) return badParameters(opening, report);
  return checkedMacro(createMacro(name.image, parameters, isVariadic, tokens.slice(index + 1)), name, report);
}

function badParameters(token: Token, report: Report): undefined {
  report.error('bad-directive', 'the parameters of a macro are names with commas between them', token);
  return undefined;
}

function checkedMacro(macro: Macro, name: Token, report: Report): Macro | undefined {
  const { body, parameterOf, parameters } = macro;
  if (body[0]?.type === '##' || body.at(-1)?.type === '##') {
    report.error('bad-directive', "'##' cannot be at either end of a macro", name);
    return undefined;
  }
  const bad = body.find(
    (token, index) => token.type === '#' && parameters !== undefined && !(parameterOf[index + 1]! >= 0),
  );
  if (bad !== undefined) {
    report.error('bad-directive', "'#' in a macro must be followed by one of its parameters", bad);
    return undefined;
  }
  return macro;
}
