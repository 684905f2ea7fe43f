// The page: puts the parts together. What runs, and what is shown of it, is decided here and nowhere else.
import { CallForm, FieldError } from './call-form';
import { CompilerView } from './compiler-view';
import { Editor } from './editor';
import { fillChoices, find } from './elements';
import { EXAMPLES, type Example } from './examples';
import { Machine, type RunEnd } from './machine';
import { titleOf } from './modes';
import { fileNameOf, type MachineDescription, type SourceProgram } from './protocol';
import { ResultView } from './result-view';
import { setUpTabs } from './tabs';
import { formatCount, formatMilliseconds } from './values';

/** As in style.css: there, what came of a run is below what runs. */
const ONE_COLUMN = '(max-width: 820px)';
const FIRST_EXAMPLE = 'rule-engine';

class Page {
  private readonly language = find('language', HTMLSelectElement);
  private readonly choice = find('example', HTMLSelectElement);
  private readonly runButton = find('run', HTMLButtonElement);
  private readonly stopButton = find('stop', HTMLButtonElement);
  private readonly restoreButton = find('restore', HTMLButtonElement);
  private readonly status = find('status', HTMLElement);
  private readonly editor: Editor;
  private readonly form = new CallForm();
  private readonly results = new ResultView({ goTo: (line) => this.editor.goTo(line) });
  private readonly compiler: CompilerView;
  private readonly machine: Machine;
  private readonly chooseTab: (id: string) => void;
  private description: MachineDescription | null = null;
  private example: Example = EXAMPLES.find(({ program }) => program.name === FIRST_EXAMPLE) ?? EXAMPLES[0]!;
  /** Edited texts by example, so that looking at another one loses nothing. */
  private readonly drafts = new Map<string, string>();
  private clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    this.editor = new Editor(find('editor', HTMLElement), { changed: () => this.changed(), run: () => this.run() });
    this.machine = new Machine({
      ready: (description) => this.ready(description),
      failed: (reason) => (this.status.textContent = reason),
      output: (stream, text) => this.results.write(stream, text),
    });
    this.compiler = new CompilerView(this.machine, this.editor, () => this.program());
    this.chooseTab = setUpTabs(['tab-result', 'tab-bytecode'], (id) =>
      this.compiler.showAssembly(id === 'tab-bytecode'),
    );
    this.listen();
    this.openNamed(location.hash.slice(1));
  }

  private listen(): void {
    this.runButton.addEventListener('click', () => this.run());
    this.stopButton.addEventListener('click', () => this.stop());
    this.restoreButton.addEventListener('click', () => this.restore());
    this.language.addEventListener('change', () => this.openLanguage(this.language.value));
    this.choice.addEventListener('change', () => this.openNamed(this.choice.value));
    find('call', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
    addEventListener('hashchange', () => this.openNamed(location.hash.slice(1)));
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      this.run();
    });
  }

  /** The machine is there, for the first time or again. */
  private ready(description: MachineDescription): void {
    if (this.description === null) {
      this.description = description;
      fillChoices(
        this.language,
        description.languages.map((name) => [name, titleOf(name)]),
      );
      this.form.describe(description);
      this.open(this.example);
    }
  }

  private openNamed(name: string): void {
    const example = EXAMPLES.find(({ program }) => program.name === name);
    if (example !== undefined) this.open(example);
  }

  private openLanguage(language: string): void {
    const example = EXAMPLES.find(({ program }) => program.language === language);
    if (example !== undefined) this.open(example);
  }

  /** Shows an example, or what became of it. Before the machine is there, only remembers it. */
  private open(example: Example): void {
    if (this.isRunning) return;
    if (this.description !== null && this.example !== example) this.leave();
    this.example = example;
    if (this.description === null) return;
    const { name, language, source } = example.program;
    this.language.value = language;
    const examples = EXAMPLES.filter(({ program }) => program.language === language);
    fillChoices(
      this.choice,
      examples.map(({ program }) => [program.name, program.name]),
    );
    this.choice.value = name;
    history.replaceState(null, '', `#${name}`);
    find('file-name', HTMLElement).textContent = fileNameOf(example.program);
    find('description', HTMLElement).textContent = example.description;
    this.editor.open(this.drafts.get(name) ?? source, language);
    this.restoreButton.hidden = !this.drafts.has(name);
    this.form.show(example, this.description);
    this.results.clear(true);
    this.setState('ready', 'ready');
    this.compiler.refresh();
  }

  /** Keeps what was edited. */
  private leave(): void {
    const { name, source } = this.example.program;
    if (this.editor.text === source) this.drafts.delete(name);
    else this.drafts.set(name, this.editor.text);
  }

  private program(): SourceProgram {
    return { ...this.example.program, source: this.editor.text };
  }

  private changed(): void {
    this.restoreButton.hidden = this.editor.text === this.example.program.source;
    this.compiler.refreshSoon();
  }

  /** As any edit: it can be undone. */
  private restore(): void {
    this.editor.replace(this.example.program.source);
    this.editor.focus();
  }

  private get isRunning(): boolean {
    return document.body.dataset.state === 'running';
  }

  private async run(): Promise<void> {
    if (this.isRunning || this.description === null) return;
    const call = this.readForm();
    if (call === null) return;
    this.editor.clearMark();
    this.results.clear(false);
    this.chooseTab('tab-result');
    this.setState('running', 'running');
    if (matchMedia(ONE_COLUMN).matches) find('tabs', HTMLElement).scrollIntoView();
    this.startClock();
    const program = this.program();
    this.finish(program, await this.machine.start(program, call));
  }

  private readForm(): ReturnType<CallForm['read']> | null {
    try {
      return this.form.read();
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.status.textContent = error.message;
      return null;
    }
  }

  private stop(): void {
    if (!this.isRunning) return;
    this.status.textContent = 'stopping';
    this.stopButton.disabled = true;
    clearInterval(this.clock);
    this.machine.stop();
  }

  private finish({ source }: SourceProgram, end: RunEnd): void {
    clearInterval(this.clock);
    if (end.type !== 'replaced' && source === this.editor.text) this.compiler.showDiagnostics(end.diagnostics);
    this.results.show(end);
    this.setState('ready', describeEnd(end));
  }

  private setState(state: 'ready' | 'running', text: string): void {
    document.body.dataset.state = state;
    this.runButton.disabled = state === 'running';
    this.stopButton.disabled = state !== 'running';
    // What comes of a run is about the source that is open.
    this.language.disabled = this.choice.disabled = state === 'running';
    this.status.textContent = text;
  }

  private startClock(): void {
    const start = performance.now();
    this.clock = setInterval(() => {
      this.status.textContent = `running, ${((performance.now() - start) / 1000).toFixed(1)} s`;
    }, 100);
  }
}

function describeEnd(end: RunEnd): string {
  if (end.type === 'replaced') return 'stopped';
  if (end.type === 'refused') return 'not run';
  const { status, usage, error } = end.result;
  const what = status === 'limit' ? `limit: ${error?.resource}` : status;
  return `${what}, ${formatCount(usage.instructions)} instructions in ${formatMilliseconds(usage.wallTimeMs)}`;
}

new Page();
