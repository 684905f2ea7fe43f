// Keys in order, for pages of them by prefix. A list of short sorted lists: whatever is done to one key moves a few
// hundred others at most, however many there are.

/** A list that grows beyond twice this is cut in two. */
const CHUNK = 256;

export class SortedKeys {
  private readonly chunks: string[][] = [];

  /** Adds a key that is not there. */
  add(key: string): void {
    const { chunks } = this;
    if (chunks.length === 0) chunks.push([]);
    const at = this.chunkOf(key);
    const chunk = chunks[at]!;
    chunk.splice(firstNotBelow(chunk, key), 0, key);
    if (chunk.length > 2 * CHUNK) chunks.splice(at + 1, 0, chunk.splice(CHUNK));
  }

  /** Removes a key that is there. */
  remove(key: string): void {
    const at = this.chunkOf(key);
    const chunk = this.chunks[at]!;
    chunk.splice(firstNotBelow(chunk, key), 1);
    if (chunk.length === 0) this.chunks.splice(at, 1);
  }

  /** At most `limit` keys that begin with `prefix` and come behind `after`, in order. */
  page(prefix: string, after: string, limit: number): string[] {
    const found: string[] = [];
    if (this.chunks.length === 0) return found;
    // The least key behind `after` is `after` with one more character, the least of all.
    const from = after < prefix ? prefix : `${after}\0`;
    for (let at = this.chunkOf(from); at < this.chunks.length; at++) {
      const chunk = this.chunks[at]!;
      for (let index = firstNotBelow(chunk, from); index < chunk.length; index++) {
        const key = chunk[index]!;
        if (found.length === limit || !key.startsWith(prefix)) return found;
        found.push(key);
      }
    }
    return found;
  }

  /** The list in which a key is, or would be: the last that does not begin behind it. */
  private chunkOf(key: string): number {
    let low = 0;
    for (let high = this.chunks.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (this.chunks[middle]![0]! <= key) low = middle;
      else high = middle;
    }
    return low;
  }
}

function firstNotBelow(sorted: readonly string[], key: string): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
