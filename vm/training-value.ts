// Training of the value loop: small functions for every instruction, run on values of every type: integers that overflow,
// floats, NaN, strings, tables with and without metatables, closures. Operands that are computed from the opcode table
// where that will do; calls, loops, closures and the like by hand.
import { type FunctionBuilder, ModuleBuilder } from './builder';
import type { Context } from './context';
import { ATTEND_HOOKS } from './finalisers';
import {
  FRAME_TOP,
  HEADER,
  TABLE_METATABLE,
  TAG_SHORT_STRING,
  THREAD_FRAMES,
  VALUE_SIZE,
  WELL_KNOWN_STRINGS,
} from './layout';
import { link } from './linker';
import type { Module } from './module';
import { ValueOp } from './opcode-numbers';
import { type Opcode, type OperandKind, VALUE_OPCODES } from './opcodes';
import { FUNCTION_ROW_SHIFT, FUNCTION_START, type MutableProgram } from './program';
import type { RegionPool } from './regions';
import { MEMORY, NEXT, RELOAD, FUEL as SLICE_END, TRAP } from './signals';
import { addCallee, type Body, CALL_BODIES, FREE, RESULT } from './training-calls';
import { TrainingContext } from './training-run';
import { Stop } from './value-loop';

const FUEL = 64;
/** The bodies with many calls go through all of them. */
const CALLS_FUEL = 1000;
const METAMETHODS = WELL_KNOWN_STRINGS.slice(0, WELL_KNOWN_STRINGS.indexOf('__tostring'));

/**
 * Operands by their places among the specimens. Integers: 0 to 3 (2 and 3 overflow); floats: 4 to 6 (6 is NaN); strings: 7
 * (a numeral), 8 (a key), 9 (long); 10 nil, 11 false, 12 true, 13 a closure; tables: 14 empty, 15 with an array and
 * fields, 16 with metamethods (its metatable is 17), 18 of a class (its metatable is 19), 20 of a class of that class
 * (21), 22 with so many fields that their chains are long, 23 with the metatable 22.
 */
const WITH_METAMETHODS = 16;
const OF_CLASS = 18;
const OF_SUBCLASS = 20;
const CROWDED = 22;
const OF_CROWDED = 23;
/** No table ever has it. */
const ABSENT_FIELD = 'absent';
/** As many as fill a table of 16 nodes. */
const CROWDED_FIELDS = Array.from({ length: 16 }, (_, index) => `field${index}`);
const OPERANDS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [0, 1, 2],
  [1, 0, 0],
  [0, 1, 0],
  [2, 2, 0],
  [3, 3, 1],
  [2, 1, 0],
  [1, 2, 4],
  [0, 4, 5],
  [4, 0, 4],
  [4, 5, 0],
  [5, 4, 6],
  [6, 6, 6],
  [3, 5, 1],
  [5, 0, 5],
  // With these, arithmetic ends.
  [7, 0, 0],
  [8, 8, 9],
  [10, 0, 0],
  [0, 16, 16],
  [16, 0, 1],
  [9, 9, 8],
  [10, 10, 0],
  [12, 11, 10],
  [13, 0, 8],
  [14, 8, 0],
  [14, 0, 4],
  [15, 8, 0],
  [15, 0, 8],
  [15, 2, 10],
  [15, 9, 0],
  [15, 1, 13],
  [16, 8, 0],
  [16, 16, 0],
  [15, 14, 0],
  [18, 8, 0],
  [20, 8, 0],
  [22, 8, 0],
  [23, 8, 0],
  [11, 11, 11],
  [4, 4, 4],
];
/** So many of them are numbers only. */
const NUMBERS = 15;
const ARITHMETIC = /^(add|sub|mul|mod|pow|div|idiv|b|shl|shr|negate|jump_[lg])/;
const OBJECTS = /^([gs]et_|self|length|new_table|load|move|not)/;

/** Trains the loop with every value instruction. The answer is what it has been trained with. */
export function trainValue(pool: RegionPool): Module {
  const module = new ModuleBuilder('training');
  const specimens = addSpecimens(module);
  const trained: number[] = [];
  for (const opcode of VALUE_OPCODES) {
    for (const variant of variantsOf(opcode)) trained.push(addTrained(module, opcode.mnemonic, variant));
  }
  for (const [name, body] of Object.entries(BODIES)) trained.push(addTrained(module, name, body));
  for (const field of CROWDED_FIELDS) trained.push(addTrained(module, 'get_crowded', accessField(field)));
  module.entry = specimens;
  const built = module.build();
  const intrinsics = STEPS.map(([name, run]) => ({ name, parameters: 1, results: 1, run }));
  const training = new TrainingContext(link([built], { intrinsics }), pool);
  const values = makeSpecimens(training, specimens);
  training.warmUp(trained[0]!);
  for (const index of trained) trainFunction(training, index, values);
  trainTraced(training, trained, values);
  trainEntered(training, trained, values);
  return built;
}

