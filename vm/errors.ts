// The machine's errors and their stable codes: traps and limits of guests (data, numbered, never thrown), refusals of
// modules (ModuleError), and broken invariants of our own (InternalError). Messages may change; codes do not.

/** Why a context cannot go on. Numbers are what `trap bx` and `context.trap` carry; they are never reused. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
export const enum Trap {
  UNREACHABLE = 0,
  INTEGER_DIVIDE_BY_ZERO = 1,
  INTEGER_OVERFLOW = 2,
  INVALID_CONVERSION_TO_INTEGER = 3,
  MEMORY_OUT_OF_BOUNDS = 4,
  UNDEFINED_ELEMENT = 5,
  INDIRECT_CALL_TYPE_MISMATCH = 6,
  STACK_OVERFLOW = 7,
  MEMORY_STACK_OVERFLOW = 8,
  HEAP_CORRUPT = 9,
  INVALID_INSTRUCTION = 10,
  CONVERSION_FAILED = 11,
  WRONG_ARGUMENT = 12,
  OUT_OF_MEMORY = 13,
  ABORTED = 14,
}

/** What a limit can be set on. */
export type Resource =
  | 'instructions'
  | 'instructions_rate'
  | 'memory'
  | 'wall_time'
  | 'output_bytes'
  | 'log_bytes'
  | 'syscalls'
  | 'requests'
  | 'open_requests'
  | 'network_in_bytes'
  | 'network_in_rate'
  | 'network_out_bytes'
  | 'network_out_rate'
  | 'storage_bytes'
  | 'storage_operations'
  | 'concurrent_invocations'
  | 'queue_length'
  | 'stack'
  | 'memory_stack';

export interface TrapDefinition {
  /** `trap.*`; `limit.*` where a resource has run out. */
  readonly code: string;
  readonly message: string;
  /** The limit that the trap stands for, or null when the guest did something wrong. */
  readonly resource: Resource | null;
}

/** By resource: the code and message of an execution that a limit has ended. */
export const LIMIT_ERRORS: Readonly<Record<Resource, TrapDefinition>> = {
  instructions: limit('instructions', 'too many instructions'),
  memory: limit('memory', 'not enough memory'),
  wall_time: limit('wall_time', 'took too long'),
  output_bytes: limit('output_bytes', 'too much output'),
  log_bytes: limit('log_bytes', 'too much logged'),
  syscalls: limit('syscalls', 'too many syscalls'),
  instructions_rate: limit('instructions_rate', 'too many instructions a second'),
  requests: limit('requests', 'too many requests'),
  open_requests: limit('open_requests', 'too many open requests'),
  network_in_bytes: limit('network_in_bytes', 'too many bytes received'),
  network_in_rate: limit('network_in_rate', 'too many bytes received a second'),
  network_out_bytes: limit('network_out_bytes', 'too many bytes sent'),
  network_out_rate: limit('network_out_rate', 'too many bytes sent a second'),
  storage_bytes: limit('storage_bytes', 'too much stored'),
  storage_operations: limit('storage_operations', 'too many operations on the storage'),
  concurrent_invocations: limit('concurrent_invocations', 'too many invocations at once'),
  queue_length: limit('queue_length', 'too many invocations queue'),
  stack: limit('stack', 'stack overflow'),
  memory_stack: limit('memory_stack', 'stack overflow (memory stack)'),
};

const TRAPS: Readonly<Record<Trap, TrapDefinition>> = {
  [Trap.UNREACHABLE]: trap('unreachable', 'unreachable code was reached'),
  [Trap.INTEGER_DIVIDE_BY_ZERO]: trap('integer_divide_by_zero', 'integer division by zero'),
  [Trap.INTEGER_OVERFLOW]: trap('integer_overflow', 'integer overflow'),
  [Trap.INVALID_CONVERSION_TO_INTEGER]: trap(
    'invalid_conversion_to_integer',
    'conversion of NaN, an infinity or a number out of range to an integer',
  ),
  [Trap.MEMORY_OUT_OF_BOUNDS]: trap('memory_out_of_bounds', 'memory access out of bounds'),
  [Trap.UNDEFINED_ELEMENT]: trap('undefined_element', 'indirect call of an undefined table element'),
  [Trap.INDIRECT_CALL_TYPE_MISMATCH]: trap('indirect_call_type_mismatch', 'indirect call with the wrong signature'),
  [Trap.STACK_OVERFLOW]: LIMIT_ERRORS.stack,
  [Trap.MEMORY_STACK_OVERFLOW]: LIMIT_ERRORS.memory_stack,
  [Trap.HEAP_CORRUPT]: trap('heap_corrupt', 'the heap is corrupt'),
  [Trap.INVALID_INSTRUCTION]: trap('invalid_instruction', 'invalid instruction'),
  [Trap.CONVERSION_FAILED]: trap('conversion_failed', 'a result cannot be converted to the type that is called for'),
  [Trap.WRONG_ARGUMENT]: trap('wrong_argument', 'wrong argument'),
  [Trap.OUT_OF_MEMORY]: LIMIT_ERRORS.memory,
  [Trap.ABORTED]: trap('aborted', 'aborted'),
};

