// Work that fengari's parser does beyond a constant amount a token: looking names up, walking lists of jumps and of
// gotos. It is charged before it is done, so that a hostile source cannot make compilation quadratic.
import type { ParserFunction, ParserState } from './parser-fengari';

/** Steps that any source may cost, and steps more for each of its bytes. Ordinary code needs less than 20 a byte. */
const BASE_STEPS = 1 << 24;
const STEPS_PER_BYTE = 64;

/** Steps left for one parse. */
export class ParserBudget {
  private left: number;

  constructor(
    sourceBytes: number,
    private readonly onExhausted: () => never,
  ) {
    this.left = BASE_STEPS + STEPS_PER_BYTE * sourceBytes;
  }

  charge(steps: number): void {
    this.left -= steps;
    if (this.left < 0) this.onExhausted();
  }

  /** A name is searched in every enclosing function. */
  chargeName(innermost: ParserFunction): void {
    let steps = 0;
    for (let fs: ParserFunction | null = innermost; fs !== null; fs = fs.prev) steps += fs.nactvar + fs.nups + 1;
    this.charge(steps);
  }

  /** At the end of a block and at a label, pending gotos are matched with labels and taken from a list. */
  chargeGotos({ dyd }: ParserState): void {
    this.charge(dyd.gt.n * (dyd.gt.n + dyd.label.n));
  }

  /** Each side of a label: its name is compared with those of all labels that can be seen, by way of several calls. */
  chargeLabels({ dyd }: ParserState): void {
    this.charge(2 * dyd.label.n);
  }
}
