// Assembly text: exact both ways, pleasant to read, refused with the line when it is wrong.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assembleModule } from '../../vm/assembler';
import { decodeModule } from '../../vm/codec';
import { disassembleModule } from '../../vm/disassembler';
import { ModuleError } from '../../vm/errors';
import { verifyModule } from '../../vm/verifier';
import { mutateModule } from '../support/module-mutations';
import { Random } from '../support/random';
import { randomModule } from '../support/random-module';

test('random modules come back from their text as they were', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const module = randomModule(seed);
      assert.equal(assembleModule(disassembleModule(module)), module);
    }),
    { numRuns: 500 },
  );
});

test('a compact text keeps everything that runs', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const module = randomModule(seed);
      const compact = disassembleModule(module, { compact: true });
      const again = assembleModule(compact);
      const running = ({ functions, ...rest }: typeof module) => {
        return { ...rest, functions: functions.map(({ debug, ...body }) => ({ ...body, name: debug.name })) };
      };
      assert.equal(running(again), running(module));
      assert.is(disassembleModule(again, { compact: true }), compact);
    }),
    { numRuns: 200 },
  );
});

test('the code of modules that no verifier has seen comes back too', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      let module: ReturnType<typeof decodeModule>;
      try {
        module = decodeModule(mutateModule(randomModule(seed), new Random(seed)));
      } catch {
        return;
      }
      const again = assembleModule(disassembleModule(module, { compact: true }));
      assert.equal(
        again.functions.map(({ code }) => code),
        module.functions.map(({ code }) => code),
      );
    }),
    { numRuns: 1000 },
  );
});

const FIBONACCI = `.module "sm"
.opcodes 4
.source "fib.sm"
.signature (i32) -> (i32)                   ; 0
.syscall "write"                            ; s0
.table - f0
.memory 2048 65536
.data 1024 "hello\\n\\x00\\xff"
.entry f1

.function typed "fib" (i32) -> (i32)        ; f0
  .registers 3
  .defined 0 1 5
  .local r0 "n" 0 9
  .line 2
    i32.br_ge_s_imm  r0, 2, L1
      .name 0 local "n"
    return_value     r0
  .line 3
L1:
    i32.add_imm      r1, r0, -1
    call             r1, f0                 ; "fib"
    i32.add_imm      r2, r0, -2
    call             r2, f0                 ; "fib"
    i32.add          r1, r1, r2
    return_value     r1

.function value "main"                      ; f1
  .registers 2
  .parameters 1
  .vararg
  .upvalue r0 "_ENV"                        ; u0
  .constant string "print"                  ; k0
  .constant float 0.1                       ; k1
  .constant integer -9223372036854775808    ; k2
  .defined 0 0 0
    get_upvalue_field r0, u0, k0            ; "_ENV", "print"
    load_constant    r1, k1                 ; 0.1
    add_k            r1, r1, k2             ; -9223372036854775808
    jump_lt_imm      r1, -5, 1, L1
    call             r0, 2, 1
L1:
    return_none
`;

test('text is what it should look like', () => {
  const module = assembleModule(FIBONACCI);
  verifyModule(module);
  assert.is(disassembleModule(module), FIBONACCI);
});

const wrong: [string, string, number][] = [
  ['an unknown instruction', '.module "x"\n.function typed "f"\n  i32.frobnicate r0', 3],
  ['an instruction of the other family', '.function value "f"\n  i32.add r0, r0, r0', 2],
  ['a missing operand', '.function typed "f"\n  move r0', 2],
  ['an operand too many', '.function typed "f"\n  move r0, r1, r2', 2],
  ['an operand of another kind', '.function typed "f"\n  move r0, k1', 2],
  ['a register that no field can hold', '.function typed "f"\n  move r0, r256', 2],
  ['an immediate that does not fit', '.function typed "f"\n  i32.const r0, 40000', 2],
  ['a label that is nowhere', '.function typed "f"\n  jump L1', 2],
  ['a label twice', '.function typed "f"\nL1:\nL1:', 3],
  ['an unknown directive', '.frobnicate', 1],
  ['an instruction outside a function', 'move r0, r1', 1],
  ['a string that does not end', '.module "x', 1],
  ['a wrong escape', '.module "\\q"', 1],
  ['a family that is none', '.function odd "f"', 1],
  ['a type that is none', '.signature (i8) -> ()', 1],
  ['an integer of more than 64 bits', '.function value "f"\n.constant integer 9223372036854775808', 2],
  ['a branch table without targets', '.function typed "f"\n  br_table r0', 2],
  ['data without a memory', '.data 1024 "x"', 1],
];

for (const [name, text, line] of wrong) {
  test(`refuses ${name}, with the line`, () => {
    assert.throws(
      () => assembleModule(text),
      (error: unknown) => error instanceof ModuleError && error.code === 'module.syntax' && error.line === line,
    );
  });
}

test('refuses a text for other opcodes', () => {
  assert.throws(
    () => assembleModule('.opcodes 99999'),
    (error: unknown) => error instanceof ModuleError && error.code === 'module.opcode_version',
  );
});

test('damaged text is refused with a typed error or accepted', () => {
  const texts = Array.from({ length: 50 }, (_, seed) => disassembleModule(randomModule(seed)));
  fc.assert(
    fc.property(fc.nat(texts.length - 1), fc.nat(), fc.nat(20), fc.string(), (base, at, length, inserted) => {
      const text = texts[base]!;
      const start = at % text.length;
      try {
        assembleModule(text.slice(0, start) + inserted + text.slice(start + length));
      } catch (error) {
        if (!(error instanceof ModuleError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test.run();
