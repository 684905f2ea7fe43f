// Colours for sm, the stack language: a tokenizer only. What is right and wrong in it the compiler says.
import type { StreamParser } from '@codemirror/language';

const DECLARATIONS = /^(?:func|local|end|entry|const|data|reserve|memory|stack|table|align)$/;
const CONTROL = /^(?:br|br_if|br_table|call|call_indirect|syscall|return|unreachable)$/;
const TYPES = /^(?:i8|i16|i32|i64|f32|f64)$/;
const VALUES = /^(?:zero|null|inf|nan)$/;
const WORD = /^[A-Za-z_][A-Za-z0-9_.]*/;
const NUMBER =
  /^-?(?:0x[0-9a-f_]+(?:\.[0-9a-f_]*)?(?:p[+-]?\d+)?|0b[01_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?(?:[KM]iB)?)/i;

interface State {
  /** Whether the word that comes is the name that a function is declared by. */
  namesFunction: boolean;
}

export const smParser: StreamParser<State> = {
  name: 'sm',
  startState: () => ({ namesFunction: false }),
  languageData: { commentTokens: { line: ';' } },
  token(stream, state) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^;.*/)) return 'comment';
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^'(?:\\x[0-9a-f]{2}|\\.|[^'\\])'?/i)) return 'string';
    if (stream.match(NUMBER)) return 'number';
    if (stream.match(/^->/)) return 'operator';
    const word = stream.match(WORD);
    if (word === null || typeof word === 'boolean') {
      stream.next();
      return null;
    }
    const { namesFunction } = state;
    state.namesFunction = word[0] === 'func';
    if (namesFunction) return 'def';
    return kindOf(word[0], stream.peek() === ':' && stream.column() === stream.indentation());
  },
};

function kindOf(word: string, isLabel: boolean): string {
  if (DECLARATIONS.test(word)) return 'keyword';
  if (CONTROL.test(word)) return 'controlKeyword';
  if (TYPES.test(word)) return 'typeName';
  if (VALUES.test(word)) return 'atom';
  if (isLabel) return 'labelName';
  // Instructions have a type in front: i32.add, local.tee; `text.length` is a value.
  return /^(?:[if](?:8|16|32|64)|local|memory)\./.test(word) ? 'operatorKeyword' : 'variableName';
}
