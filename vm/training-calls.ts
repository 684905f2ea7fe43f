// Training of the value loop in calls and returns: every number of arguments and results that the loop deals with itself, and
// those that it leaves to others.
import type { FunctionBuilder, ModuleBuilder } from './builder';
import { ValueOp } from './opcode-numbers';

/** Where results go; operands are R[0], R[1], R[2]. */
export const RESULT = 3;
/** The first free register of the bodies made by hand. */
export const FREE = 4;

export type Body = (code: FunctionBuilder, module: ModuleBuilder) => void;

export const CALL_BODIES: Readonly<Record<string, Body>> = {
  calls(code, module) {
    const callee = addCallee(module);
    loadCall(code, callee);
    code.emit(ValueOp.CALL, FREE, 2, 1);
    loadCall(code, callee);
    code.emit(ValueOp.CALL, FREE, 1, 1);
    for (const wanted of [0, 1, 2, 3]) {
      loadCall(code, callee);
      code.emit(ValueOp.CALL, FREE, 3, wanted);
      if (wanted === 0) code.emit(ValueOp.CALL, FREE, 0, 1);
    }
  },
  call_value(code) {
    for (let register = 0; register < 3; register++) code.emit(ValueOp.MOVE, FREE + register, register);
    code.emit(ValueOp.CALL, FREE, 3, 2);
  },
  tail_call(code, module) {
    loadCall(code, addCallee(module));
    code.emit(ValueOp.TAIL_CALL, FREE, 3);
    code.emit(ValueOp.RETURN, FREE, 0);
  },
  returns(code) {
    const none = code.newLabel();
    code.emitJump(ValueOp.JUMP_UNLESS, none, 0);
    code.emit(ValueOp.RETURN, 0, 3);
    code.bind(none);
    code.emit(ValueOp.RETURN_NONE);
  },
  recursion(code, module) {
    const callee = module.addFunction({ family: 'value', name: 'recursion', parameterCount: 2 });
    const end = callee.newLabel();
    callee.emitJump(ValueOp.JUMP_LE_IMM, end, 0, 0, 1);
    callee.emit(ValueOp.MOVE, 2, 1);
    callee.emit(ValueOp.ADD_IMM, 3, 0, -1);
    callee.emit(ValueOp.MOVE, 4, 1);
    callee.emit(ValueOp.CALL, 2, 3, 2);
    callee.bind(end);
    callee.emit(ValueOp.RETURN_ONE, 0);
    code.emit(ValueOp.CLOSURE, FREE, callee.index);
    code.emit(ValueOp.LOAD_INTEGER, FREE + 1, 20);
    code.emit(ValueOp.CLOSURE, FREE + 2, callee.index);
    code.emit(ValueOp.CALL, FREE, 3, 2);
  },
  generic_for(code, module) {
    const iterator = module.addFunction({ family: 'value', name: 'iterator', parameterCount: 2 });
    const end = iterator.newLabel();
    iterator.emitJump(ValueOp.JUMP_GE_IMM, end, 1, 3, 1);
    iterator.emit(ValueOp.ADD_IMM, 1, 1, 1);
    iterator.emit(ValueOp.RETURN, 1, 2);
    iterator.bind(end);
    iterator.emit(ValueOp.RETURN_NONE);
    iterate(code, iterator, 1);
  },
  variable_arguments(code, module) {
    for (const parameterCount of [0, 1, 2]) {
      const callee = module.addFunction({ family: 'value', name: 'variable', parameterCount, isVararg: true });
      callee.reserveRegisters(4);
      callee.emit(ValueOp.VARARG, 2, 0);
      callee.emit(ValueOp.RETURN, 2, 0);
      callWithEach(code, callee);
    }
  },
  missing_arguments(code, module) {
    const callee = module.addFunction({ family: 'value', name: 'needy', parameterCount: 4 });
    callee.emit(ValueOp.RETURN_ONE, 3);
    callWithEach(code, callee);
  },
  tail_call_value(code) {
    for (let register = 0; register < 3; register++) code.emit(ValueOp.MOVE, FREE + register, register);
    code.emit(ValueOp.TAIL_CALL, FREE, 3);
    code.emit(ValueOp.RETURN, FREE, 0);
  },
  many_tail_arguments(code, module) {
    const callee = addCallee(module);
    code.reserveRegisters(FREE + 12);
    code.emit(ValueOp.CLOSURE, FREE, callee.index);
    code.emit(ValueOp.LOAD_NIL, FREE + 1, 9);
    code.emit(ValueOp.TAIL_CALL, FREE, 11);
    code.emit(ValueOp.RETURN, FREE, 0);
  },
  iterate_value(code) {
    code.emit(ValueOp.MOVE, FREE, 0);
    iterateFrom(code, 1);
  },
  many_arguments(code, module) {
    const callee = module.addFunction({ family: 'value', name: 'variable', parameterCount: 0, isVararg: true });
    callee.emit(ValueOp.RETURN_NONE);
    code.reserveRegisters(FREE + 12);
    code.emit(ValueOp.CLOSURE, FREE, callee.index);
    code.emit(ValueOp.LOAD_NIL, FREE + 1, 9);
    code.emit(ValueOp.CALL, FREE, 11, 2);
  },
  results(code, module) {
    for (const count of [-1, 0, 1, 2, 3, 9]) {
      const callee = module.addFunction({ family: 'value', name: 'giver', parameterCount: 2 });
      callee.reserveRegisters(10);
      if (count < 0) callee.emit(ValueOp.RETURN_NONE);
      else callee.emit(ValueOp.RETURN, 0, count + 1);
      for (const wanted of [0, 1, 2, 3, 4]) {
        loadCall(code, callee);
        code.emit(ValueOp.CALL, FREE, 3, wanted);
        if (wanted === 0) code.emit(ValueOp.CALL, FREE, 0, 1);
      }
    }
  },
  open_results(code, module) {
    const inner = addCallee(module);
    const callee = module.addFunction({ family: 'value', name: 'passer', parameterCount: 2 });
    callee.reserveRegisters(FREE + 4);
    loadCall(callee, inner);
    callee.emit(ValueOp.CALL, FREE, 3, 0);
    callee.emit(ValueOp.RETURN, FREE, 0);
    callWithEach(code, callee);
  },
  tail_calls(code, module) {
    const callees = [0, 1, 4].map((parameterCount) => {
      const callee = module.addFunction({ family: 'value', name: 'last', parameterCount });
      callee.reserveRegisters(4);
      callee.emit(ValueOp.RETURN, 0, 3);
      return callee;
    });
    const captor = module.addFunction({ family: 'value', name: 'captor', parameterCount: 0 });
    captor.addUpvalue({ fromRegister: true, index: 0, name: 'x' });
    captor.emit(ValueOp.RETURN_NONE);
    for (const callee of callees) {
      for (const count of [0, 1, 3]) {
        const caller = module.addFunction({ family: 'value', name: 'caller', parameterCount: 2 });
        caller.reserveRegisters(FREE + 4);
        const end = caller.newLabel();
        // Where its last argument is true, its first is captured.
        caller.emitJump(ValueOp.JUMP_UNLESS, end, 1);
        caller.emit(ValueOp.CLOSURE, FREE, captor.index);
        caller.bind(end);
        loadCall(caller, callee);
        if (count === 0) {
          loadCall(caller, addCallee(module), FREE + 1);
          caller.emit(ValueOp.CALL, FREE + 1, 3, 0);
        }
        caller.emit(ValueOp.TAIL_CALL, FREE, count);
        caller.emit(ValueOp.RETURN, FREE, 0);
        for (const wanted of [0, 1, 2, 3]) {
          loadCall(code, caller);
          code.emit(ValueOp.CALL, FREE, 3, wanted);
        }
      }
    }
  },
  variable_iterator(code, module) {
    const iterator = module.addFunction({ family: 'value', name: 'variable', parameterCount: 0, isVararg: true });
    iterator.reserveRegisters(4);
    iterator.emit(ValueOp.VARARG, 0, 3);
    const end = iterator.newLabel();
    iterator.emitJump(ValueOp.JUMP_GE_IMM, end, 1, 3, 1);
    iterator.emit(ValueOp.ADD_IMM, 1, 1, 1);
    iterator.emit(ValueOp.RETURN, 1, 0);
    iterator.bind(end);
    iterator.emit(ValueOp.RETURN_NONE);
    iterate(code, iterator, 2);
  },
};

