// A heap of which only those blocks are kept that differ from its program's image, or from zero behind it: most of what
// a waiting context has is as it began, its library above all. Nothing of this is visible to the guest.

/** Words that are kept or left out together. */
const BLOCK = 16;

/** The first `top` words of a heap as a bitmap of blocks, and those that differ. */
export function freezeHeap(heap: Int32Array, top: number, image: Int32Array): Int32Array {
  const blocks = Math.ceil(top / BLOCK);
  const bitmapWords = Math.ceil(blocks / 32);
  const differing: number[] = [];
  for (let block = 0; block < blocks; block++) {
    const start = block * BLOCK;
    if (differs(heap, start, Math.min(start + BLOCK, top), image)) differing.push(block);
  }
  const frozen = new Int32Array(bitmapWords + differing.length * BLOCK);
  let at = bitmapWords;
  for (const block of differing) {
    frozen[block >>> 5] |= 1 << (block & 31);
    const start = block * BLOCK;
    frozen.set(heap.subarray(start, Math.min(start + BLOCK, top)), at);
    at += BLOCK;
  }
  return frozen;
}

/** Writes those `top` words into a heap that is zero from the image's end on. */
export function thawHeap(frozen: Int32Array, heap: Int32Array, top: number, image: Int32Array): void {
  heap.set(top < image.length ? image.subarray(0, top) : image);
  const blocks = Math.ceil(top / BLOCK);
  let at = Math.ceil(blocks / 32);
  for (let block = 0; block < blocks; block++) {
    if ((frozen[block >>> 5] & (1 << (block & 31))) === 0) continue;
    const start = block * BLOCK;
    heap.set(frozen.subarray(at, at + Math.min(BLOCK, top - start)), start);
    at += BLOCK;
  }
}

function differs(heap: Int32Array, start: number, end: number, image: Int32Array): boolean {
  const shared = Math.max(start, Math.min(end, image.length));
  for (let index = start; index < shared; index++) if (heap[index] !== image[index]) return true;
  for (let index = shared; index < end; index++) if (heap[index] !== 0) return true;
  return false;
}
