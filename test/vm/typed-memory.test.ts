// Linear memory of typed code: loads and stores at every edge, the memory stack, growth, and bulk copies that stop and go on.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionBuilder } from '../../vm/builder';
import { findOpcode } from '../../vm/encoding';
import { Trap } from '../../vm/errors';
import { FRAME_EXTRA, HEADER, NULL_GUARD_BYTES } from '../../vm/layout';
import type { ValueType } from '../../vm/module';
import { TypedOp } from '../../vm/opcode-numbers';
import type { Program } from '../../vm/program';
import { DONE, FUEL, MEMORY, TRAP } from '../../vm/signals';
import { begin, execute, finish, linkModule, typedModule } from '../support/typed-program';

/** The window of these tests: bytes from 1,024 up to here, then a memory stack of as many as are asked for. */
const DATA_END = 2048;

function program(
  params: readonly ValueType[],
  results: readonly ValueType[],
  body: (code: FunctionBuilder) => void,
  { dataEnd = DATA_END, stackBytes = 0, data = new Uint8Array(0) } = {},
): Program {
  return linkModule(
    typedModule(params, results, (code, module) => {
      module.setMemory(dataEnd, stackBytes);
      if (data.length > 0) module.addData(NULL_GUARD_BYTES, data);
      body(code);
    }),
  );
}

const DATA = Uint8Array.from({ length: DATA_END - NULL_GUARD_BYTES }, (_, index) => (index * 37 + 200) & 255);

interface Access {
  readonly name: string;
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => bigint;
}

const LOADS: readonly Access[] = [
  { name: 'i32.load', bytes: 4, read: (view, at) => BigInt(view.getUint32(at, true)) },
  { name: 'i32.load8_s', bytes: 1, read: (view, at) => BigInt(view.getInt8(at)) },
  { name: 'i32.load8_u', bytes: 1, read: (view, at) => BigInt(view.getUint8(at)) },
  { name: 'i32.load16_s', bytes: 2, read: (view, at) => BigInt(view.getInt16(at, true)) },
  { name: 'i32.load16_u', bytes: 2, read: (view, at) => BigInt(view.getUint16(at, true)) },
  { name: 'i64.load', bytes: 8, read: (view, at) => view.getBigUint64(at, true) },
];

const STORES: readonly Omit<Access, 'read'>[] = [
  { name: 'i32.store', bytes: 4 },
  { name: 'i32.store8', bytes: 1 },
  { name: 'i32.store16', bytes: 2 },
  { name: 'i64.store', bytes: 8 },
];

/** Addresses around both ends of the window for accesses of `bytes` bytes, and unaligned ones. */
function addresses(bytes: number): number[] {
  const last = DATA_END - bytes;
  return [NULL_GUARD_BYTES, NULL_GUARD_BYTES + 1, 1030, 1031, 1234, 1501, last - 1, last];
}

function outside(bytes: number): number[] {
  return [
    0,
    1,
    NULL_GUARD_BYTES - 1,
    DATA_END - bytes + 1,
    DATA_END,
    DATA_END + 1,
    0x7fffffff,
    -0x80000000,
    -1,
    -bytes,
  ];
}

for (const { name, bytes, read } of LOADS) {
  const isWide = name.startsWith('i64');
  const type = isWide ? 'i64' : 'i32';
  const expected = (address: number) =>
    BigInt.asUintN(isWide ? 64 : 32, read(new DataView(DATA.buffer), address - NULL_GUARD_BYTES));

  test(`${name} reads what is there, at any alignment, and traps outside the window`, () => {
    for (const offset of [0, 1, 255]) {
      const load = program(
        ['i32'],
        [type],
        (code) => {
          code.emit(findOpcode('typed', name)!.number, 0, 0, offset);
          code.emit(TypedOp.RETURN_VALUE, 0);
        },
        { data: DATA },
      );
      const run = (address: number) => execute(load, { args: [BigInt(address - offset)] });
      for (const address of addresses(bytes))
        assert.is(BigInt.asUintN(isWide ? 64 : 32, run(address).results[0]), expected(address), `${address}`);
      for (const address of outside(bytes)) assert.is(run(address).trap, Trap.MEMORY_OUT_OF_BOUNDS, `${address}`);
    }
  });

  test(`${name}_indexed scales its index and takes the sum modulo 2^32`, () => {
    const load = program(
      ['i32', 'i32'],
      [type],
      (code) => {
        code.emit(findOpcode('typed', `${name}_indexed`)!.number, 0, 0, 1);
        code.emit(TypedOp.RETURN_VALUE, 0);
      },
      { data: DATA },
    );
    const run = (address: number, index: number) =>
      execute(load, { args: [BigInt(address - index * bytes), BigInt(index)] });
    for (const index of [0, 1, 7, -3, 0x20000000, -0x20000001]) {
      for (const address of addresses(bytes))
        assert.is(BigInt.asUintN(isWide ? 64 : 32, run(address, index).results[0]), expected(address));
      for (const address of outside(bytes)) assert.is(run(address, index).trap, Trap.MEMORY_OUT_OF_BOUNDS);
    }
  });
}

