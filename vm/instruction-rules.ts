// What instructions imply beyond their operands: runs of registers, kinds of constants, callees that fit. One rule for
// each instruction that needs one, by family and mnemonic.
import { type Instruction, operandIn } from './code-walk';
import type { ModuleErrorCode } from './errors';
import { SHORT_STRING_BYTES } from './layout';
import type { Constant, FunctionDefinition, Module, Signature } from './module';

/** What a rule sees of an instruction, and how it refuses it. */
export interface RuleContext {
  readonly module: Module;
  readonly definition: FunctionDefinition;
  readonly instruction: Instruction;
  readonly refuse: (code: ModuleErrorCode, detail: string) => never;
}

type Rule = (context: RuleContext) => void;

/** The registers that the iterator's call of a generic for needs behind its four: function and two arguments. */
const ITERATOR_CALL_REGISTERS = 3;
const GENERIC_FOR_STATE = 4;
const FOR_REGISTERS = 4;
/** Value instructions whose `c` is 0 for all results, whose `b` is 0 for values up to the top. */
const TOP_SETTERS = new Set(['call', 'vararg', 'protected_call']);
const NUMBER_IN_C = [
  ...['add_k', 'sub_k', 'mul_k', 'mod_k', 'pow_k', 'div_k', 'idiv_k', 'band_k', 'bor_k', 'bxor_k', 'shl_k', 'shr_k'],
  ...['add_left_k', 'sub_left_k', 'mul_left_k', 'div_left_k'],
];
const NUMBER_IN_B = ['jump_lt_k', 'jump_le_k', 'jump_gt_k', 'jump_ge_k'];
const TOP_USERS = new Set(['call', 'tail_call', 'return', 'set_list', 'protected_call']);

/** The rule of an instruction, if it has one. */
export function instructionRule(family: 'typed' | 'value', mnemonic: string): Rule | undefined {
  return (family === 'typed' ? TYPED_RULES : VALUE_RULES).get(mnemonic);
}

/** Whether it leaves a variable number of values and the top behind them. */
export function setsTop(instruction: Instruction): boolean {
  const { mnemonic, family } = instruction.opcode;
  // Whether an intrinsic does is its own business: a return checks the top that it finds.
  if (mnemonic === 'intrinsic') return true;
  if (family !== 'value') return false;
  if (mnemonic === 'tail_call') return true;
  return TOP_SETTERS.has(mnemonic) && operandIn(instruction, 'c') === 0;
}

/** Whether it takes its values up to the top. */
export function usesTop(instruction: Instruction): boolean {
  const { mnemonic, family } = instruction.opcode;
  if (family !== 'value') return false;
  return TOP_USERS.has(mnemonic) && operandIn(instruction, 'b') === 0;
}

const TYPED_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['call', typedCall],
  ['call_indirect', indirectCall],
  ['return', (context) => returns(context, 0)],
  ['return_value', (context) => returns(context, 1)],
  [
    'return_values',
    (context) => {
      returns(context, field(context, 'b'));
      run(context, field(context, 'a'), field(context, 'b'));
    },
  ],
]);

const VALUE_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['load_nil', (context) => run(context, field(context, 'a'), field(context, 'b') + 1)],
  ['get_upvalue_field', shortString('c')],
  ['set_upvalue_field', shortString('b')],
  ['get_field', shortString('c')],
  ['set_field', shortString('b')],
  [
    'self',
    (context) => {
      run(context, field(context, 'a'), 2);
      requireShortString(context, 'c');
    },
  ],
  ...rulesFor(NUMBER_IN_C, numberIn('c')),
  ...rulesFor(NUMBER_IN_B, numberIn('b')),
  ['concat', concatenation],
  ['call', valueCall],
  ['tail_call', (context) => run(context, field(context, 'a'), Math.max(1, field(context, 'b')))],
  ['return', (context) => run(context, field(context, 'a'), field(context, 'b') - 1)],
  ['for_prepare', (context) => run(context, field(context, 'a'), FOR_REGISTERS)],
  ['for_loop', (context) => run(context, field(context, 'a'), FOR_REGISTERS)],
  ['generic_for_prepare', (context) => run(context, field(context, 'a'), GENERIC_FOR_STATE)],
  ['generic_for_call', genericForCall],
  ['generic_for_loop', (context) => run(context, field(context, 'a'), GENERIC_FOR_STATE + 1)],
  ['set_list', (context) => run(context, field(context, 'a'), field(context, 'b') + 1)],
  ['closure', closure],
  ['vararg', vararg],
  ['protected_call', protectedCall],
]);

