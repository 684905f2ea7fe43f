// docs/bytecode.md as text: the reference of the instructions, the calling convention and the modules' two forms. What
// the machine's tables say is taken from them; only prose stands here.
import { OPERAND_PREFIXES } from '../vm/assembly-text';
import { FORMAT_VERSION, HEADER_FIELDS, MODULE_MAGIC, SECTIONS } from '../vm/codec';
import { A_BITS, B_BITS, BX_BITS, C_BITS, OP_BITS, operandRange, SJ_BITS } from '../vm/encoding';
import { MODULE_ERRORS, TRAP_COUNT, Trap, trapDefinition } from '../vm/errors';
import { NULL_GUARD_BYTES, SHORT_STRING_BYTES, TYPED_REGISTER_WORDS, VALUE_REGISTER_WORDS } from '../vm/layout';
import { MAXIMUM_REGISTERS } from '../vm/limits';
import { CONSTANT_BYTES, FUNCTION_BITS, TYPE_BYTES } from '../vm/module-writer';
import { NOTES, OPCODE_VERSION, type Opcode, type OperandKind, TYPED_OPCODES, VALUE_OPCODES } from '../vm/opcodes';

const KINDS: Readonly<Record<OperandKind, string>> = {
  dst: 'register that is written',
  src: 'register that is read',
  use: 'register that is both, or the first of a run',
  u8: 'immediate',
  s8: 'immediate',
  k8: 'constant',
  up: 'upvalue',
  flag: '0 or 1',
  count: 'number of values',
  u16: 'immediate',
  s16: 'immediate',
  k16: 'constant',
  j16: 'jump: words from the end of the instruction',
  fn: 'function of the module',
  sys: 'syscall that the module imports',
  intr: 'intrinsic that the module imports',
  trap: 'trap',
  j24: 'jump: words from the end of the instruction',
  x24: 'immediate',
};

