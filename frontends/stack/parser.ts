// Source to lines: each line's tokens are matched by the grammar, and the match becomes a piece of syntax tree. A line
// that does not match is reported and left out; the others are parsed all the same.
import type { FailedMatchResult } from 'ohm-js';
import { smGrammar } from './grammar';
import { isReservedWord, readTokens, type Token } from './lexer';
import { MAX_LINE_TOKENS, MAX_TOKENS } from './limits';
import { quote, type Report } from './report';
import type { Line } from './syntax-tree';
import { toLine } from './tree-builder';

/** The lines of a source that are not empty. */
export function parse(source: Uint8Array, report: Report): Line[] {
  const lines: Line[] = [];
  let tokenCount = 0;
  sourceLines(source).forEach((text, index) => {
    const tokens = readTokens(text, index + 1, MAX_LINE_TOKENS, report);
    if (tokens === null || tokens.length === 0) return;
    tokenCount += tokens.length;
    checkCounts(tokens, tokenCount, report);
    const line = parseLine(tokens, text.length, report);
    if (line !== null) lines.push(line);
  });
  return lines;
}

const CHUNK = 8192;

/** The lines, one character a byte. */
function sourceLines(source: Uint8Array): string[] {
  const parts: string[] = [];
  for (let at = 0; at < source.length; at += CHUNK) {
    parts.push(String.fromCharCode(...source.subarray(at, at + CHUNK)));
  }
  return parts.join('').split('\n');
}

function checkCounts(tokens: readonly Token[], total: number, report: Report): void {
  const [first] = tokens;
  if (tokens.length > MAX_LINE_TOKENS) {
    report.fatal('limit', first!, `a line has at most ${MAX_LINE_TOKENS} words, numbers and signs`);
  }
  if (total > MAX_TOKENS) {
    report.fatal('limit', first!, `a source has at most ${MAX_TOKENS} words, numbers and signs`);
  }
}

function parseLine(tokens: readonly Token[], length: number, report: Report): Line | null {
  const match = smGrammar().match(tokens.map(({ kind }) => kind).join(''), 'line');
  if (match.failed()) return reportMismatch(match, tokens, length, report);
  return toLine(match, tokens);
}

/** Reports what was expected where; a function's head still counts as one. */
function reportMismatch(
  match: FailedMatchResult,
  tokens: readonly Token[],
  length: number,
  report: Report,
): Line | null {
  const at = match.getRightmostFailurePosition();
  const place = tokens[at] ?? { line: tokens[0]!.line, column: length + 1, length: 1 };
  const found = at < tokens.length ? `'${quote(tokens[at]!.text)}'` : 'the end of the line';
  const expected = match.getExpectedText().replaceAll('end of input', 'the end of the line');
  const isReserved = expected.includes('a name') && at < tokens.length && isReservedWord(tokens[at]!.text);
  const hint = isReserved ? `${found} has a meaning of its own and is no name` : undefined;
  report.error('syntax', place, `expected ${expected}, but found ${found}`, hint);
  const [first] = tokens;
  return first!.text === 'func' ? { line: first!.line, column: 1, length: 1, kind: 'unreadable function' } : null;
}