function field({ instruction }: RuleContext, name: string): number {
  return operandIn(instruction, name);
}

/** R[first], ..., R[first + count - 1] must lie in the frame. */
function run({ definition, refuse }: RuleContext, first: number, count: number): void {
  if (first + count > definition.registerCount) refuse('module.register', `R[${first + count - 1}]`);
}

// --- typed ---

function typedCall(context: RuleContext): void {
  const { module, refuse } = context;
  const index = field(context, 'bx');
  const { signature } = module.functions[index]!;
  if (signature === null) refuse('module.call', `function ${index} has no signature`);
  else callRun(context, signature);
}

function indirectCall(context: RuleContext): void {
  const { module, refuse } = context;
  const index = field(context, 'x');
  const signature = module.signatures[index];
  if (signature === undefined) refuse('module.index', `signature ${index}`);
  else callRun(context, signature);
}

function callRun(context: RuleContext, { params, results }: Signature): void {
  run(context, field(context, 'a'), Math.max(params.length, results.length));
}

function returns({ definition, refuse }: RuleContext, count: number): void {
  const wanted = definition.signature?.results.length;
  if (count !== wanted) refuse('module.results', `${count} instead of ${wanted}`);
}

// --- value ---

function constantOf(context: RuleContext, name: string): Constant {
  return context.definition.constants[field(context, name)]!;
}

function shortString(name: string): Rule {
  return (context) => requireShortString(context, name);
}

function requireShortString(context: RuleContext, name: string): void {
  const constant = constantOf(context, name);
  if (constant.kind !== 'string' || constant.bytes.length > SHORT_STRING_BYTES) {
    context.refuse('module.constant', `a field's name is a string of at most ${SHORT_STRING_BYTES} bytes`);
  }
}

function rulesFor(names: readonly string[], rule: Rule): [string, Rule][] {
  return names.map((name) => [name, rule]);
}

function numberIn(name: string): Rule {
  return (context) => {
    const { kind } = constantOf(context, name);
    if (kind !== 'integer' && kind !== 'float') context.refuse('module.constant', 'it must be a number');
  };
}

function concatenation(context: RuleContext): void {
  const first = field(context, 'b');
  const last = field(context, 'c');
  if (first >= last) context.refuse('module.register', 'at least two operands');
  run(context, last, 1);
}

/** Registers of `count - 1` values, or none that are known when the top says how many. */
function counted(count: number): number {
  return Math.max(0, count - 1);
}

function valueCall(context: RuleContext): void {
  const base = field(context, 'a');
  run(context, base, Math.max(1, field(context, 'b')));
  run(context, base, counted(field(context, 'c')));
}

function genericForCall(context: RuleContext): void {
  const count = field(context, 'c');
  if (count === 0) context.refuse('module.operand', 'at least one variable');
  run(context, field(context, 'a') + GENERIC_FOR_STATE, Math.max(ITERATOR_CALL_REGISTERS, count));
}

function closure(context: RuleContext): void {
  const { module, definition, refuse } = context;
  const index = field(context, 'bx');
  for (const { fromRegister, index: source, name } of module.functions[index]!.upvalues) {
    const count = fromRegister ? definition.registerCount : definition.upvalues.length;
    if (!Number.isInteger(source) || source < 0 || source >= count) refuse('module.upvalue', `'${name}' of ${index}`);
  }
}

function vararg(context: RuleContext): void {
  if (!context.definition.isVararg) context.refuse('module.function', 'not a vararg function');
  run(context, field(context, 'a'), counted(field(context, 'c')));
}

function protectedCall(context: RuleContext): void {
  const base = field(context, 'a');
  const count = field(context, 'b');
  if (count === 1) context.refuse('module.operand', 'handler and function are needed');
  run(context, base, Math.max(2, count));
  run(context, base, counted(field(context, 'c')));
}