/** How many functions are entered elsewhere. */
const ENTERED_FUNCTIONS = 8;

/** How many functions are run as they are while a thread has a hook. */
const TRACED_FUNCTIONS = 40;

/** Other code stands in the program's place then (hooks.ts), and the loop goes another way for each instruction. */
function trainTraced(training: TrainingContext, trained: readonly number[], values: Int32Array): void {
  const { i32 } = training.context;
  i32[HEADER.HOOKS] = 1;
  i32[HEADER.ATTENTION] = ATTEND_HOOKS;
  for (const index of trained.slice(0, TRACED_FUNCTIONS)) trainFunction(training, index, values);
  i32[HEADER.HOOKS] = 0;
  i32[HEADER.ATTENTION] = 0;
}

/** Words that lead to specialised code stand where the functions begin (hot-code.ts). */
function trainEntered(training: TrainingContext, trained: readonly number[], values: Int32Array): void {
  const program = training.context.program as MutableProgram;
  program.entered = program.code.slice();
  for (const index of trained.slice(0, ENTERED_FUNCTIONS)) {
    program.entered[program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START]!] = Stop.ENTER;
    trainFunction(training, index, values);
  }
  program.entered = program.code;
}

function addTrained(module: ModuleBuilder, name: string, body: Body): number {
  const isVararg = name === 'vararg';
  const code = module.addFunction({ family: 'value', name, parameterCount: isVararg ? 1 : 3, isVararg });
  code.addUpvalue({ fromRegister: false, index: 0, name: '_ENV' });
  code.reserveRegisters(FREE + 6);
  body(code, module);
  code.emit(ValueOp.RETURN_ONE, RESULT);
  return code.index;
}

function trainFunction(training: TrainingContext, index: number, values: Int32Array): void {
  const { name } = training.context.program.modules[0]!.functions[index]!.debug;
  // Arithmetic meets few objects, since most of them make it raise an error, and what deals with objects few numbers.
  const fuel = name in CALL_BODIES ? CALLS_FUEL : FUEL;
  const last = ARITHMETIC.test(name) ? NUMBERS + 5 : OPERANDS.length;
  for (let round = OBJECTS.test(name) ? NUMBERS - 2 : 0; round < last; round++) {
    setRegisters(training, values, OPERANDS[round]!);
    training.run(index, round % 8 === 7 ? 1 : fuel);
  }
}

function setRegisters({ context, registers }: TrainingContext, values: Int32Array, indices: readonly number[]): void {
  indices.forEach((index, register) => {
    const slot = registers + register * VALUE_SIZE;
    context.i32.set(values.subarray(index * VALUE_SIZE, (index + 1) * VALUE_SIZE), slot);
  });
}

// --- specimens ---

/** A function that returns one value of each kind; numbers first, tables last. */
function addSpecimens(module: ModuleBuilder): number {
  const handler = module.addFunction({ family: 'value', name: 'handler', parameterCount: 2 });
  handler.emit(ValueOp.RETURN_ONE, 0);
  const code = module.addFunction({ family: 'value', name: 'specimens' });
  const { constants } = code;
  const list = [
    constants.integer(3, 0),
    constants.integer(-2, -1),
    constants.integer(-1, 0x7fffffff),
    constants.integer(0, 0x200000),
    constants.float(0.5),
    constants.float(-3),
    constants.float(Number.NaN),
    constants.string('10'),
    constants.string('name'),
    constants.string('a string that is too long to be interned by any means'),
  ];
  list.forEach((constant, register) => {
    code.emit(ValueOp.LOAD_CONSTANT, register, constant);
  });
  let register = list.length;
  code.emit(ValueOp.LOAD_NIL, register++, 0);
  code.emit(ValueOp.LOAD_BOOLEAN, register++, 0);
  code.emit(ValueOp.LOAD_BOOLEAN, register++, 1);
  code.emit(ValueOp.CLOSURE, register++, handler.index);
  code.emit(ValueOp.NEW_TABLE, register++, 0, 0);
  register = addTables(code, register, register - 2);
  code.emit(ValueOp.RETURN, 0, register + 1);
  return code.index;
}

