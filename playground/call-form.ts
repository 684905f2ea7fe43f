// The form that says how the function is called: a sample's argument or one's own, standard input, limits, capabilities.
import { fillChoices, find, make } from './elements';
import { describeSample, type Example, type Sample } from './examples';
import type { Call, MachineDescription } from './protocol';

const OWN_CALL = 'own';

/** What is in a field that cannot be used. */
export class FieldError extends Error {}

export class CallForm {
  private readonly sample = find('sample', HTMLSelectElement);
  private readonly kind = find('argument-kind', HTMLSelectElement);
  private readonly argument = find('argument', HTMLTextAreaElement);
  private readonly argumentError = find('argument-error', HTMLElement);
  private readonly more = find('more', HTMLDetailsElement);
  private readonly stdin = find('stdin', HTMLTextAreaElement);
  private readonly capabilities = find('capabilities', HTMLFieldSetElement);
  private readonly instructions = find('limit-instructions', HTMLInputElement);
  private readonly memory = find('limit-memory', HTMLInputElement);
  private readonly wallTime = find('limit-wall-time', HTMLInputElement);
  private samples: readonly Sample[] = [];

  constructor() {
    this.sample.addEventListener('change', () => {
      if (this.sample.value !== OWN_CALL) this.showSample(this.samples[Number(this.sample.value)]!);
    });
    for (const field of [this.kind, this.argument, this.stdin]) {
      field.addEventListener('input', () => {
        this.sample.value = OWN_CALL;
        this.showKind();
      });
    }
  }

  /** Puts in what the machine offers. */
  describe({ capabilities }: MachineDescription): void {
    const boxes = capabilities.map((name) =>
      make('label', {}, make('input', { type: 'checkbox', value: name }), ` ${name}`),
    );
    this.capabilities.replaceChildren(make('legend', {}, 'Capabilities'), ...boxes);
  }

  /** Fills the fields with an example's first call; limits that it does not name are the host's. */
  show(example: Example, { limits }: MachineDescription): void {
    this.samples = example.samples;
    const choices = example.samples.map((sample, index): [string, string] => [String(index), describeSample(sample)]);
    fillChoices(this.sample, [...choices, [OWN_CALL, 'your own']]);
    const { instructions, memoryBytes, wallTimeMs } = { ...limits, ...example.limits };
    this.instructions.value = String(instructions);
    this.memory.value = String(Math.ceil(memoryBytes / 1024));
    this.wallTime.value = String(wallTimeMs);
    for (const box of this.boxes()) box.checked = example.capabilities.includes(box.value);
    this.showSample(example.samples[0] ?? {});
  }

  /** What the fields say. Throws FieldError, with the field focused. */
  read(): Call {
    this.argumentError.textContent = '';
    const limits = {
      instructions: this.readNumber(this.instructions),
      memoryBytes: this.readNumber(this.memory) * 1024,
      wallTimeMs: this.readNumber(this.wallTime),
    };
    const capabilities = this.boxes().flatMap((box) => (box.checked ? [box.value] : []));
    return { ...this.readInput(), limits, capabilities };
  }

  /** A sample goes as it is: a text field would turn its line ends into newlines. */
  private readInput(): Pick<Call, 'argument' | 'args' | 'stdin'> {
    if (this.sample.value === OWN_CALL) return { ...this.readArgument(), stdin: this.stdin.value };
    const { argument, args, stdin = '' } = this.samples[Number(this.sample.value)] ?? {};
    return { ...(argument !== undefined && { argument }), ...(args !== undefined && { args }), stdin };
  }

  private readArgument(): Pick<Call, 'argument' | 'args'> {
    const kind = this.kind.value;
    if (kind === 'none') return {};
    const value = this.parseArgument();
    if (kind === 'json') return { argument: value };
    if (!Array.isArray(value) || value.some((element) => typeof element !== 'string')) {
      throw this.refuse('must be a JSON list of strings, as ["one", "two"]');
    }
    return { args: value };
  }

  private parseArgument(): unknown {
    try {
      return JSON.parse(this.argument.value);
    } catch (error) {
      throw this.refuse(`is not JSON: ${(error as Error).message}`);
    }
  }

  private refuse(reason: string): FieldError {
    this.argumentError.textContent = `The argument ${reason}`;
    this.argument.focus();
    return new FieldError(`the argument ${reason}`);
  }

  private showSample({ argument, args, stdin }: Sample): void {
    this.kind.value = args !== undefined ? 'args' : argument !== undefined ? 'json' : 'none';
    const value = args ?? argument;
    this.argument.value = value === undefined ? '' : writeJson(value);
    this.stdin.value = stdin ?? '';
    if (stdin !== undefined) this.more.open = true;
    this.showKind();
  }

  private showKind(): void {
    this.argumentError.textContent = '';
    this.argument.hidden = this.kind.value === 'none';
    this.argument.placeholder = this.kind.value === 'args' ? '["one", "two"]' : '{ "name": "Ada" }';
    this.argument.rows = Math.min(6, Math.max(2, this.argument.value.split('\n').length));
  }

  private readNumber(field: HTMLInputElement): number {
    if (field.checkValidity()) return field.valueAsNumber;
    // A field in a closed fold cannot show what is wrong with it.
    this.more.open = true;
    field.reportValidity();
    throw new FieldError(`${field.labels?.[0]?.textContent?.trim() ?? 'a limit'}: ${field.validationMessage}`);
  }

  private boxes(): HTMLInputElement[] {
    return [...this.capabilities.querySelectorAll('input')];
  }
}

/** On one line where that can be read. */
function writeJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : JSON.stringify(value, null, 2);
}