/** Calls a function with none to three arguments, and with those that a call before has left. */
function callWithEach(code: FunctionBuilder, callee: FunctionBuilder): void {
  code.reserveRegisters(FREE + 8);
  for (const count of [1, 2, 3, 4]) {
    for (const wanted of [0, 1, 2, 3]) {
      loadCall(code, callee);
      code.emit(ValueOp.MOVE, FREE + 3, 2);
      code.emit(ValueOp.CALL, FREE, count, wanted);
    }
  }
  loadCall(code, callee);
  loadCall(code, callee, FREE + 1);
  code.emit(ValueOp.CALL, FREE + 1, 3, 0);
  code.emit(ValueOp.CALL, FREE, 0, 2);
}

/** A function that returns its two arguments. */
export function addCallee(module: ModuleBuilder): FunctionBuilder {
  const callee = module.addFunction({ family: 'value', name: 'callee', parameterCount: 2 });
  callee.emit(ValueOp.RETURN, 0, 3);
  return callee;
}

function loadCall(code: FunctionBuilder, callee: FunctionBuilder, at = FREE): void {
  code.emit(ValueOp.CLOSURE, at, callee.index);
  code.emit(ValueOp.MOVE, at + 1, 0);
  code.emit(ValueOp.MOVE, at + 2, 1);
}

/** A generic for with an iterator, its state R[0] and its control variable from 0. */
function iterate(code: FunctionBuilder, iterator: FunctionBuilder, wanted: number): void {
  code.emit(ValueOp.CLOSURE, FREE, iterator.index);
  iterateFrom(code, wanted);
}

/** The same with the iterator in its register. */
function iterateFrom(code: FunctionBuilder, wanted: number): void {
  const [loop, body] = [code.newLabel(), code.newLabel()];
  code.emit(ValueOp.MOVE, FREE + 1, 0);
  code.emit(ValueOp.LOAD_INTEGER, FREE + 2, 0);
  code.emit(ValueOp.LOAD_NIL, FREE + 3, 0);
  code.reserveRegisters(FREE + 8);
  code.emitJump(ValueOp.GENERIC_FOR_PREPARE, loop, FREE);
  code.bind(body);
  code.emit(ValueOp.MOVE, RESULT, FREE + 4);
  code.bind(loop);
  code.emit(ValueOp.GENERIC_FOR_CALL, FREE, wanted);
  code.emitJump(ValueOp.GENERIC_FOR_LOOP, body, FREE);
}