/**
 * A table with an array and fields; one with metamethods and an object of a class, each with the metatable that the host
 * then gives it behind it.
 */
function addTables(code: FunctionBuilder, first: number, handler: number): number {
  code.emit(ValueOp.NEW_TABLE, first, 4, 4);
  // With a hole at 3, and keys that are among its nodes.
  for (let index = 0; index <= 2; index++) code.emit(ValueOp.SET_INDEX, first, index, 0);
  code.emit(ValueOp.SET_TABLE, first, 1, 0);
  code.emit(ValueOp.SET_FIELD, first, code.constants.string('name'), handler);
  code.emit(ValueOp.NEW_TABLE, first + 1, 0, 0);
  code.emit(ValueOp.NEW_TABLE, first + 2, 0, METAMETHODS.length);
  for (const name of METAMETHODS) code.emit(ValueOp.SET_FIELD, first + 2, code.constants.string(name), handler);
  code.emit(ValueOp.NEW_TABLE, first + 3, 0, 0);
  code.emit(ValueOp.NEW_TABLE, first + 4, 0, 1);
  code.emit(ValueOp.SET_FIELD, first + 4, code.constants.string('__index'), first);
  code.emit(ValueOp.NEW_TABLE, first + 5, 0, 0);
  code.emit(ValueOp.NEW_TABLE, first + 6, 0, 1);
  code.emit(ValueOp.SET_FIELD, first + 6, code.constants.string('__index'), first + 3);
  // Without room for them at first, so that it is full in the end.
  code.emit(ValueOp.NEW_TABLE, first + 7, 0, 0);
  for (const name of CROWDED_FIELDS) code.emit(ValueOp.SET_FIELD, first + 7, code.constants.string(name), handler);
  code.emit(ValueOp.NEW_TABLE, first + 8, 0, 0);
  return first + 9;
}

/** Everything that accesses a field, with the field's name. */
function accessField(name: string): Body {
  return (code) => {
    const constant = code.constants.string(name);
    code.emit(ValueOp.SET_UPVALUE, 0, 0);
    code.emit(ValueOp.GET_UPVALUE_FIELD, RESULT, 0, constant);
    code.emit(ValueOp.SET_UPVALUE_FIELD, 0, constant, RESULT);
    code.emit(ValueOp.SELF, FREE, 0, constant);
    code.emit(ValueOp.GET_FIELD, RESULT, 0, constant);
    code.emit(ValueOp.SET_FIELD, 0, constant, RESULT);
  };
}

/** The words of the specimens, metatables set. */
function makeSpecimens(training: TrainingContext, index: number): Int32Array {
  const { context } = training;
  training.run(index, 1 << 20);
  const words = context.i32[context.i32[context.thread + THREAD_FRAMES]! + FRAME_TOP]!;
  const values = context.i32.slice(context.stack, context.stack + words);
  const owned = [WITH_METAMETHODS, OF_CLASS, OF_SUBCLASS].map((owner) => [owner, owner + 1]);
  for (const [owner, metatable] of [...owned, [OF_CROWDED, CROWDED]]) {
    context.i32[values[owner! * VALUE_SIZE]! + TABLE_METATABLE] = values[metatable! * VALUE_SIZE]!;
  }
  context.i32[HEADER.METATABLES + TAG_SHORT_STRING] = values[(OF_CLASS + 1) * VALUE_SIZE]!;
  return values;
}

// --- instructions whose operands follow from the table ---

/** By hand, or not in value functions of their own. */
const BY_HAND = new Set<number>([
  ValueOp.TRAP,
  ValueOp.EXTRA,
  ValueOp.SYSCALL,
  ValueOp.INTRINSIC,
  ValueOp.CALL,
  ValueOp.TAIL_CALL,
  ValueOp.RETURN,
  ValueOp.RETURN_NONE,
  ValueOp.RETURN_ONE,
  ValueOp.FOR_PREPARE,
  ValueOp.FOR_LOOP,
  ValueOp.GENERIC_FOR_PREPARE,
  ValueOp.GENERIC_FOR_CALL,
  ValueOp.GENERIC_FOR_LOOP,
  ValueOp.SET_LIST,
  ValueOp.CLOSURE,
  ValueOp.VARARG,
  ValueOp.CLOSE,
  ValueOp.TO_BE_CLOSED,
  ValueOp.PROTECTED_CALL,
  ValueOp.CONCAT,
  ValueOp.SELF,
  ValueOp.LOAD_NIL,
]);

