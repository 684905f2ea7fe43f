// What came of a run: output as it comes, then values or the error with its stack, and usage against limits.
import type { ExecutionError, ExecutionResult, GuestValue, StackFrame } from 'gazelle/browser';
import { find, make, makeLink } from './elements';
import type { RunEnd } from './machine';
import { usageRows } from './usage-rows';
import { describeValue, formatBytes, formatCount, typeOf } from './values';

export interface ResultEvents {
  /** A line of a stack was chosen. */
  goTo(line: number): void;
}

export class ResultView {
  private readonly hint = find('hint', HTMLElement);
  private readonly failure = find('failure', HTMLElement);
  private readonly value = find('value', HTMLElement);
  private readonly output = find('output', HTMLElement);
  private readonly outputText = find('output-text', HTMLPreElement);
  private readonly outputNote = find('output-note', HTMLElement);
  private readonly usage = find('usage', HTMLElement);

  constructor(private readonly events: ResultEvents) {}

  /** `hasHint`: says how a result is to be had. */
  clear(hasHint: boolean): void {
    this.hint.hidden = !hasHint;
    for (const part of [this.failure, this.value, this.outputText, this.usage]) part.replaceChildren();
    this.outputNote.textContent = '';
    this.output.hidden = true;
  }

  /** Appends a piece of output. */
  write(stream: 'stdout' | 'stderr', text: string): void {
    this.output.hidden = false;
    const isAtEnd = this.outputText.scrollTop + this.outputText.clientHeight >= this.outputText.scrollHeight - 4;
    const last = this.outputText.lastElementChild;
    if (last?.className === stream) last.append(text);
    else this.outputText.append(make('span', { class: stream }, text));
    if (isAtEnd) this.outputText.scrollTop = this.outputText.scrollHeight;
  }

  show(end: RunEnd): void {
    if (end.type === 'replaced') this.showFailure('Stopped', end.reason);
    else if (end.type === 'refused') {
      const reason = end.failure ?? 'The source does not compile; see the messages under it.';
      this.showFailure('Not run', reason);
    } else this.showResult(end);
  }

  private showResult({ result, limits, fileName, omittedBytes }: Extract<RunEnd, { type: 'ended' }>): void {
    if (result.error !== undefined) this.showError(result.error, fileName);
    if (result.status === 'ok') this.showValues(result);
    this.usage.replaceChildren(make('h3', {}, 'Usage'), ...usageRows(result.usage, limits));
    if (omittedBytes > 0) {
      this.outputNote.textContent = `${formatBytes(omittedBytes)} more of output are not shown.`;
    }
  }

  private showValues({ values, exitCode }: ExecutionResult): void {
    const blocks = values.map((value, index) => valueBlock(values.length > 1 ? `Value ${index + 1}` : 'Value', value));
    if (exitCode !== null && exitCode !== 0) blocks.push(make('p', {}, `Exit code ${exitCode}`));
    this.value.replaceChildren(...blocks);
  }

  private showFailure(title: string, reason: string): void {
    this.failure.replaceChildren(make('div', { class: 'failure' }, make('h3', {}, title), make('p', {}, reason)));
  }

  private showError(error: ExecutionError, fileName: string): void {
    const { code, message, stack, skippedFrames, resource, limit, used } = error;
    const parts: Node[] = [make('h3', {}, make('code', {}, code)), make('p', {}, message)];
    if (resource !== undefined && limit !== undefined) {
      parts.push(make('p', {}, `limit ${formatCount(limit)}, used ${formatCount(used ?? 0)}`));
    }
    if (error.value !== undefined) parts.push(valueBlock('Error value', error.value));
    if (stack.length > 0) {
      const items = stack.map((frame) => make('li', {}, this.frameButton(frame, fileName)));
      if (skippedFrames > 0) {
        items.splice(Math.ceil(stack.length / 2), 0, make('li', {}, `… ${skippedFrames} calls left out`));
      }
      parts.push(make('ol', { class: 'stack', 'aria-label': 'Stack, innermost first' }, ...items));
    }
    this.failure.replaceChildren(make('div', { class: 'failure' }, ...parts));
  }

  /** Frames in the page's own source lead there; library frames lead nowhere. */
  private frameButton({ function: name, file, line }: StackFrame, fileName: string): Node {
    const text = `${file}:${line === 0 ? '?' : line}: in ${name}`;
    return file === fileName && line > 0 ? makeLink(text, () => this.events.goTo(line)) : make('span', {}, text);
  }
}

function valueBlock(title: string, value: GuestValue): HTMLElement {
  const heading = make('h3', {}, title, ' ', make('small', {}, typeOf(value)));
  return make('div', { class: 'value' }, heading, make('pre', {}, describeValue(value)));
}
