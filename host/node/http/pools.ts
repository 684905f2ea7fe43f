// Connections that are used again: those of one deployment to one origin, for a few seconds after a request. Never those of
// another deployment: what it was granted, and what it may have left behind on a connection, is its own. A pool without
// requests and connections is of no use and ends: a refused address leaves nothing behind.
import { type buildConnector, Pool } from 'undici';

/** Makes the function that makes a pool's connections. `isWanted`: whether somebody there still waits for one. */
export type MakeConnector = (isWanted: () => boolean) => buildConnector.connector;

const MAXIMUM_HEAD_BYTES = 32 * 1024;
/** Of all deployments together: beyond, who has been used least recently is closed. */
const MOST_POOLS = 256;

export class Pools {
  /** By what makes a deployment, then by origin. What nobody refers to any more ends with its connections. */
  private readonly owned = new WeakMap<object, Map<string, Pool>>();
  /** How many requests are under way. */
  private readonly requests = new WeakMap<Pool, number>();
  /** The least recently used first. */
  private readonly all = new Map<Pool, () => void>();

  /** `keepAliveMs`: how long a connection may have nothing to do. */
  constructor(private readonly keepAliveMs: number) {}

  /** The pool for one request to an origin, made if there is none; see `release`. `connect` makes a connection, for these requests only. */
  poolFor(owner: object, origin: string, connect: MakeConnector): Pool {
    let pools = this.owned.get(owner);
    if (pools === undefined) {
      pools = new Map();
      this.owned.set(owner, pools);
    }
    const pool = pools.get(origin) ?? this.makePool(origin, connect);
    pools.set(origin, pool);
    const forget = this.all.get(pool) ?? forgetter(pools, origin);
    this.all.delete(pool);
    this.all.set(pool, forget);
    this.requests.set(pool, (this.requests.get(pool) ?? 0) + 1);
    this.closeOldest();
    return pool;
  }

  /** A pool for one request. */
  single(origin: string, connect: MakeConnector): Pool {
    return this.makePool(origin, connect);
  }

  /** A request that was begun with `poolFor` is over. One that nobody waits for any more ends a pool that has no others. */
  release(pool: Pool, isGivenUp: boolean): void {
    const count = this.requests.get(pool)! - 1;
    this.requests.set(pool, count);
    // Its connection ends, but the client would make another one in its place.
    if (isGivenUp && count === 0) this.end(pool);
    else this.endUnused(pool);
  }

  private endUnused(pool: Pool): void {
    if (this.requests.get(pool) === 0 && pool.stats.connected === 0) this.end(pool);
  }

  /** What is under way in a pool goes on to its end. */
  private closeOldest(): void {
    for (const pool of this.all.keys()) {
      if (this.all.size <= MOST_POOLS) return;
      this.forget(pool);
      pool.close().catch(() => {});
    }
  }

  /** Ends a pool with all that is under way in it. */
  end(pool: Pool): void {
    this.forget(pool);
    pool.destroy().catch(() => {});
  }

  private makePool(origin: string, connect: MakeConnector): Pool {
    const pool: Pool = new Pool(origin, {
      connect: connect(() => !pool.destroyed && this.requests.get(pool) !== 0),
      pipelining: 1,
      keepAliveTimeout: this.keepAliveMs,
      keepAliveMaxTimeout: this.keepAliveMs,
      maxHeaderSize: MAXIMUM_HEAD_BYTES,
      // Whoever waits has a timeout of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    pool.on('disconnect', () => this.endUnused(pool));
    return pool;
  }

  private forget(pool: Pool): void {
    this.all.get(pool)?.();
    this.all.delete(pool);
  }
}

function forgetter(pools: Map<string, Pool>, origin: string): () => void {
  return () => pools.delete(origin);
}
