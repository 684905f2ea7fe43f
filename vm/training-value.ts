// Training of the value loop: small functions for every instruction, run on values of every type: integers that overflow,
// floats, NaN, strings, tables with and without metatables, closures. Operands that are computed from the opcode table
// where that will do; calls, loops, closures and the like by hand.
import { type FunctionBuilder, ModuleBuilder } from './builder';
import type { Context } from './context';
import { ATTEND_HOOKS } from './finalisers';
import { HEADER, VALUE_SIZE } from './layout';
import { link } from './linker';
import type { Module } from './module';
import { ValueOp } from './opcode-numbers';
import { type Opcode, type OperandKind, VALUE_OPCODES } from './opcodes';
import { FUNCTION_ROW_SHIFT, FUNCTION_START, type MutableProgram } from './program';
import type { RegionPool } from './regions';
import { MEMORY, NEXT, RELOAD, FUEL as SLICE_END, TRAP } from './signals';
import { addCallee, type Body, CALL_BODIES, FREE, RESULT } from './training-calls';
import { TrainingContext } from './training-run';
import { addSpecimens, CROWDED_FIELDS, makeSpecimens, NUMBERS, OPERANDS } from './training-specimens';
import { Stop } from './value-loop';

const FUEL = 64;
/** The bodies with many calls go through all of them. */
const CALLS_FUEL = 1000;

/** No table ever has it. */
const ABSENT_FIELD = 'absent';
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
  training.walkFrames(trained[0]!);
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
