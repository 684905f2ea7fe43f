// A source text ready for the lexer: one character a byte, line ends normalised, continuation lines joined.
// It remembers where lines were joined, so that positions stay those of the file the user wrote.

/** A file as the lexer reads it. */
export interface SourceFile {
  /** The name as messages and `__FILE__` show it. */
  readonly name: string;
  /** Latin-1 decoded: each character is one byte of the file. Ends with a newline. */
  readonly text: string;
  /** Offsets into `text` at which a backslash and a line end were removed, ascending. */
  readonly splices: readonly number[];
  /** Whether the file is one of the language's own headers or library sources. */
  readonly isSystem: boolean;
}

/** Prepares `bytes` (a string counts as Latin-1) for the lexer: translation phases 1 and 2. */
export function createSourceFile(name: string, bytes: Uint8Array | string, isSystem = false): SourceFile {
  let text = typeof bytes === 'string' ? bytes : bytesToLatin1(bytes);
  if (text.startsWith('\xef\xbb\xbf')) text = text.slice(3);
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
  if (!text.endsWith('\n')) text += '\n';
  const splices: number[] = [];
  if (text.includes('\\\n')) text = joinContinuationLines(text, splices);
  return { name, text, splices, isSystem };
}

const CHUNK = 8192;

function bytesToLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return text;
}

function joinContinuationLines(text: string, splices: number[]): string {
  const parts = text.split('\\\n');
  let length = 0;
  for (let index = 0; index < parts.length - 1; index++) {
    length += parts[index]!.length;
    splices.push(length);
  }
  const joined = parts.join('');
  return joined.endsWith('\n') ? joined : `${joined}\n`;
}
