// Storage syscalls: checks of keys and values, what they charge, and the tenant's storage behind them. A put or delete is
// a swap of whatever is there: so the growth that is charged before it is the growth that it makes, whoever comes between.
import {
  Answered,
  type Charges,
  type HostValue,
  MAXIMUM_KEY_BYTES,
  MAXIMUM_STORED_BYTES,
  type TooLong,
} from '../../../vm/index';
import { ABSENT, type StoredValue, storedBytes, type TenantStorage } from '../storage';
import { failure, messageOf } from './failures';
import { after, type Handler, then } from './handler';

/** Keys of a page, and their bytes: each may take six characters of a JSON text, which has 256 KiB at most. */
export const MAXIMUM_PAGE_KEYS = 1000;
const MAXIMUM_PAGE_BYTES = 32 * 1024;

/** What a guest gives. */
type Bytes = Uint8Array | TooLong;

const NOTHING = new Uint8Array(0);

/** What a change came to: the new version, or null when somebody else was there first. */
type Change = number | null;

/** One execution's way to its tenant's storage. */
export class StorageCalls {
  constructor(
    private readonly storage: TenantStorage,
    private readonly charges: Charges,
  ) {}

  get(key: Bytes): Answered | Promise<Answered> {
    checkKey(key);
    return this.operate(() => then(this.current(key), answerOf));
  }

  put(key: Bytes, value: Bytes): bigint | Promise<bigint> {
    checkKey(key);
    checkValue(value);
    return this.operate(() => then(this.putOver(key, value), BigInt));
  }

  /** 1 when there was something to remove, else 0. */
  delete(key: Bytes): bigint | Promise<bigint> {
    checkKey(key);
    return this.operate(() => this.removeCurrent(key));
  }

  /** The new version, or 0. */
  swap(key: Bytes, version: bigint, value: Bytes): bigint | Promise<bigint> {
    checkKey(key);
    checkValue(value);
    return this.operate(() => {
      return then(this.current(key), (current) => {
        if (versionOf(current) !== Number(version)) return 0n;
        return then(this.change(key, current, value), (changed) => BigInt(changed ?? ABSENT));
      });
    });
  }

  /** 1 when it is removed, else 0. */
  remove(key: Bytes, version: bigint): bigint | Promise<bigint> {
    checkKey(key);
    return this.operate(() => {
      return then(this.current(key), (current) => {
        if (current === null || current.version !== Number(version)) return 0n;
        return then(this.change(key, current, null), (changed) => (changed === null ? 0n : 1n));
      });
    });
  }

  list(prefix: Bytes, behind: Bytes, limit: number): HostValue | Promise<HostValue> {
    const from = keyOrNothing(prefix);
    const after = keyOrNothing(behind);
    const most = Math.min(Math.max(limit, 0), MAXIMUM_PAGE_KEYS);
    return this.operate(() =>
      then(
        this.ask(() => this.storage.list(from, after, most, MAXIMUM_PAGE_BYTES)),
        pageOf,
      ),
    );
  }

  /** What the storage answers; what goes wrong in it is the guest's error, when `undo` is done. */
  private ask<T>(question: () => T | Promise<T>, undo: () => void = () => {}): T | Promise<T> {
    const fail = (error: unknown): never => {
      undo();
      throw failure('storage.failed', messageOf(error));
    };
    try {
      const answer = question();
      return answer instanceof Promise ? answer.catch(fail) : answer;
    } catch (error) {
      return fail(error);
    }
  }

  private current(key: Uint8Array): StoredValue | null | Promise<StoredValue | null> {
    return this.ask(() => this.storage.get(key));
  }

  private operate<T>(work: () => T | Promise<T>): T | Promise<T> {
    return after(this.charges.charge('storageOperations', 1), work);
  }

  /** Puts a value in place of whatever is there. */
  private putOver(key: Uint8Array, value: Uint8Array): number | Promise<number> {
    return then(this.current(key), (current) =>
      then(this.change(key, current, value), (version) => version ?? this.putOver(key, value)),
    );
  }

  private removeCurrent(key: Uint8Array): bigint | Promise<bigint> {
    return then(this.current(key), (current) => {
      if (current === null) return 0n;
      return then(this.change(key, current, null), (version) => (version === null ? this.removeCurrent(key) : 1n));
    });
  }

  /** Charges the growth, makes the change, and gives back what is not needed: the shrinkage, or all if it was not made. */
  private change(key: Uint8Array, current: StoredValue | null, value: Uint8Array | null): Change | Promise<Change> {
    const growth = storedBytes(key, value) - storedBytes(key, current?.value ?? null);
    const waiting = growth > 0 ? this.charges.charge('storageBytes', growth) : undefined;
    const giveBack = (bytes: number) => {
      if (bytes > 0) this.charges.release('storageBytes', bytes);
    };
    const swap = () => this.storage.compareAndSwap(key, versionOf(current), value);
    return after(waiting, () =>
      then(
        this.ask(swap, () => giveBack(growth)),
        (version) => {
          giveBack(version === null ? growth : -growth);
          return version;
        },
      ),
    );
  }
}

function versionOf(current: StoredValue | null): number {
  return current?.version ?? ABSENT;
}

function answerOf(stored: StoredValue | null): Answered {
  return new Answered(BigInt(versionOf(stored)), stored?.value ?? NOTHING);
}

/** As many keys as fit into an answer. */
function pageOf(keys: Uint8Array[]): HostValue {
  let bytes = 0;
  return keys.filter((key) => (bytes += key.length) <= MAXIMUM_PAGE_BYTES);
}

/** Throws SyscallFailure `storage.key`. */
function checkKey(key: Bytes): asserts key is Uint8Array {
  if (key.length > 0 && key.length <= MAXIMUM_KEY_BYTES) return;
  throw failure('storage.key', `a key of ${key.length} bytes (1 to ${MAXIMUM_KEY_BYTES} are possible)`);
}

function keyOrNothing(key: Bytes): Uint8Array {
  if (key.length === 0) return NOTHING;
  checkKey(key);
  return key;
}

/** Throws SyscallFailure `storage.value`. */
function checkValue(value: Bytes): asserts value is Uint8Array {
  if (value.length <= MAXIMUM_STORED_BYTES) return;
  throw failure('storage.value', `a value of ${value.length} bytes (at most ${MAXIMUM_STORED_BYTES} are possible)`);
}

/** By syscall. */
export const STORAGE_HANDLERS: Readonly<Record<string, Handler>> = {
  storage_get: ({ storage }, [key]) => storage.get(key as Bytes),
  storage_put: ({ storage }, [key, value]) => storage.put(key as Bytes, value as Bytes),
  storage_delete: ({ storage }, [key]) => storage.delete(key as Bytes),
  storage_swap: ({ storage }, [key, version, value]) => storage.swap(key as Bytes, version as bigint, value as Bytes),
  storage_remove: ({ storage }, [key, version]) => storage.remove(key as Bytes, version as bigint),
  storage_list: ({ storage }, [prefix, behind, limit]) =>
    storage.list(prefix as Bytes, behind as Bytes, limit as number),
};
