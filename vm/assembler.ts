// Assembly text to a module: the disassembler's inverse, line by line. The lines inside functions are in
// function-assembler.ts. The module has not been verified.
import { ModuleError } from './errors';
import { FunctionAssembler } from './function-assembler';
import { LineParser } from './line-parser';
import type { DataSegment, FunctionDefinition, Module, Signature } from './module';
import { OPCODE_VERSION } from './opcodes';

/** The module that a text stands for. Throws ModuleError `module.syntax` (or `module.opcode_version`) with the line. */
export function assembleModule(text: string): Module {
  const assembler = new ModuleAssembler();
  text.split('\n').forEach((line, index) => {
    const parser = new LineParser(line, index + 1);
    if (!parser.isEmpty) assembler.addLine(parser);
  });
  return assembler.finish();
}

class ModuleAssembler {
  private language = '';
  private readonly sources: string[] = [];
  private readonly signatures: Signature[] = [];
  private readonly syscalls: string[] = [];
  private readonly intrinsics: string[] = [];
  private readonly table: number[] = [];
  private memory: { dataEnd: number; stackBytes: number } | null = null;
  private readonly segments: { address: number; parts: Uint8Array[] }[] = [];
  private entry: number | null = null;
  private initialiser: number | null = null;
  private readonly functions: FunctionDefinition[] = [];
  private current: FunctionAssembler | null = null;

  addLine(line: LineParser): void {
    const first = line.peek();
    if (first === '.function') {
      this.endFunction();
      line.word();
      this.current = new FunctionAssembler(line);
    } else if (this.current !== null) this.current.addLine(line);
    else this.addDirective(line.word(), line);
    line.end();
  }

  finish(): Module {
    this.endFunction();
    const { language, sources, functions, signatures, syscalls, intrinsics, table, entry, initialiser } = this;
    const memory = this.memory === null ? null : { ...this.memory, segments: this.segments.map(joinParts) };
    return { language, sources, functions, signatures, syscalls, intrinsics, table, memory, entry, initialiser };
  }

  private endFunction(): void {
    if (this.current !== null) this.functions.push(this.current.finish());
    this.current = null;
  }

  private addDirective(directive: string, line: LineParser): void {
    switch (directive) {
      case '.module':
        this.language = line.name();
        return;
      case '.opcodes':
        this.checkVersion(line);
        return;
      case '.source':
        this.sources.push(line.name());
        return;
      case '.signature':
        this.signatures.push(line.signature());
        return;
      case '.syscall':
        this.syscalls.push(line.name());
        return;
      case '.intrinsic':
        this.intrinsics.push(line.name());
        return;
      case '.table':
        while (line.peek() !== undefined) this.table.push(line.takeIf('-') ? -1 : line.prefixed('f'));
        return;
      case '.entry':
        this.entry = line.prefixed('f');
        return;
      case '.initialiser':
        this.initialiser = line.prefixed('f');
        return;
      default:
        this.addMemoryDirective(directive, line);
    }
  }

  private addMemoryDirective(directive: string, line: LineParser): void {
    if (directive === '.memory') this.memory = { dataEnd: line.natural(), stackBytes: line.natural() };
    else if (this.memory === null) line.refuse(`'${directive}' is no directive here`);
    else if (directive === '.data') this.segments.push({ address: line.natural(), parts: [line.bytes()] });
    else if (directive === '.bytes') this.extendData(line);
    else line.refuse(`'${directive}' is no directive`);
  }

  private extendData(line: LineParser): void {
    const last = this.segments[this.segments.length - 1];
    if (last === undefined) line.refuse('.bytes without .data');
    else last.parts.push(line.bytes());
  }

  private checkVersion(line: LineParser): void {
    const version = line.natural();
    if (version !== OPCODE_VERSION) {
      throw new ModuleError('module.opcode_version', `${version}, not ${OPCODE_VERSION}`, { line: line.number });
    }
  }
}

function joinParts({ address, parts }: { address: number; parts: readonly Uint8Array[] }): DataSegment {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return { address, bytes };
}
