// Makes the module: finds what main reaches, in the program and the library, generates code for that alone, and gives
// globals their addresses in the order in which they are met.
import { type Module, ModuleBuilder, type Signature, type ValueType } from '../../vm/index';
import { emitFunction } from './emit-function';
import { OutOfRegisters } from './frame';
import { generateFunction } from './generate-function';
import type { ProgramSymbols } from './generation';
import type { CLibrary } from './library';
import { MAX_DATA_BYTES, STACK_BYTES } from './limits';
import { roundUp } from './record-layout';
import { CompilationStopped, type Report } from './report';
import type { SourceFile } from './source-file';
import { END, Token } from './token';
import { EndType } from './token-types';
import type { CheckedUnit, FunctionSymbol, GlobalVariable } from './typed-tree';
import { alignmentOf, type CType, type FunctionType, sizeOf, valueTypeOf } from './types';

/** Where static data begins: below, nothing is ever mapped. */
const DATA_START = 1024;
/** Gaps of zeros up to this long are written rather than split into two segments. */
const LARGEST_GAP = 64;

interface DataPiece {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The module of `unit` with what it needs of the library. Reports what is missing. */
export function link(unit: CheckedUnit, library: CLibrary, source: SourceFile, report: Report): Module | undefined {
  const linker = new Linker(unit, library, report);
  return linker.link(source);
}

class Linker implements ProgramSymbols {
  private readonly builder = new ModuleBuilder('c');
  private readonly resolved = new Map<FunctionSymbol | GlobalVariable, FunctionSymbol | GlobalVariable>();
  private readonly functionIndices = new Map<FunctionSymbol, number>();
  private readonly tableIndices = new Map<FunctionSymbol, number>();
  private readonly addresses = new Map<GlobalVariable, number>();
  private readonly literals = new Map<string, number>();
  private readonly functionQueue: FunctionSymbol[] = [];
  private readonly dataQueue: GlobalVariable[] = [];
  private readonly pieces: DataPiece[] = [];
  private dataEnd = DATA_START;

  constructor(
    private readonly unit: CheckedUnit,
    private readonly library: CLibrary,
    private readonly report: Report,
  ) {
    // A null pointer to a function is element 0, which is empty.
    this.builder.addTableElement(-1);
  }

  link(source: SourceFile): Module | undefined {
    const place = new Token(END, '', EndType, source, 1, 1, false, true, false);
    const start = this.entry(place);
    if (start === undefined) return undefined;
    this.builder.entry = this.functionIndex(start);
    this.generateAll();
    if (this.report.hasErrors) return undefined;
    this.builder.setMemory(this.dataEnd, STACK_BYTES);
    for (const { address, bytes } of mergedPieces(this.pieces)) this.builder.addData(address, bytes);
    return this.builder.build();
  }

  /** The library's function that calls main, of the kind that main is. */
  private entry(place: Token): FunctionSymbol | undefined {
    const main = this.unit.functions.get('main');
    if (main === undefined) {
      this.report.error('no-main', "there is no function 'main'", place);
      return undefined;
    }
    const { parameters, result } = main.type;
    const isInt = result.kind === 'integer' && result.size === 4;
    if (!isInt || parameters.length > 2 || parameters.length === 1) {
      this.report.error('no-main', 'main must be int main(void) or int main(int, char **)', main.token);
      return undefined;
    }
    const name = parameters.length === 0 ? '__start' : '__start_with_arguments';
    return this.library.find(name, 'start.h') as FunctionSymbol;
  }

  private generateAll(): void {
    for (;;) {
      const symbol = this.functionQueue.shift();
      if (symbol !== undefined) {
        this.generate(symbol);
        continue;
      }
      const variable = this.dataQueue.shift();
      if (variable === undefined) return;
      this.writeData(variable);
    }
  }

  private generate(symbol: FunctionSymbol): void {
    const { token, end } = symbol.body!;
    const builder = this.builder.addFunction(
      {
        family: 'typed',
        name: symbol.name,
        signature: signatureOf(symbol.type, symbol.type.parameters),
        source: this.builder.source(token.file.name),
        line: token.line,
        lastLine: end.line,
      },
      this.functionIndices.get(symbol)!,
    );
    try {
      const { items, registerCount } = generateFunction(this, symbol, symbol.body!);
      emitFunction(items, registerCount, builder);
    } catch (error) {
      if (!(error instanceof OutOfRegisters)) throw error;
      this.report.error('too-complex', `an expression in '${symbol.name}' is too complex`, token, 'split it up');
      throw new CompilationStopped();
    }
  }

  // --- what the code generator asks for ---

  definitionOf(symbol: FunctionSymbol): FunctionSymbol {
    return this.resolveFunction(symbol);
  }

  functionIndex(symbol: FunctionSymbol): number {
    const definition = this.resolveFunction(symbol);
    const known = this.functionIndices.get(definition);
    if (known !== undefined) return known;
    const index = this.builder.reserveFunction();
    this.functionIndices.set(definition, index);
    this.functionQueue.push(definition);
    return index;
  }

