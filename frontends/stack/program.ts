// The program as its declarations say: all that code can name. Functions and the table may be used above their lines;
// constants and data, in other declarations, only below.
import { ConstantEvaluator, type ConstantNames } from './constants';
import { DataLayout } from './data-layout';
import { collectFunctions, type FunctionSource } from './functions';
import { MAX_STACK_BYTES } from './limits';
import type { NumberLiteral } from './literals';
import { checkName, NULL_NAME } from './names';
import { quote, type Report } from './report';
import type { Line, Name } from './syntax-tree';

const DEFAULT_ENTRY = 'main';
const LENGTH_SUFFIX = '.length';

/** Everything that a source declares. */
export class Program implements ConstantNames {
  readonly functions: readonly FunctionSource[];
  /** Function indices by table index, -1 for an empty element. */
  readonly table: number[] = [];
  readonly constants: ConstantEvaluator;
  readonly data: DataLayout;
  /** Bytes of the memory stack; null when the source does not say. */
  stackBytes: number | null = null;
  /** Index of the function that an execution starts with. */
  entry = -1;

  private readonly functionsByName = new Map<string, FunctionSource>();
  private readonly tableIndices = new Map<string, number>();
  private readonly numbers = new Map<string, NumberLiteral>();

  constructor(
    lines: readonly Line[],
    private readonly report: Report,
  ) {
    this.constants = new ConstantEvaluator(this, report);
    this.data = new DataLayout(this.constants, report);
    this.functions = collectFunctions(lines, report);
    for (const source of this.functions) this.functionsByName.set(source.name.text, source);
    for (const line of lines) if (line.kind === 'table') for (const name of line.names) this.addTableElement(name);
    for (const line of lines) this.addDeclaration(line);
    this.chooseEntry(lines);
  }

  numberOf(name: string): NumberLiteral | undefined {
    const number = this.numbers.get(name);
    if (number !== undefined) return number;
    const address = this.data.blocks.get(name)?.address;
    if (address !== undefined) return { kind: 'integer', value: BigInt(address) };
    if (!name.endsWith(LENGTH_SUFFIX)) return undefined;
    const length = this.data.blocks.get(name.slice(0, -LENGTH_SUFFIX.length))?.length;
    return length === undefined ? undefined : { kind: 'integer', value: BigInt(length) };
  }

  isFunction(name: string): boolean {
    return this.functionsByName.has(name);
  }

  tableIndexOf(name: string): number | undefined {
    return this.tableIndices.get(name);
  }

  /** The function of that name; undefined, with an error, when there is none. */
  functionNamed(name: Name): FunctionSource | undefined {
    const found = this.functionsByName.get(name.text);
    if (found === undefined) this.report.error('unknown-name', name, `there is no function '${quote(name.text)}'`);
    return found;
  }

  private addTableElement(name: Name): void {
    if (!this.tableIndices.has(name.text)) this.tableIndices.set(name.text, this.table.length);
    this.table.push(name.text === NULL_NAME ? -1 : (this.functionNamed(name)?.index ?? -1));
  }

  private addDeclaration(line: Line): void {
    if (line.kind === 'const') {
      const number = this.constants.number(line.value);
      this.checkNumberName(line.name);
      if (number !== null) this.numbers.set(line.name.text, number);
    } else if (line.kind === 'data') {
      if (line.name !== null) this.checkNumberName(line.name);
      this.data.addData(line);
    } else if (line.kind === 'reserve') {
      this.checkNumberName(line.name);
      this.data.addReserve(line);
    } else if (line.kind === 'memory') {
      this.stackBytes = this.constants.integer(line.stackSize, 0, MAX_STACK_BYTES) ?? 0;
    }
  }

  private checkNumberName(name: Name): void {
    checkName(name, this.numberOf(name.text) !== undefined, this.report);
  }

  private chooseEntry(lines: readonly Line[]): void {
    const declared = lines.filter((line) => line.kind === 'entry');
    if (declared.length > 1) this.report.error('duplicate', declared[1]!, 'there is an entry already');
    const [first] = declared;
    if (first !== undefined) this.entry = this.functionNamed(first.name)?.index ?? -1;
    else if (this.isFunction(DEFAULT_ENTRY)) this.entry = this.functionsByName.get(DEFAULT_ENTRY)!.index;
    else if (!this.report.hasErrors) {
      const place = { line: 1, column: 1, length: 1 };
      const hint = "name the function to start with: 'entry NAME'";
      this.report.error('entry', place, `there is neither an entry nor a function '${DEFAULT_ENTRY}'`, hint);
    }
  }
}