type Constants = (code: FunctionBuilder) => number;
const NUMERIC: readonly Constants[] = [
  (code) => code.constants.integer(3, 0),
  (code) => code.constants.integer(0, 0x4000),
  (code) => code.constants.integer(0, 0),
  (code) => code.constants.float(0.5),
];
const NAMES: readonly Constants[] = [(code) => code.constants.string('name'), (code) => code.constants.string('other')];
const ANY: readonly Constants[] = [
  ...NUMERIC,
  ...NAMES,
  (code) => code.constants.nil(),
  (code) => code.constants.boolean(true),
];

function constantsFor({ mnemonic }: Opcode): readonly Constants[] {
  if (/field|self/.test(mnemonic)) return NAMES;
  return /^(add|sub|mul|mod|pow|div|idiv)_k/.test(mnemonic) ? NUMERIC : ANY;
}

/** One body for each immediate, constant and flag of an instruction. */
function variantsOf(opcode: Opcode): Body[] {
  if (BY_HAND.has(opcode.number)) return [];
  const kinds = opcode.operands.map(({ kind }) => kind);
  const constants = kinds.some(isConstant) ? constantsFor(opcode) : [() => 0];
  const immediates = kinds.some(isImmediate) ? [0, 1, 3] : [0];
  const flags = kinds.includes('flag') ? [0, 1] : [0];
  return constants.flatMap((constant) =>
    immediates.flatMap((immediate) =>
      flags.map(
        (flag): Body =>
          (code) =>
            emitVariant(code, opcode, constant(code), immediate, flag),
      ),
    ),
  );
}

function emitVariant(code: FunctionBuilder, opcode: Opcode, constant: number, immediate: number, flag: number): void {
  let source = 0;
  const others = opcode.operands.filter(({ kind }) => kind !== 'j16' && kind !== 'j24');
  const values = others.map(({ kind }) => {
    if (kind === 'dst') return RESULT;
    if (isConstant(kind)) return constant;
    if (isImmediate(kind)) return immediate;
    if (kind === 'flag') return flag;
    return kind === 'up' ? 0 : source++;
  });
  if (others.length === opcode.operands.length) {
    code.emit(opcode.number, ...values);
    return;
  }
  const label = code.newLabel();
  code.emitJump(opcode.number, label, ...values);
  code.emit(ValueOp.LOAD_INTEGER, RESULT, 1);
  code.bind(label);
  // Taken backward, until the fuel ends.
  code.emitJump(opcode.number, label, ...values);
}

function isConstant(kind: OperandKind): boolean {
  return kind === 'k8' || kind === 'k16';
}

function isImmediate(kind: OperandKind): boolean {
  return ['u8', 's8', 's16'].includes(kind);
}

// --- bodies by hand ---

/** Intrinsics that do nothing, by name: one for each answer of a step. */
const STEPS: readonly (readonly [string, (context: Context, base: number) => number])[] = [
  ['train_next', () => NEXT],
  ['train_reload', () => RELOAD],
  ['train_fuel', () => SLICE_END],
  ['train_memory', () => MEMORY],
  ['train_trap', () => TRAP],
];

