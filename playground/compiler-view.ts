// What the compiler makes of the source while it is written: messages in the editor and in a list, and assembly.
import type { Diagnostic } from 'gazelle/browser';
import type { Editor } from './editor';
import { find, make, makeLink } from './elements';
import type { Machine } from './machine';
import { fileNameOf, type SourceProgram } from './protocol';

/** How long nobody may have typed before the source is compiled. */
const PAUSE_MS = 300;
/** Characters of assembly that are shown. */
const SHOWN_CHARACTERS = 400_000;

export class CompilerView {
  private readonly problems = find('problems', HTMLUListElement);
  private readonly assembly = find('bytecode-text', HTMLPreElement);
  private wantsAssembly = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts compilations: an answer to an older one is not shown. */
  private latest = 0;

  constructor(
    private readonly machine: Machine,
    private readonly editor: Editor,
    private readonly program: () => SourceProgram,
  ) {}

  /** Compiles when nobody has typed for a moment. */
  refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  showAssembly(isShown: boolean): void {
    this.wantsAssembly = isShown;
    if (isShown) this.refresh();
  }

  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    const turn = ++this.latest;
    const compilation = await this.machine.compile(this.program(), this.wantsAssembly);
    if (turn !== this.latest || compilation === null) return;
    this.showDiagnostics(compilation.diagnostics);
    if (!this.wantsAssembly) return;
    const { assembly, failure } = compilation;
    this.assembly.textContent = cut(assembly ?? failure ?? 'The source does not compile; see the messages under it.');
  }

  /** In the editor those of its own file; in the list all of them. */
  showDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const fileName = fileNameOf(this.program());
    this.editor.showDiagnostics(diagnostics.filter(({ file }) => file === fileName));
    this.problems.replaceChildren(...diagnostics.map((diagnostic) => this.problem(diagnostic, fileName)));
  }

  private problem(diagnostic: Diagnostic, fileName: string): HTMLLIElement {
    const { file, line, column, severity, message, hint } = diagnostic;
    const place = `${file === fileName ? '' : `${file}:`}${line}:${column}`;
    const text = `${place}: ${severity}: ${message}`;
    const head = file === fileName ? makeLink(text, () => this.editor.goTo(line, diagnostic)) : make('span', {}, text);
    return make('li', { class: severity }, head, ...(hint === undefined ? [] : [make('p', {}, `hint: ${hint}`)]));
  }
}

function cut(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  return `${text.slice(0, SHOWN_CHARACTERS)}\n… ${text.length - SHOWN_CHARACTERS} characters more`;
}
