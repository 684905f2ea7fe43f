// The code editor: CodeMirror with what the page needs of it, and nothing of it outside of this file.
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleComment } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic as EditorDiagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import type { Diagnostic } from 'gazelle/browser';
import { modeFor } from './modes';
import { clampLine, toEditorDiagnostic } from './positions';

export interface EditorEvents {
  changed(): void;
  run(): void;
}

const markLine = StateEffect.define<number | null>();

/** The one line that is marked: where a stack points to. Goes when the text is edited. */
const markedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marked, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(markLine)) continue;
      if (effect.value === null) return Decoration.none;
      const { from } = transaction.state.doc.line(effect.value);
      return Decoration.set(Decoration.line({ class: 'marked-line' }).range(from));
    }
    return transaction.docChanged ? Decoration.none : marked;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Editor {
  private readonly view: EditorView;
  private readonly mode = new Compartment();
  private readonly extensions: Extension;

  constructor(parent: HTMLElement, events: EditorEvents) {
    this.extensions = [this.mode.of([]), COMMON, commandsFor(events)];
    this.view = new EditorView({ parent, state: this.newState('') });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Shows another text, with a history of its own. */
  open(text: string, language: string): void {
    this.view.setState(this.newState(text));
    this.view.dispatch({ effects: this.mode.reconfigure(modeFor(language)) });
  }

  /** Puts another text in the place of this one. */
  replace(text: string): void {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  focus(): void {
    this.view.focus();
  }

  /** Underlines what the compiler speaks of; only what is about this text. */
  showDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const { doc } = this.view.state;
    const shown: EditorDiagnostic[] = diagnostics.map((diagnostic) => toEditorDiagnostic(doc, diagnostic));
    this.view.dispatch(setDiagnostics(this.view.state, shown));
  }

  /** Marks a line and brings it into view, with the cursor at `column` (in bytes), if there is one. */
  goTo(line: number, diagnostic?: Diagnostic): void {
    const { doc } = this.view.state;
    const shown = clampLine(doc, line);
    const anchor = diagnostic === undefined ? doc.line(shown).from : toEditorDiagnostic(doc, diagnostic).from;
    this.view.dispatch({
      selection: { anchor },
      effects: [markLine.of(shown), EditorView.scrollIntoView(anchor, { y: 'center' })],
    });
    this.view.focus();
  }

  clearMark(): void {
    this.view.dispatch({ effects: markLine.of(null) });
  }

  private newState(doc: string): EditorState {
    return EditorState.create({ doc, extensions: this.extensions });
  }
}

const COMMON: Extension = [
  lineNumbers(),
  lintGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  bracketMatching(),
  indentOnInput(),
  indentUnit.of('  '),
  syntaxHighlighting(classHighlighter),
  markedLine,
  EditorView.contentAttributes.of({
    'aria-label': 'Source',
    'aria-description': 'Tab indents; press Escape and then Tab to leave the editor.',
  }),
];

function commandsFor({ changed, run }: EditorEvents): Extension {
  const runKey = {
    key: 'Mod-Enter',
    run: () => {
      run();
      return true;
    },
  };
  return [
    // Ours first: the default for this key inserts a line.
    keymap.of([runKey, { key: 'Mod-/', run: toggleComment }, indentWithTab, ...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed();
    }),
  ];
}
