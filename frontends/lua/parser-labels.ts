// The labels that are visible where the parser is, by name: fengari's parser only has a list of them.
import type { ParserBlock, ParserLabel, ParserState, ParserString } from './parser-fengari';

/** Follows the parser's list, which grows with each label and shrinks with each block that ends. */
export class VisibleLabels {
  private readonly list: ParserLabel[] = [];
  /** By name: places in the list, the latest last. */
  private readonly places = new Map<ParserString, number[]>();

  /** The line of the label `name` of the current function; null when there is none. */
  lineOf(state: ParserState, name: ParserString): number | null {
    this.follow(state);
    const places = this.places.get(name);
    if (places === undefined || places.length === 0) return null;
    const place = places[places.length - 1]!;
    return place >= firstLabelOf(state.fs.bl) ? this.list[place]!.line : null;
  }

  private follow({ dyd }: ParserState): void {
    const { arr, n } = dyd.label;
    while (
      this.list.length > n ||
      (this.list.length > 0 && this.list[this.list.length - 1] !== arr[this.list.length - 1])
    ) {
      this.places.get(this.list.pop()!.name)!.pop();
    }
    for (let place = this.list.length; place < n; place++) {
      const label = arr[place]!;
      this.list.push(label);
      const places = this.places.get(label.name);
      if (places === undefined) this.places.set(label.name, [place]);
      else places.push(place);
    }
  }
}

/** Place of the first label of the function that has the block. */
function firstLabelOf(block: ParserBlock): number {
  let outermost = block;
  while (outermost.previous !== null) outermost = outermost.previous;
  return outermost.firstlabel;
}