/** The document. */
export function bytecodeDocument(notice: string): string {
  const common = TYPED_OPCODES.filter(({ family }) => family === 'common');
  const typed = TYPED_OPCODES.filter(({ family }) => family === 'typed');
  const value = VALUE_OPCODES.filter(({ family }) => family === 'value');
  return `<!-- ${notice} -->
# The bytecode

Version ${OPCODE_VERSION} of the instructions, version ${FORMAT_VERSION} of the binary form. Two families of functions share one encoding, one
frame protocol and one module: typed functions have WebAssembly's numeric semantics, value functions have Lua 5.4's. Both
are register machines: a function has up to ${MAXIMUM_REGISTERS} registers R[0], R[1], ..., constants K[0], K[1], ..., and a value function
upvalues U[0], U[1], .... A register of a typed function has ${TYPED_REGISTER_WORDS * 32} bits, one of a value function ${VALUE_REGISTER_WORDS * 32}: a value of 64 bits and its
tag.

- [Encoding](#encoding)
- [Instructions](#instructions): [common](#common), [typed](#typed), [value](#value), [notes](#notes)
- [Traps](#traps)
- [Calling convention](#calling-convention)
- [Binary form](#binary-form)
- [Assembly text](#assembly-text)

## Encoding

An instruction is a word of 32 bits, some are followed by an \`extra\` word. Fields, and what lies in them:

\`\`\`text
${picture()}
\`\`\`

Operand \`x\` is the 24 bits \`sj\` of the extra word. Bits that an instruction does not use are 0. Kinds of operands:

| kind | bits | from | to | what |
| --- | --- | --- | --- | --- |
${Object.entries(KINDS).map(kindRow).join('\n')}

## Instructions

Numbers are per family, the common ones first. Every instruction costs what its row says, charged when it is dispatched;
work that grows with its input is charged beside it, in proportion, and can stop in the middle. Flags: **T** terminator,
control never goes on behind it; **S** safepoint, the context may be preempted there and go on later; **F** fault, may
end in a trap or an error of the guest.

### Common

${table(common)}

### Typed

The bits of an i32 or f32 are the low word of the register; the high word then means nothing.

${table(typed)}

### Value

${table(value)}

### Notes

${NOTES.map((note, index) => `${index + 1}. ${note}`).join('\n')}

## Traps

A trap ends the execution: unlike an error of the value family it cannot be caught. Those that stand for a limit are
reported as that limit.

| number | code | message |
| --- | --- | --- |
${Array.from({ length: TRAP_COUNT }, (_, number) => trapRow(number)).join('\n')}

## Calling convention

Frames are records in the context's heap, registers a stack of words beside them: a call never uses the host's stack.

- **Typed to typed.** Arguments stand in R[a], R[a + 1], ... in the order of the signature. The callee's R[0] is the caller's
  R[a], so nothing is copied, and the results are found in R[a], R[a + 1], .... What lay above the arguments in the
  caller's frame from R[a] on is lost. Each frame has its own memory stack pointer, which begins as its caller's: returning
  frees what the callee has allocated there.
- **Value to value.** The function stands in R[a], its arguments in R[a + 1], .... Missing parameters are nil; surplus
  arguments are dropped, or kept below R[0] for \`vararg\` when the function has variable arguments. Results replace the
  function: R[a], R[a + 1], ..., as many as the call wants. A call that wants all of them sets the top behind the last.
- **Typed to value.** \`call\` and \`call_indirect\` of a value function with a signature: i32 and i64 arguments become
  integers, f32 and f64 floats; results are converted back, and one that has no such value traps
  (\`${trapDefinition(Trap.CONVERSION_FAILED).code}\`). Such a function has no upvalues.
- **Value to typed.** \`closure\` of a typed function makes something that is called like any other. Arguments and results are
  converted by its signature; surplus arguments are dropped, one that is missing or cannot be converted traps
  (\`${trapDefinition(Trap.WRONG_ARGUMENT).code}\`).
- **Syscalls and intrinsics** take their arguments from R[a] on and leave the results there (note 1).

The entry and the initialiser, when they are value functions, get the table of globals as their only upvalue.

## Binary form

A module has exactly one binary form, and whatever the decoder accepts encodes to the same bytes, so the SHA-256 of the bytes
is the module's identity. The decoder proves the form, the verifier the meaning; both refuse with a \`ModuleError\`.

- A **word** is 4 bytes, little-endian. A **number** is unsigned LEB128 of at most 32 bits, in its shortest form. A
  **signed** number n is the number 2n, or -2n - 1 if negative. **Bytes** and **list** are their number of elements, then
  the elements. A **float** is 8 bytes, little-endian IEEE 754; the only NaN is \`0x7ff8000000000000\`.
- A **name** is the number 0 and UTF-8 bytes (a lone surrogate as the 3 bytes of its number) at its first occurrence in
  the module, then the number of that first occurrence, from 1.
- A **signature** is a list of parameter types and a list of result types; a type is a byte: ${TYPE_BYTES.map((type, byte) => `${byte} ${type}`).join(', ')}.

The header is ${HEADER_FIELDS.length} words: ${HEADER_FIELDS.join(', ')}. The magic is
\`0x${MODULE_MAGIC.toString(16)}\`, the bytes \`\\0gzm\`. The checksum is the CRC-32 (IEEE) of everything but itself. Then follow all sections in this order, each as a byte with its number, the
number of its bytes, and its content:

| section | content |
| --- | --- |
${Object.entries(SECTION_CONTENTS).map(sectionRow).join('\n')}

A **function** is a byte of bits (${Object.entries(FUNCTION_BITS)
    .map(([name, bit]) => `${bit} ${name.toLowerCase()}`)
    .join(', ')}), its signature if it has one, the number of parameters, the
number of registers, a list of upvalues (a byte: 1 from a register of the enclosing function, 0 from an upvalue; and its
number), a list of constants, the number of code words, the words. A **constant** is a byte (${Object.entries(
    CONSTANT_BYTES,
  )
    .map(([name, byte]) => `${byte} ${name.toLowerCase()}`)
    .join(', ')})
and, for an integer, its low and its high word, for a float the float, for a string or a text the bytes. An f32 is an integer with
its bits in the low word. Names of fields are strings of at most ${SHORT_STRING_BYTES} bytes.

**Debug information** of a function is a name for each upvalue, the function's name, the index of its source, its first and
last line; a list of lines (words since the last entry's, signed difference of lines); a list of local variables (name,
register, first word, word behind the last); a list of operand names (words since the last entry's, operand, name of its
kind, name).

Codes of a \`ModuleError\`:

| code | meaning |
| --- | --- |
${Object.entries(MODULE_ERRORS)
  .map(([code, message]) => `| \`${code}\` | ${message} |`)
  .join('\n')}

## Assembly text

