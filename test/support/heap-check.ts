// Checks a heap from its first block to its last: headers, lists of free blocks, the string table, every object's parts
// and references. Written from the layout alone, so that it shares no mistake with the allocator and the collector.
import type { Context } from '../../vm/context';
import {
  BLOCK_HEADER_WORDS,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  HEADER,
  KIND_ARRAY,
  KIND_CLOSURE,
  KIND_FRAMES,
  KIND_FREE,
  KIND_NODES,
  KIND_REGISTERS,
  KIND_STRING,
  KIND_TABLE,
  KIND_THREAD,
  KIND_UPVALUE,
  KIND_USERDATA,
  NODE_KEY,
  NODE_NEXT,
  NODE_SIZE,
  SHORT_STRING_BYTES,
  STRING_HASH,
  STRING_LENGTH,
  STRING_NEXT,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TABLE_SIZE,
  TAG_CLOSURE,
  TAG_COUNT,
  TAG_DEAD_KEY,
  TAG_FIRST_REFERENCE,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_THREAD,
  TAG_USERDATA,
  THREAD_DEAD,
  THREAD_FRAMES,
  THREAD_STACK,
  THREAD_STATUS,
  UPVALUE_POINTER,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
  USERDATA_TABLE,
  VALUE_SIZE,
  VALUE_TAG,
} from '../../vm/layout';

export interface Block {
  readonly address: number;
  readonly words: number;
  readonly kind: number;
  readonly colour: number;
}

const KINDS_OF_TAGS = new Map([
  [TAG_SHORT_STRING, KIND_STRING],
  [TAG_LONG_STRING, KIND_STRING],
  [TAG_TABLE, KIND_TABLE],
  [TAG_CLOSURE, KIND_CLOSURE],
  [TAG_THREAD, KIND_THREAD],
  [TAG_USERDATA, KIND_USERDATA],
]);

/** All blocks by address. Throws an Error that says what is wrong with the walk. */
export function heapBlocks(context: Context): Map<number, Block> {
  const { i32 } = context;
  const blocks = new Map<number, Block>();
  const top = i32[HEADER.TOP];
  let address: number = HEADER.SIZE;
  while (address < top) {
    const words = (i32[address] >>> 6) * 4;
    if (words === 0) throw new Error(`block of no size at ${address}`);
    blocks.set(address, { address, words, kind: (i32[address] >>> 2) & 15, colour: i32[address] & 3 });
    address += words;
  }
  if (address !== top) throw new Error(`the last block ends at ${address}, not at ${top}`);
  return blocks;
}

/**
 * What is wrong with a heap, as sentences; an empty list if nothing is. `atRest`: no collection is under way. Objects that
 * nothing refers to any more may hold stale references after a sweep only if they belong to the image.
 */
export function checkHeap(context: Context, { atRest = true } = {}): string[] {
  const problems: string[] = [];
  const blocks = heapBlocks(context);
  checkFreeLists(context, blocks, problems);
  checkStrings(context, blocks, problems);
  for (const block of blocks.values()) {
    if (block.kind === KIND_FREE || block.address < context.i32[HEADER.IMAGE_END]) continue;
    if (atRest && block.colour !== 0) problems.push(`block ${block.address} is not white`);
    checkObject(context, blocks, block, problems);
  }
  return problems;
}

