// From the compiler's positions (lines, and columns in bytes) to the editor's (offsets in UTF-16 code units).
import type { Diagnostic as EditorDiagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { Diagnostic } from 'gazelle/browser';

/** Where the editor shows a diagnostic of its document; a line that is not there is the last. */
export function toEditorDiagnostic(document: Text, diagnostic: Diagnostic): EditorDiagnostic {
  const { severity, message, hint, column, length } = diagnostic;
  const line = document.line(clampLine(document, diagnostic.line));
  const from = line.from + unitsIn(line.text, column - 1);
  const to = line.from + unitsIn(line.text, column - 1 + length);
  return { from, to, severity, message: hint === undefined ? message : `${message}\n${hint}` };
}

export function clampLine(document: Text, line: number): number {
  return Math.max(1, Math.min(line, document.lines));
}

/** How many code units the first so many bytes of a line are. */
function unitsIn(text: string, byteCount: number): number {
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, byteCount))).length;
}