\`gazelle disasm\` prints a module as text, and the assembler makes exactly the same module of it. A line is a directive (with
a dot), a label (with a colon), or an instruction; \`;\` begins a comment. Operands stand in the order of the tables
above: ${prefixes()}, others as decimal numbers, jumps as labels or as distances.

| directive | meaning |
| --- | --- |
${DIRECTIVES.map(([form, meaning]) => `| \`${form}\` | ${meaning} |`).join('\n')}
`;
}

const SECTION_CONTENTS: Readonly<Record<keyof typeof SECTIONS, string>> = {
  NAMES: 'name of the language; list of names: source files',
  SIGNATURES: 'list of signatures that `call_indirect` names',
  IMPORTS: 'list of names: syscalls; list of names: intrinsics',
  FUNCTIONS: 'list of functions',
  TABLE: 'list of numbers: function index + 1 of each table element, or 0',
  MEMORY: `byte 0; or byte 1, end of the static data, bytes of the memory stack, list of segments (address from ${NULL_GUARD_BYTES} on, bytes) in order of address`,
  ENTRIES: 'function index + 1 of the entry, or 0; the same for the initialiser',
  DEBUG: 'debug information of each function',
};

const DIRECTIVES: readonly (readonly [form: string, meaning: string])[] = [
  ['.module "LANGUAGE"', 'language that the module was compiled from'],
  ['.opcodes N', 'version of the instructions'],
  ['.source "PATH"', 'a source file'],
  ['.signature (TYPES) -> (TYPES)', 'a signature, numbered from 0'],
  ['.syscall "NAME", .intrinsic "NAME"', 'an import, numbered from 0'],
  ['.table fN - ...', 'the table: functions, `-` for none'],
  ['.memory DATA-END STACK-BYTES', 'the linear memory'],
  ['.data ADDRESS "BYTES"', 'a data segment; `.bytes "BYTES"` continues it'],
  ['.entry fN, .initialiser fN', 'where an execution starts; what makes the image'],
  ['.function FAMILY "NAME" (TYPES) -> (TYPES)', 'begins a function; a value function may have no signature'],
  ['.registers N, .parameters N, .vararg', "the frame; parameters when they are not the signature's"],
  ['.upvalue rN "NAME" or uN "NAME"', 'an upvalue: a register or an upvalue of the enclosing function'],
  ['.constant nil, true, false, integer N, float N, string "BYTES", text "BYTES"', 'a constant'],
  ['.defined SOURCE LINE LAST-LINE', 'where the function is defined'],
  ['.local rN "NAME" START END', 'a local variable, with the words where it lives'],
  ['.line N', 'source line of the instructions that follow'],
  ['.name OPERAND KIND "NAME"', 'what an operand of the instruction before is called'],
  ['.word 0xHHHHHHHH', 'a word that is no instruction'],
];

/** The bits, most significant first, as wide as the fields are. */
function picture(): string {
  const layouts: [string, number][][] = [
    [
      ['c', C_BITS],
      ['b', B_BITS],
      ['a', A_BITS],
      ['op', OP_BITS],
    ],
    [
      ['bx', BX_BITS],
      ['a', A_BITS],
      ['op', OP_BITS],
    ],
    [
      ['sj', SJ_BITS],
      ['op', OP_BITS],
    ],
  ];
  const rule = (fields: [string, number][]): string =>
    `+${fields.map(([, bits]) => '-'.repeat(bits * 2 - 1)).join('+')}+`;
  const row = (fields: [string, number][]): string =>
    `|${fields.map(([name, bits]) => centred(name, bits * 2 - 1)).join('|')}|`;
  const lines = [bitNumbers(layouts[0]!), rule(layouts[0]!)];
  for (const fields of layouts) lines.push(row(fields), rule(fields));
  return lines.join('\n');
}

function bitNumbers(fields: readonly [string, number][]): string {
  let high = 32;
  return fields
    .map(([, bits]) => {
      high -= bits;
      const first = `${high + bits - 1}`;
      return ` ${first}${`${high}`.padStart(bits * 2 - 1 - first.length)}`;
    })
    .join('');
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return ' '.repeat(left) + text + ' '.repeat(width - text.length - left);
}

function kindRow([kind, what]: [string, string]): string {
  const { bits, min, max } = operandRange(kind as OperandKind);
  return `| \`${kind}\` | ${bits} | ${min} | ${max} | ${what} |`;
}

function table(opcodes: readonly Opcode[]): string {
  const rows = opcodes.map(({ number, mnemonic, operands, cost, effect, ...flags }) => {
    const fields = operands.map(({ field, kind }) => `${field}:${kind}`).join(' ');
    const cells = [
      `${number}`,
      code(mnemonic),
      fields === '' ? '' : code(fields),
      `${cost}`,
      flagsOf(flags),
      code(effect),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| number | mnemonic | operands | cost | flags | effect |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function flagsOf({
  isTerminator,
  isSafepoint,
  mayTrap,
}: Pick<Opcode, 'isTerminator' | 'isSafepoint' | 'mayTrap'>): string {
  return `${isTerminator ? 'T' : ''}${isSafepoint ? 'S' : ''}${mayTrap ? 'F' : ''}`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function trapRow(number: number): string {
  const { code, message } = trapDefinition(number);
  return `| ${number} | \`${code}\` | ${message} |`;
}

function sectionRow([name, content]: [string, string]): string {
  return `| ${SECTIONS[name as keyof typeof SECTIONS]} ${name.toLowerCase()} | ${content} |`;
}

function prefixes(): string {
  const names: Record<string, string> = {
    r: 'registers',
    k: 'constants',
    u: 'upvalues',
    f: 'functions',
    s: 'syscalls',
    i: 'intrinsics',
  };
  const used = [...new Set(Object.values(OPERAND_PREFIXES))];
  return used.map((prefix) => `${names[prefix]} as \`${prefix}0\``).join(', ');
}