for (const { name, bytes } of STORES) {
  for (const isIndexed of [false, true]) {
    test(`${name}${isIndexed ? '_indexed' : ''} writes its bytes and no others, and traps outside the window`, () => {
      const opcode = findOpcode('typed', isIndexed ? `${name}_indexed` : name)!;
      const store = program(
        ['i64', 'i32', 'i32'],
        [],
        (code) => {
          code.emit(opcode.number, 0, 1, isIndexed ? 2 : 0);
          code.emit(TypedOp.RETURN);
        },
        { data: DATA },
      );
      const value = 0x8899aabbccddeeffn;
      for (const address of [...addresses(bytes), ...outside(bytes)]) {
        const { context, trap } = execute(store, {
          args: [value, BigInt(isIndexed ? address + 3 * bytes : address), -3n],
        });
        const isInside = address >= NULL_GUARD_BYTES && address <= DATA_END - bytes;
        assert.is(trap, isInside ? -1 : Trap.MEMORY_OUT_OF_BOUNDS, `${address}`);
        const wanted = DATA.slice();
        for (let at = 0; isInside && at < bytes; at++)
          wanted[address - NULL_GUARD_BYTES + at] = Number((value >> BigInt(at * 8)) & 255n);
        assert.equal(windowBytes(context, NULL_GUARD_BYTES, DATA_END), wanted);
        context.dispose();
      }
    });
  }
}

function windowBytes(context: ReturnType<typeof begin>, from: number, to: number): Uint8Array {
  const start = context.i32[HEADER.WINDOW] * 4;
  return context.u8.slice(start + from, start + to);
}

test('a program without a memory has none', () => {
  for (const name of [...LOADS, ...STORES].flatMap((access) => [access.name, `${access.name}_indexed`])) {
    const access = linkModule(
      typedModule(['i32', 'i32'], [], (code) => {
        code.emit(findOpcode('typed', name)!.number, 0, 1, 0);
        code.emit(TypedOp.RETURN);
      }),
    );
    assert.is(execute(access, { args: [0n, 1024n] }).trap, Trap.MEMORY_OUT_OF_BOUNDS, name);
  }
  const grow = linkModule(
    typedModule([], ['i32', 'i32'], (code) => {
      code.emit(TypedOp.MEMORY_SIZE, 0);
      code.emit(TypedOp.I32_CONST, 1, 16);
      code.emit(TypedOp.MEMORY_GROW, 1, 1);
      code.emit(TypedOp.RETURN_VALUES, 0, 2);
    }),
  );
  assert.equal(
    execute(grow)
      .results.map(Number)
      .map((bits) => bits | 0),
    [0, -1],
  );
});

test('address.offset adds, and traps where the sum wraps', () => {
  const offset = program(['i32'], ['i32'], (code) => {
    code.emit(TypedOp.ADDRESS_OFFSET, 0, 0, 0xffffff);
    code.emit(TypedOp.RETURN_VALUE, 0);
  });
  const run = (address: number) => execute(offset, { args: [BigInt(address)] });
  assert.is(run(1).results[0] & 0xffffffffn, 0x1000000n);
  assert.is(run(0xff000000).results[0] & 0xffffffffn, 0xffffffffn);
  assert.is(run(0xff000001).trap, Trap.MEMORY_OUT_OF_BOUNDS);
});

test('the memory stack grows the window as it is used, up to its maximum', () => {
  const stackBytes = 100 * 1024;
  const allocate = program(
    ['i32'],
    ['i32', 'i32'],
    (code) => {
      code.emit(TypedOp.STACK_ALLOCATE, 1, 1);
      code.emit(TypedOp.STACK_ALLOCATE_DYNAMIC, 0, 0);
      code.emit(TypedOp.I32_STORE8, 0, 1, 15);
      code.emit(TypedOp.STACK_GET, 1);
      code.emit(TypedOp.RETURN_VALUES, 0, 2);
    },
    { stackBytes },
  );
  const run = (bytes: number) => execute(allocate, { args: [BigInt(bytes)] });
  assert.equal(
    run(0).results.map((bits) => Number(bits & 0xffffffffn)),
    [DATA_END + 16, DATA_END + 16],
  );
  assert.equal(
    run(1).results.map((bits) => Number(bits & 0xffffffffn)),
    [DATA_END + 16, DATA_END + 32],
  );
  const small = run(100);
  assert.is(small.context.windowBytes, DATA_END + 1024);
  const most = run(stackBytes - 16);
  assert.is(most.context.windowBytes, DATA_END + stackBytes);
  assert.is(run(stackBytes - 15).trap, Trap.MEMORY_STACK_OVERFLOW);
  assert.is(run(0xffffffff).trap, Trap.MEMORY_STACK_OVERFLOW);
  for (const outcome of [small, most]) assert.is(outcome.context.i32[HEADER.WINDOW_BYTES], outcome.context.windowBytes);
});

