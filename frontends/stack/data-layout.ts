// Places data and reserved memory in the linear memory, one after the other from its first usable byte on.
import type { DataSegment } from '../../vm/index';
import type { ConstantEvaluator } from './constants';
import { FIRST_ADDRESS, MAX_ALIGNMENT, MAX_DATA_BYTES, MAX_STATIC_BYTES } from './limits';
import { floatBits, INTEGER_BITS, integerBits, parseText } from './literals';
import type { Report } from './report';
import type { DataItem, Declaration, ElementType, Value } from './syntax-tree';

type DataDeclaration = Extract<Declaration, { kind: 'data' }>;
type ReserveDeclaration = Extract<Declaration, { kind: 'reserve' }>;

/** Named memory. */
export interface Block {
  readonly address: number;
  length: number;
}

const DEFAULT_ALIGNMENT = 8;
const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = { i8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };

/** The static part of the linear memory. */
export class DataLayout {
  readonly blocks = new Map<string, Block>();
  private readonly pieces: DataSegment[] = [];
  /** Behind the last byte. */
  end = FIRST_ADDRESS;
  private dataBytes = 0;
  /** What a `data` line without a name goes on with. */
  private open: Block | null = null;

  constructor(
    private readonly constants: ConstantEvaluator,
    private readonly report: Report,
  ) {}

  /** The initialised data, what lies side by side in one piece. */
  get segments(): DataSegment[] {
    const runs: DataSegment[][] = [];
    let end = -1;
    for (const piece of this.pieces) {
      if (piece.address === end) runs[runs.length - 1]!.push(piece);
      else runs.push([piece]);
      end = piece.address + piece.bytes.length;
    }
    return runs.map(joinPieces);
  }

  addData(line: DataDeclaration): void {
    if (line.name !== null) this.open = this.begin(line.name.text, line.alignment);
    else if (this.open === null) {
      this.report.error(
        'placement',
        line,
        "'data' without a name goes on with a line of data, and there is none above",
      );
      return;
    }
    for (const item of line.items) this.addItem(this.open, item);
  }

  addReserve(line: ReserveDeclaration): void {
    const block = this.begin(line.name.text, line.alignment);
    this.open = null;
    this.extend(block, line.size, this.constants.integer(line.size, 0, MAX_STATIC_BYTES) ?? 0);
  }

  private begin(name: string, alignmentValue: Value | null): Block {
    const alignment = alignmentValue === null ? DEFAULT_ALIGNMENT : this.alignment(alignmentValue);
    this.end = Math.ceil(this.end / alignment) * alignment;
    const block = { address: this.end, length: 0 };
    if (!this.blocks.has(name)) this.blocks.set(name, block);
    return block;
  }

  private alignment(value: Value): number {
    const alignment = this.constants.integer(value, 1, MAX_ALIGNMENT) ?? 1;
    if ((alignment & (alignment - 1)) === 0) return alignment;
    this.report.error('range', value, 'an alignment is a power of two');
    return 1;
  }

  private addItem(block: Block, item: DataItem): void {
    if (item.kind === 'zero') {
      this.extend(block, item, this.constants.integer(item.size, 0, MAX_STATIC_BYTES) ?? 0);
      return;
    }
    const bytes = item.kind === 'string' ? this.textBytes(item) : this.numberBytes(item);
    if (bytes.length === 0) return;
    this.dataBytes += bytes.length;
    if (this.dataBytes > MAX_DATA_BYTES)
      this.report.fatal('limit', item, `a source has at most ${MAX_DATA_BYTES} bytes of data`);
    this.pieces.push({ address: this.end, bytes });
    this.extend(block, item, bytes.length);
  }

  private extend(block: Block, place: DataItem | Value, length: number): void {
    this.end += length;
    block.length = this.end - block.address;
    if (this.end <= MAX_STATIC_BYTES) return;
    this.report.fatal('limit', place, `data and reserved memory end at ${MAX_STATIC_BYTES} at most`);
  }

  private textBytes(item: Extract<DataItem, { kind: 'string' }>): Uint8Array {
    const bytes = parseText(item.text);
    if (bytes === null) this.report.error('text', item, 'unknown escape sequence');
    return bytes ?? new Uint8Array(0);
  }

  private numberBytes({ type, values }: Extract<DataItem, { kind: 'numbers' }>): Uint8Array {
    const size = ELEMENT_BYTES[type];
    const bytes = new Uint8Array(size * values.length);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => {
      this.writeNumber(view, index * size, type, value);
    });
    return bytes;
  }

  private writeNumber(view: DataView, at: number, type: ElementType, value: Value): void {
    const number = this.constants.number(value);
    if (number === null) return;
    if (type === 'f32' || type === 'f64') {
      const { low, high } = floatBits(number, type);
      view.setInt32(at, low, true);
      if (type === 'f64') view.setInt32(at + 4, high, true);
      return;
    }
    const integer = this.constants.sized(value, number, type);
    if (integer === null) return;
    const { low, high } = integerBits(integer, 'i64');
    for (let byte = 0; byte < INTEGER_BITS[type] / 8; byte++) {
      view.setUint8(at + byte, (byte < 4 ? low >> (byte * 8) : high >> ((byte - 4) * 8)) & 0xff);
    }
  }
}

function joinPieces(pieces: readonly DataSegment[]): DataSegment {
  const { address } = pieces[0]!;
  const last = pieces[pieces.length - 1]!;
  const bytes = new Uint8Array(last.address + last.bytes.length - address);
  for (const piece of pieces) bytes.set(piece.bytes, piece.address - address);
  return { address, bytes };
}
