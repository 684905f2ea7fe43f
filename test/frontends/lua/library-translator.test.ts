// Which instructions library code becomes: its strings, own fields and upvalues, and the calls that are instructions.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { body, compile } from './listing';

test('strings of library code are made when they are needed', () => {
  const { functions } = compile('local function f(t) return t.name, "text" end', { library: true });
  const text = (bytes: string) => ({ kind: 'text', bytes: new TextEncoder().encode(bytes) });
  assert.equal(functions[1]!.constants, [text('name'), text('text')]);
  assert.equal(body('local a = "text"', 0, { library: true }), ['load_integer r0 0', 'intrinsic r0 text']);
});

test("the library's own fields are numbers, and its functions have only the upvalues that they use", () => {
  const source =
    'local a, b = 1, 2 local function f(t) t._first, t._second = t._first, b return __intrinsic.type(t) end';
  const { functions } = compile(source, { library: true });
  assert.equal(functions[1]!.constants, []);
  assert.equal(
    functions[1]!.upvalues.map(({ name }) => name),
    ['b'],
  );
  assert.equal(body(source, 1, { library: true }).slice(0, 4), [
    'get_index r1 r0 1',
    'get_upvalue r2 0',
    'set_index r0 2 r2',
    'set_index r0 1 r1',
  ]);
});

test('library code has instructions as calls', () => {
  const library = { intrinsicResults: (name: string) => (name === 'two' ? 2 : name === 'none' ? 0 : undefined) };
  const lib = (source: string) => body(source, 0, { library });
  assert.equal(lib('local a = __intrinsic.len(1)'), ['load_integer r1 1', 'intrinsic r1 len', 'move r0 r1']);
  assert.equal(lib('__syscall.write(1, 2)'), ['load_integer r1 1', 'load_integer r2 2', 'syscall r1 write']);
  assert.equal(lib('return __intrinsic.two(...==1)').slice(-2), ['intrinsic r1 two', 'return r1 3']);
  assert.equal(lib('local a, b, c = __intrinsic.two()'), [
    'intrinsic r1 two',
    'move r0 r1',
    'move r1 r2',
    'load_nil r2 0',
  ]);
  assert.equal(lib('f(1, __intrinsic.two())').slice(-4), [
    'intrinsic r3 two',
    'move r2 r3',
    'move r3 r4',
    'call r0 4 1',
  ]);
  assert.equal(lib('return __op.protected_call(nil, ...)'), [
    'load_nil r1 0',
    'vararg r2 0',
    'protected_call r1 0 0',
    'return r1 0',
  ]);
  assert.equal(lib('__op.throw(__intrinsic.one())'), ['intrinsic r2 one', 'move r1 r2', 'throw r1']);
  assert.equal(lib('local t; return __op.length(t)').slice(1), ['move r2 r0', 'length r2 r2', 'return_one r2']);
  assert.throws(() => lib('local f = __intrinsic.one'), /must be called/);
  assert.throws(() => lib('__intrinsic.one(...)'), /fixed number of arguments/);
  assert.throws(() => lib('__op.nothing()'), /no such instruction/);
  assert.is(compile('__intrinsic.one()').intrinsics.length, 0);
  assert.is(compile('x = 1', { library }).initialiser, 0);
  assert.is(compile('x = 1', { library }).entry, null);
});

test.run();
