// Short listings of compiled functions: one text an instruction, registers as r1, constants as they are written.
import { compileLua, type LuaCompileOptions } from '../../../frontends/lua/index';
import { decodeOp, decodeOperand } from '../../../vm/encoding';
import { type Constant, type FunctionDefinition, type Module, VALUE_OPCODES } from '../../../vm/index';
import { verifyModule } from '../../../vm/verifier';

/** Compiles a source that must compile, to a module that the verifier accepts. */
export function compile(source: string, options: Partial<LuaCompileOptions> = {}): Module {
  const { module, diagnostics } = compileLua(new TextEncoder().encode(source), { fileName: 'f.lua', ...options });
  if (module === undefined) throw new Error(`${diagnostics[0]!.line}: ${diagnostics[0]!.message}`);
  verifyModule(module);
  return module;
}

/** The instructions of function `index`; jumps as ->pc of their target. */
export function listing(module: Module, index = 0): string[] {
  const definition = module.functions[index]!;
  const texts: string[] = [];
  for (let pc = 0; pc < definition.code.length; ) {
    const word = definition.code[pc]!;
    const opcode = VALUE_OPCODES[decodeOp(word)]!;
    const extra = definition.code[pc + 1] ?? 0;
    const end = pc + opcode.length;
    const operands = opcode.operands.map((operand) => {
      return describe(operand.kind, decodeOperand(operand, word, extra), end, definition, module);
    });
    texts.push([opcode.mnemonic, ...operands].join(' '));
    pc = end;
  }
  return texts;
}

/** The listing without the last `return_none`, which every function has. */
export function body(source: string, index = 0, options: Partial<LuaCompileOptions> = {}): string[] {
  return listing(compile(source, options), index).slice(0, -1);
}

function describe(kind: string, value: number, end: number, { constants }: FunctionDefinition, module: Module): string {
  if (kind === 'dst' || kind === 'src' || kind === 'use') return `r${value}`;
  if (kind === 'k8' || kind === 'k16') return constantText(constants[value]!);
  if (kind === 'j16' || kind === 'j24') return `->${end + value}`;
  if (kind === 'intr') return module.intrinsics[value]!;
  if (kind === 'sys') return module.syscalls[value]!;
  return String(value);
}

function constantText(constant: Constant): string {
  switch (constant.kind) {
    case 'nil':
      return 'nil';
    case 'string':
    case 'text':
      return JSON.stringify(new TextDecoder('latin1').decode(constant.bytes));
    case 'integer':
      return String((BigInt(constant.high) << 32n) | BigInt(constant.low >>> 0));
    case 'float':
      return Object.is(constant.value, -0) ? '-0.0' : `${constant.value}f`;
    default:
      return String(constant.value);
  }
}