test('each frame has its own memory stack pointer', () => {
  const nested = linkModule(
    typedModule([], ['i32', 'i32', 'i32'], (code, module) => {
      module.setMemory(DATA_END, 4096);
      const inner = module.addFunction({ family: 'typed', name: 'inner', signature: { params: [], results: ['i32'] } });
      inner.emit(TypedOp.STACK_ALLOCATE, 0, 2);
      inner.emit(TypedOp.RETURN_VALUE, 0);
      code.emit(TypedOp.STACK_ALLOCATE, 0, 1);
      code.emit(TypedOp.CALL, 1, inner.index);
      code.emit(TypedOp.CALL, 2, inner.index);
      code.emit(TypedOp.RETURN_VALUES, 0, 3);
    }),
  );
  const start = DATA_END;
  assert.equal(
    execute(nested).results.map((bits) => Number(bits & 0xffffffffn)),
    [start, start + 16, start + 16],
  );
});

test('stack.set takes pointers into the memory stack only', () => {
  const set = program(
    ['i32'],
    ['i32'],
    (code) => {
      code.emit(TypedOp.STACK_SET, 0);
      code.emit(TypedOp.STACK_GET, 0);
      code.emit(TypedOp.RETURN_VALUE, 0);
    },
    { stackBytes: 4096 },
  );
  const run = (pointer: number) => execute(set, { args: [BigInt(pointer)] });
  for (const pointer of [DATA_END, DATA_END + 16, DATA_END + 4096]) assert.is(Number(run(pointer).results[0]), pointer);
  for (const pointer of [DATA_END - 16, DATA_END + 4112, 0, -16])
    assert.is(run(pointer).trap, Trap.MEMORY_OUT_OF_BOUNDS);
});

test('a corrupt memory stack pointer is found', () => {
  const allocate = program(
    [],
    [],
    (code) => {
      code.emit(TypedOp.STACK_ALLOCATE, 0, 1);
      code.emit(TypedOp.RETURN);
    },
    { stackBytes: 4096 },
  );
  for (const pointer of [-16, 0x7ffffff0, DATA_END + 8192]) {
    const context = begin(allocate);
    context.i32[context.frame + FRAME_EXTRA] = pointer;
    const { trap } = finish(context);
    assert.is(trap, Trap.HEAP_CORRUPT, `${pointer}`);
  }
});

const growing = program(
  ['i32', 'i32'],
  ['i32', 'i32', 'i32'],
  (code) => {
    code.emit(TypedOp.MEMORY_SIZE, 2);
    code.emit(TypedOp.MEMORY_GROW, 3, 0);
    code.emit(TypedOp.MEMORY_GROW, 4, 1);
    code.emit(TypedOp.MEMORY_SIZE, 5);
    code.emit(TypedOp.I32_STORE8, 1, 4, 0);
    code.emit(TypedOp.MOVE, 2, 3);
    code.emit(TypedOp.MOVE, 3, 4);
    code.emit(TypedOp.MOVE, 4, 5);
    code.emit(TypedOp.RETURN_VALUES, 2, 3);
  },
  { stackBytes: 4096, data: DATA },
);

test('memory.grow puts the heap behind the whole memory stack, keeps what is there, and gives zeros', () => {
  const end = DATA_END + 4096;
  const { results, context } = execute(growing, { args: [1000n, 300000n] });
  assert.equal(results.map(Number), [end, end + 1000, end + 301000]);
  assert.equal(windowBytes(context, NULL_GUARD_BYTES, DATA_END), DATA);
  const rest = windowBytes(context, DATA_END, end + 301000);
  assert.is(rest.length, 4096 + 301000);
  assert.ok(rest.every((byte, index) => byte === (index === 4096 + 1000 ? 300000 & 255 : 0)));
});

test('memory.grow answers -1 beyond the memory limit and goes on', () => {
  for (const bytes of [0x7fffffffn, 0xffffffffn, 1n << 24n]) {
    const { signal, trap, results } = execute(growing, { args: [bytes, 8n], memoryLimitBytes: 1 << 20 });
    assert.is(signal, DONE, `${trap}`);
    assert.equal(
      results.map((bits) => Number(BigInt.asIntN(32, bits))),
      [-1, DATA_END + 4096, DATA_END + 4104],
    );
  }
});