function checkFreeLists(context: Context, blocks: Map<number, Block>, problems: string[]): void {
  const { i32 } = context;
  const listed = new Set<number>();
  const follow = (head: number, isRight: (granules: number) => boolean): void => {
    for (let address = head; address !== 0; address = i32[address + 1]) {
      const block = blocks.get(address);
      if (block === undefined || block.kind !== KIND_FREE) problems.push(`listed block ${address} is not free`);
      else if (!isRight(block.words / 4)) problems.push(`free block ${address} is in a wrong list`);
      if (listed.has(address)) problems.push(`free block ${address} is listed twice`);
      if (block === undefined || listed.has(address)) return;
      listed.add(address);
    }
  };
  for (let bin = 0; bin < HEADER.BIN_COUNT; bin++) {
    follow(i32[HEADER.BINS + bin], (granules) => granules === bin + 1);
    const bit = (i32[HEADER.BIN_MAP + (bin >>> 5)] >>> (bin & 31)) & 1;
    if (bit !== (i32[HEADER.BINS + bin] === 0 ? 0 : 1)) problems.push(`bit of bin ${bin} is wrong`);
  }
  for (let bin = 0; bin < HEADER.LARGE_BIN_COUNT; bin++) {
    const least = 2 ** (6 + (bin >> 2)) * (1 + (bin & 3) / 4);
    const end = 2 ** (6 + ((bin + 1) >> 2)) * (1 + ((bin + 1) & 3) / 4);
    follow(i32[HEADER.LARGE_BINS + bin], (granules) => granules >= Math.max(least, 65) && granules < end);
    const bit = (i32[HEADER.LARGE_MAP + (bin >>> 5)] >>> (bin & 31)) & 1;
    if (bit !== (i32[HEADER.LARGE_BINS + bin] === 0 ? 0 : 1)) problems.push(`bit of large bin ${bin} is wrong`);
  }
  for (const block of blocks.values()) {
    if (block.kind === KIND_FREE && !listed.has(block.address)) problems.push(`free block ${block.address} is lost`);
  }
}

function checkStrings(context: Context, blocks: Map<number, Block>, problems: string[]): void {
  const { i32 } = context;
  const contents = new Set<string>();
  const linked = new Set<number>();
  for (let bucket = 0; bucket < i32[HEADER.STRING_BUCKETS]; bucket++) {
    let address = i32[i32[HEADER.STRINGS] + BLOCK_HEADER_WORDS + bucket];
    for (; address !== 0; address = i32[address + STRING_NEXT]) {
      if (linked.has(address)) throw new Error(`string ${address} is in a cycle`);
      linked.add(address);
      if (blocks.get(address)?.kind !== KIND_STRING) problems.push(`interned string ${address} is none`);
      const hash = i32[address + STRING_HASH];
      if ((hash & (i32[HEADER.STRING_BUCKETS] - 1)) !== bucket) problems.push(`string ${address} is in a wrong bucket`);
      const text = stringText(context, address);
      if (contents.has(text)) problems.push(`string ${JSON.stringify(text)} is interned twice`);
      contents.add(text);
    }
  }
  if (linked.size !== i32[HEADER.STRING_COUNT]) problems.push('the count of interned strings is wrong');
}

/** A string's bytes as characters U+0000 to U+00FF. */
export function stringText(context: Context, address: number): string {
  const start = (address + 4) * 4;
  return Buffer.from(context.u8.subarray(start, start + context.i32[address + STRING_LENGTH])).toString('latin1');
}