const BODIES: Readonly<Record<string, Body>> = {
  trap: (code) => code.emit(ValueOp.TRAP, 0),
  syscall: (code, module) => code.emit(ValueOp.SYSCALL, FREE, module.syscall('exit')),
  ...CALL_BODIES,
  ...Object.fromEntries(
    STEPS.map(([name]): [string, Body] => [
      name,
      (code, module) => code.emit(ValueOp.INTRINSIC, FREE, module.intrinsic(name)),
    ]),
  ),
  load_nil: (code) => code.emit(ValueOp.LOAD_NIL, RESULT, 2),
  self: (code) => code.emit(ValueOp.SELF, FREE, 0, code.constants.string('name')),
  self_absent: (code) => code.emit(ValueOp.SELF, FREE, 0, code.constants.string(ABSENT_FIELD)),
  concat(code) {
    for (let register = 0; register < 3; register++) code.emit(ValueOp.MOVE, FREE + register, register);
    code.emit(ValueOp.CONCAT, RESULT, FREE, FREE + 2);
  },
  upvalues(code) {
    code.emit(ValueOp.SET_UPVALUE, 0, 0);
    code.emit(ValueOp.GET_UPVALUE, RESULT, 0);
    code.emit(ValueOp.SET_UPVALUE_FIELD, 0, code.constants.string('name'), 1);
    code.emit(ValueOp.GET_UPVALUE_FIELD, RESULT, 0, code.constants.string('name'));
  },
  closures(code, module) {
    for (const returns of [ValueOp.RETURN_NONE, ValueOp.RETURN_ONE, ValueOp.RETURN]) {
      const inner = module.addFunction({ family: 'value', name: 'inner', parameterCount: 1 });
      inner.addUpvalue({ fromRegister: true, index: 0, name: 'x' });
      inner.addUpvalue({ fromRegister: false, index: 0, name: '_ENV' });
      inner.emit(ValueOp.GET_UPVALUE, 1, 0);
      inner.emit(ValueOp.SET_UPVALUE, 0, 0);
      inner.emit(
        returns,
        ...[[], [0], [0, 3]][[ValueOp.RETURN_NONE, ValueOp.RETURN_ONE, ValueOp.RETURN].indexOf(returns)]!,
      );
      for (const wanted of [1, 2]) {
        code.emit(ValueOp.CLOSURE, FREE, inner.index);
        code.emit(ValueOp.MOVE, FREE + 1, 1);
        code.emit(ValueOp.CALL, FREE, 2, wanted);
      }
    }
    code.emit(ValueOp.CLOSE, 0);
    code.emit(ValueOp.CLOSE, 0);
  },
  for(code) {
    for (let register = 0; register < 3; register++) code.emit(ValueOp.MOVE, FREE + register, register);
    const end = code.newLabel();
    code.emitJump(ValueOp.FOR_PREPARE, end, FREE);
    const body = code.here();
    code.emit(ValueOp.MOVE, RESULT, FREE + 3);
    code.emitJump(ValueOp.FOR_LOOP, body, FREE);
    code.bind(end);
  },
  for_nothing(code) {
    for (const [first, last, step] of [
      [2, 1, 1],
      [1, 2, -1],
      [7, 1, 3],
      [1, 7, 3],
      [1, 7, 1],
    ] as const) {
      code.emit(ValueOp.LOAD_INTEGER, FREE, first);
      code.emit(ValueOp.LOAD_INTEGER, FREE + 1, last);
      code.emit(ValueOp.LOAD_INTEGER, FREE + 2, step);
      const end = code.newLabel();
      code.emitJump(ValueOp.FOR_PREPARE, end, FREE);
      code.emit(ValueOp.MOVE, RESULT, FREE + 3);
      code.bind(end);
    }
  },
  append(code) {
    code.emit(ValueOp.NEW_TABLE, FREE, 4, 0);
    for (let index = 1; index <= 4; index++) {
      code.emit(ValueOp.SET_INDEX, FREE, index, 0);
      code.emit(ValueOp.LENGTH, RESULT, FREE);
    }
  },
  set_list(code) {
    code.emit(ValueOp.NEW_TABLE, FREE, 2, 0);
    code.emit(ValueOp.MOVE, FREE + 1, 0);
    code.emit(ValueOp.MOVE, FREE + 2, 1);
    code.emit(ValueOp.SET_LIST, FREE, 2, 0);
  },
  vararg(code) {
    code.emit(ValueOp.VARARG, FREE, 3);
    code.emit(ValueOp.VARARG, FREE, 0);
    code.emit(ValueOp.RETURN, FREE, 0);
  },
  to_be_closed(code) {
    code.emit(ValueOp.MOVE, FREE, 0);
    code.emit(ValueOp.TO_BE_CLOSED, FREE);
    code.emit(ValueOp.CLOSE, FREE);
  },
  protected_call(code, module) {
    code.emit(ValueOp.LOAD_NIL, FREE, 0);
    code.emit(ValueOp.CLOSURE, FREE + 1, addCallee(module).index);
    code.emit(ValueOp.MOVE, FREE + 2, 0);
    code.emit(ValueOp.PROTECTED_CALL, FREE, 3, 3);
    code.emit(ValueOp.LOAD_NIL, FREE, 0);
    code.emit(ValueOp.MOVE, FREE + 1, 1);
    code.emit(ValueOp.PROTECTED_CALL, FREE, 2, 0);
    code.emit(ValueOp.RETURN, FREE, 0);
  },
};
