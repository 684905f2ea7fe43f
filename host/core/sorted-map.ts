// Values by keys that are in order, for pages of keys by prefix. A list of short sorted lists: whatever is done to one key moves
// a few hundred others at most, however many there are; a Map now and then moves them all.

/** A list that grows beyond twice this is cut in two. */
const CHUNK = 256;

/** Of some keys in a row, each one's value at the same place. */
interface Chunk<V> {
  readonly keys: string[];
  readonly values: V[];
}

export class SortedMap<V> {
  private readonly chunks: Chunk<V>[] = [];

  get(key: string): V | undefined {
    const chunk = this.chunks[this.chunkOf(key)];
    if (chunk === undefined) return undefined;
    const at = firstNotBelow(chunk.keys, key);
    return chunk.keys[at] === key ? chunk.values[at] : undefined;
  }

  set(key: string, value: V): void {
    const { chunks } = this;
    if (chunks.length === 0) chunks.push({ keys: [], values: [] });
    const index = this.chunkOf(key);
    const { keys, values } = chunks[index]!;
    const at = firstNotBelow(keys, key);
    if (keys[at] === key) {
      values[at] = value;
      return;
    }
    keys.splice(at, 0, key);
    values.splice(at, 0, value);
    if (keys.length > 2 * CHUNK)
      chunks.splice(index + 1, 0, { keys: keys.splice(CHUNK), values: values.splice(CHUNK) });
  }

  /** Nothing happens when there is none. */
  delete(key: string): void {
    const index = this.chunkOf(key);
    const chunk = this.chunks[index];
    if (chunk === undefined) return;
    const { keys, values } = chunk;
    const at = firstNotBelow(keys, key);
    if (keys[at] !== key) return;
    keys.splice(at, 1);
    values.splice(at, 1);
    if (keys.length === 0) this.chunks.splice(index, 1);
  }

  /** At most `limit` keys that begin with `prefix` and come behind `after`, in order. */
  page(prefix: string, after: string, limit: number): string[] {
    const found: string[] = [];
    if (this.chunks.length === 0) return found;
    // The least key behind `after` is `after` with one more character, the least of all.
    const from = after < prefix ? prefix : `${after}\0`;
    for (let at = this.chunkOf(from); at < this.chunks.length; at++) {
      const { keys } = this.chunks[at]!;
      for (let index = firstNotBelow(keys, from); index < keys.length; index++) {
        const key = keys[index]!;
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
      if (this.chunks[middle]!.keys[0]! <= key) low = middle;
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