/** Number of traps: their numbers are 0 to TRAP_COUNT - 1. */
export const TRAP_COUNT = Object.keys(TRAPS).length;

/** Code, message and resource of a trap; a number that is none is an invalid instruction's. */
export function trapDefinition(number: number): TrapDefinition {
  return TRAPS[number as Trap] ?? TRAPS[Trap.INVALID_INSTRUCTION];
}

function trap(name: string, message: string): TrapDefinition {
  return { code: `trap.${name}`, message, resource: null };
}

function limit(resource: Resource, message: string): TrapDefinition {
  return { code: `limit.${resource}`, message, resource };
}

/** Why a module is refused, by code: by the decoder, the assembler, the builder, the verifier. */
export const MODULE_ERRORS = {
  'module.magic': 'not a module',
  'module.format_version': 'unknown version of the module format',
  'module.opcode_version': 'compiled for another version of the instructions',
  'module.checksum': 'wrong checksum',
  'module.truncated': 'ends too early',
  'module.malformed': 'malformed binary',
  'module.too_large': 'a limit of modules is exceeded',
  'module.syntax': 'malformed assembly text',
  'module.opcode': 'no such instruction in this family',
  'module.operand': 'operand out of range',
  'module.register': 'register outside the frame',
  'module.constant': 'constant that does not exist or is of the wrong kind',
  'module.jump': 'jump to something that is not an instruction',
  'module.extra': 'extra word missing, or where none belongs',
  'module.end': 'control runs off the end of the code',
  'module.call': 'call that does not fit the callee or its signature',
  'module.results': 'results that do not fit the signature',
  'module.index': 'reference to something that does not exist',
  'module.family': 'families mixed up',
  'module.upvalue': 'upvalue that the enclosing function does not have',
  'module.top': 'use of a top that the instruction before does not set',
  'module.function': 'malformed function',
  'module.signature': 'malformed signature',
  'module.memory': 'malformed memory definition',
  'module.table': 'malformed table element',
  'module.entry': 'entry or initialiser that cannot be one',
  'module.debug': 'malformed debug information',
  'module.import': 'syscall or intrinsic that does not exist',
  'module.initialiser': 'initialiser that did not end properly',
} as const;

export type ModuleErrorCode = keyof typeof MODULE_ERRORS;

/** Where in a module an error lies; what is known of it. */
export interface ModuleErrorPlace {
  /** Function index. */
  readonly function?: number | undefined;
  /** Word in the function's code. */
  readonly pc?: number | undefined;
  /** Byte of the binary form. */
  readonly offset?: number | undefined;
  /** Line of assembly text, from 1. */
  readonly line?: number | undefined;
}

/** A module that is malformed. It is untrusted input, so this is an answer, not a defect. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
  readonly function: number | undefined;
  readonly pc: number | undefined;
  readonly offset: number | undefined;
  readonly line: number | undefined;

  constructor(
    readonly code: ModuleErrorCode,
    detail = '',
    place: ModuleErrorPlace = {},
  ) {
    super(describe(MODULE_ERRORS[code], detail, place));
    this.function = place.function;
    this.pc = place.pc;
    this.offset = place.offset;
    this.line = place.line;
  }
}

function describe(message: string, detail: string, place: ModuleErrorPlace): string {
  const where = [
    place.function === undefined ? '' : `function ${place.function}`,
    place.pc === undefined ? '' : `pc ${place.pc}`,
    place.offset === undefined ? '' : `byte ${place.offset}`,
    place.line === undefined ? '' : `line ${place.line}`,
  ].filter((part) => part !== '');
  const text = detail === '' ? message : `${message}: ${detail}`;
  return where.length === 0 ? text : `${text} (${where.join(', ')})`;
}

/** A broken invariant: a defect of Gazelle, whatever the guest did. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