function checkObject(context: Context, blocks: Map<number, Block>, block: Block, problems: string[]): void {
  const { i32 } = context;
  const { address } = block;
  const expect = (target: number, kind: number, words: number, what: string): void => {
    const found = blocks.get(target);
    if (found?.kind !== kind || found.words < words) problems.push(`${what} of ${address} (${target}) is wrong`);
  };
  switch (block.kind) {
    case KIND_STRING:
      if (16 + i32[address + STRING_LENGTH] > block.words * 4) problems.push(`string ${address} is too long`);
      break;
    case KIND_TABLE:
      checkTable(context, blocks, address, problems, expect);
      break;
    case KIND_CLOSURE:
      for (let index = 0; index < i32[address + CLOSURE_UPVALUE_COUNT]; index++) {
        expect(i32[address + CLOSURE_UPVALUES + index], KIND_UPVALUE, 8, `upvalue ${index}`);
      }
      break;
    case KIND_UPVALUE:
      if (i32[address + UPVALUE_THREAD] !== 0) expect(i32[address + UPVALUE_THREAD], KIND_THREAD, 12, 'thread');
      else {
        if (i32[address + UPVALUE_POINTER] !== address + UPVALUE_VALUE) problems.push(`upvalue ${address} points away`);
        checkValue(context, blocks, address + UPVALUE_VALUE, problems);
      }
      break;
    case KIND_THREAD:
      // A coroutine that has returned.
      if (i32[address + THREAD_FRAMES] === 0 && i32[address + THREAD_STATUS] === THREAD_DEAD) break;
      expect(i32[address + THREAD_FRAMES] - BLOCK_HEADER_WORDS, KIND_FRAMES, 4, 'frames');
      expect(i32[address + THREAD_STACK] - BLOCK_HEADER_WORDS, KIND_REGISTERS, 4, 'registers');
      break;
    case KIND_USERDATA:
      expect(i32[address + USERDATA_TABLE], KIND_TABLE, TABLE_SIZE, 'table');
      break;
    default:
  }
}

type Expect = (target: number, kind: number, words: number, what: string) => void;

function checkTable(
  context: Context,
  blocks: Map<number, Block>,
  table: number,
  problems: string[],
  expect: Expect,
): void {
  const { i32 } = context;
  const size = i32[table + TABLE_ARRAY_SIZE];
  const nodes = i32[table + TABLE_NODES];
  const count = nodes === table + TABLE_DUMMY_NODE ? 0 : i32[table + TABLE_NODE_MASK] + 1;
  if (i32[table + TABLE_METATABLE] !== 0) expect(i32[table + TABLE_METATABLE], KIND_TABLE, 12, 'metatable');
  if (size > 0) expect(i32[table + TABLE_ARRAY], KIND_ARRAY, 4 + size * 4, 'array');
  if (i32[table + 10] !== 0 || i32[table + 11] !== 0) problems.push(`table ${table} spoils the dummy node`);
  if (count > 0) expect(nodes - BLOCK_HEADER_WORDS, KIND_NODES, 4 + count * NODE_SIZE, 'nodes');
  for (let index = 1; index <= size; index++) {
    checkValue(context, blocks, i32[table + TABLE_ARRAY] + index * VALUE_SIZE, problems);
  }
  for (let node = nodes; node < nodes + count * NODE_SIZE; node += NODE_SIZE) {
    const next = i32[node + NODE_NEXT];
    const isOwn = next >= nodes && next < nodes + count * NODE_SIZE && (next - nodes) % NODE_SIZE === 0;
    if (next !== 0 && !isOwn) problems.push(`node ${node} links outside its table`);
    checkValue(context, blocks, node, problems);
    const isDead = i32[node + NODE_KEY + VALUE_TAG] === TAG_DEAD_KEY && i32[node + VALUE_TAG] === TAG_NIL;
    if (!isDead) checkValue(context, blocks, node + NODE_KEY, problems);
  }
}

function checkValue(context: Context, blocks: Map<number, Block>, slot: number, problems: string[]): void {
  const { i32 } = context;
  const tag = i32[slot + VALUE_TAG];
  if (tag < 0 || tag >= TAG_COUNT) problems.push(`slot ${slot} has tag ${tag}`);
  if (tag < TAG_FIRST_REFERENCE) return;
  const target = blocks.get(i32[slot]);
  if (target?.kind !== KINDS_OF_TAGS.get(tag)) problems.push(`slot ${slot} (tag ${tag}) refers to no such object`);
  else if (target !== undefined && target.kind === KIND_STRING) {
    // The library's own buffers are long strings of any length.
    const isLong = i32[target.address + STRING_LENGTH] > SHORT_STRING_BYTES;
    if (isLong && tag === TAG_SHORT_STRING) problems.push(`slot ${slot} calls a string by the wrong tag`);
  }
}