test('memory.grow gives zeros where another block has been, and moves the window when it must', () => {
  const recurse = linkModule(
    typedModule(['i32'], ['i32'], (code, module) => {
      module.setMemory(DATA_END, 0);
      module.addData(NULL_GUARD_BYTES, DATA);
      const deep = module.addFunction({ family: 'typed', name: 'deep', signature: { params: ['i32'], results: [] } });
      const end = deep.newLabel();
      deep.emitJump(TypedOp.BR_UNLESS, end, 0);
      deep.emit(TypedOp.I32_ADD_IMM, 1, 0, -1);
      deep.emit(TypedOp.CALL, 1, deep.index);
      deep.bind(end);
      deep.emit(TypedOp.RETURN);
      // The frames' blocks come to lie behind the window; what they leave behind is used again.
      code.emit(TypedOp.MOVE, 1, 0);
      code.emit(TypedOp.CALL, 1, deep.index);
      code.emit(TypedOp.I32_CONST, 2, 20000);
      code.emit(TypedOp.MEMORY_GROW, 3, 2);
      code.emit(TypedOp.CALL, 0, deep.index);
      code.emit(TypedOp.I32_CONST, 2, 20000);
      code.emit(TypedOp.MEMORY_GROW, 3, 2);
      code.emit(TypedOp.RETURN_VALUE, 3);
    }),
  );
  const { results, context } = execute(recurse, { args: [3000n] });
  assert.is(Number(results[0] & 0xffffffffn), DATA_END + 20000);
  assert.equal(windowBytes(context, NULL_GUARD_BYTES, DATA_END), DATA);
  assert.ok(windowBytes(context, DATA_END, DATA_END + 40000).every((byte) => byte === 0));
});

test('a memory stack that does not fit into the memory limit asks for memory, and traps in the end', () => {
  const allocate = program(
    [],
    [],
    (code) => {
      code.emit(TypedOp.STACK_ALLOCATE, 0, 60000);
      code.emit(TypedOp.RETURN);
    },
    { stackBytes: 1 << 20 },
  );
  const { signal, trap } = execute(allocate, { memoryLimitBytes: 1 << 19 });
  assert.is.not(signal, MEMORY);
  assert.is(signal, TRAP);
  assert.is(trap, Trap.OUT_OF_MEMORY);
});

const BULK_BYTES = 8000;
const BULK = Uint8Array.from({ length: BULK_BYTES }, (_, index) => (index * 31 + (index >> 8)) & 255);
const BULK_END = NULL_GUARD_BYTES + BULK_BYTES;

const bulk = {
  copy: program(
    ['i32', 'i32', 'i32'],
    [],
    (code) => {
      code.emit(TypedOp.MEMORY_COPY, 0, 1, 2);
      code.emit(TypedOp.RETURN);
    },
    { dataEnd: BULK_END, data: BULK },
  ),
  fill: program(
    ['i32', 'i32', 'i32'],
    [],
    (code) => {
      code.emit(TypedOp.MEMORY_FILL, 0, 1, 2);
      code.emit(TypedOp.RETURN);
    },
    { dataEnd: BULK_END, data: BULK },
  ),
};

for (const kind of ['copy', 'fill'] as const) {
  test(`memory.${kind} does the same in any slices, at one instruction a chunk`, () => {
    const place = fc.integer({ min: NULL_GUARD_BYTES, max: BULK_END });
    const property = fc.property(
      place,
      place,
      fc.nat(BULK_BYTES),
      fc.constantFrom(1, 2, 3, 1 << 20),
      (to, from, count, slice) => {
        const fits = to + count <= BULK_END && (kind === 'fill' || from + count <= BULK_END);
        const { trap, context, instructions } = execute(bulk[kind], { args: [to, from, count].map(BigInt), slice });
        const wanted = BULK.slice();
        const start = to - NULL_GUARD_BYTES;
        if (fits && kind === 'copy') wanted.copyWithin(start, from - NULL_GUARD_BYTES, from - NULL_GUARD_BYTES + count);
        if (fits && kind === 'fill') wanted.fill(from & 255, start, start + count);
        assert.is(trap, fits || count === 0 ? -1 : Trap.MEMORY_OUT_OF_BOUNDS);
        if (fits) assert.is(instructions, Math.max(1, Math.ceil(count / 1024)) + 1);
        const found = windowBytes(context, NULL_GUARD_BYTES, BULK_END);
        assert.ok(found.every((byte, index) => byte === wanted[index]));
        context.dispose();
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
}

test('a bulk copy stops in the middle when the fuel ends', () => {
  const context = begin(bulk.copy, { args: [2000n, 1500n, 5000n] });
  const { signal, instructions } = finish(context, { slice: 2, limit: 2 });
  assert.is(signal, FUEL);
  assert.is(instructions, 2);
});

test.run();