  tableIndex(symbol: FunctionSymbol): number {
    const definition = this.resolveFunction(symbol);
    let index = this.tableIndices.get(definition);
    if (index === undefined) {
      index = this.builder.addTableElement(this.functionIndex(definition));
      this.tableIndices.set(definition, index);
    }
    return index;
  }

  signatureIndex(type: FunctionType, args: readonly CType[]): number {
    return this.builder.signature(signatureOf(type, args));
  }

  syscallIndex(name: string): number {
    return this.builder.syscall(name);
  }

  intrinsicIndex(name: string): number {
    return this.builder.intrinsic(name);
  }

  addressOf(variable: GlobalVariable): number {
    const definition = this.resolveVariable(variable);
    const known = this.addresses.get(definition);
    if (known !== undefined) return known;
    const literal = literalKey(definition);
    const same = literal === undefined ? undefined : this.literals.get(literal);
    const address = same ?? this.allocate(definition);
    if (literal !== undefined) this.literals.set(literal, address);
    this.addresses.set(definition, address);
    if (same === undefined && definition.data !== undefined) this.dataQueue.push(definition);
    return address;
  }

  // --- definitions ---

  private resolveFunction(symbol: FunctionSymbol): FunctionSymbol {
    if (symbol.body !== undefined) return symbol;
    const definition = this.resolve(symbol);
    if (definition.kind === 'function') return definition;
    return this.missing(symbol.name, symbol.token);
  }

  private resolveVariable(variable: GlobalVariable): GlobalVariable {
    if (variable.isDefined) return variable;
    const definition = this.resolve(variable);
    if (definition.kind === 'global') return definition;
    return this.missing(variable.name, variable.token);
  }

  /** The definition of what another unit must define: the program's own, else the library's. */
  private resolve(symbol: FunctionSymbol | GlobalVariable): FunctionSymbol | GlobalVariable {
    let definition = this.resolved.get(symbol);
    if (definition !== undefined) return definition;
    const { name, token } = symbol;
    definition = this.unit.functions.get(name) ?? this.unit.globals.get(name);
    if (symbol.isExternal) definition ??= this.library.find(name, token.file.name);
    if (definition === undefined) return this.missing(name, token);
    this.resolved.set(symbol, definition);
    return definition;
  }

  private missing(name: string, token: Token): never {
    return this.report.fatal('undefined-reference', `'${name}' is used but defined nowhere`, token);
  }

  // --- data ---

  private allocate(variable: GlobalVariable): number {
    const address = roundUp(this.dataEnd, Math.max(variable.alignment, alignmentOf(variable.type)));
    this.dataEnd = address + Math.max(1, sizeOf(variable.type), variable.data?.bytes.length ?? 0);
    if (this.dataEnd > MAX_DATA_BYTES) {
      this.report.fatal('too-large', 'the global variables are too large', variable.token, 'use malloc');
    }
    return address;
  }

  private writeData(variable: GlobalVariable): void {
    const { bytes, relocations } = variable.data!;
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    for (const { offset, target, addend } of relocations) {
      const base = target.kind === 'function' ? this.tableIndex(target) : this.addressOf(target);
      view.setInt32(offset, base + addend, true);
    }
    if (copy.some((byte) => byte !== 0)) this.pieces.push({ address: this.addresses.get(variable)!, bytes: copy });
  }
}

/** What makes a string literal the same as another one; undefined for anything else. */
function literalKey({ isLiteral, data, alignment }: GlobalVariable): string | undefined {
  if (!isLiteral || alignment > 1 || data === undefined || data.relocations.length > 0) return undefined;
  return data.bytes.length > 256 ? undefined : String.fromCharCode(...data.bytes);
}

function signatureOf(type: FunctionType, parameters: readonly CType[]): Signature {
  const params: ValueType[] = parameters.map(valueTypeOf);
  const { result } = type;
  // A struct goes back through an address that the caller gives first; variable arguments come by an address, last.
  if (result.kind === 'record') params.unshift('i32');
  if (type.isVariadic) params.push('i32');
  return { params, results: result.kind === 'void' ? [] : [valueTypeOf(result)] };
}

/** `pieces` in order, those that nearly touch joined. */
function mergedPieces(pieces: readonly DataPiece[]): DataPiece[] {
  const sorted = [...pieces].sort((a, b) => a.address - b.address);
  const merged: DataPiece[] = [];
  for (let index = 0; index < sorted.length; ) {
    const start = sorted[index]!.address;
    let end = index;
    let stop = start;
    while (end < sorted.length && sorted[end]!.address - stop <= LARGEST_GAP) {
      stop = sorted[end]!.address + sorted[end]!.bytes.length;
      end++;
    }
    const bytes = new Uint8Array(stop - start);
    for (const piece of sorted.slice(index, end)) bytes.set(piece.bytes, piece.address - start);
    merged.push({ address: start, bytes });
    index = end;
  }
  return merged;
}
