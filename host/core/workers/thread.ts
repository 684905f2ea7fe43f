// What the host needs of a thread, as Node's worker_threads and browsers both have it. Who starts threads is injected:
// host/core knows neither.

/** Most workers of a host. */
export const MOST_WORKERS = 256;

/** One end of a channel to another thread. Messages are cloned. */
export interface MessageEnd {
  post(message: unknown): void;
  listen(receive: (message: unknown) => void): void;
  /** Where the threads of a process can compile for each other. */
  readonly codeCache?: CodeCache;
}

/**
 * Compiles a text of the host's language in one thread for another. Texts are the machine's own; each is an expression without
 * free names.
 */
export interface CodeCache {
  /** What `load` needs so as not to compile it again. */
  compile(text: string): Uint8Array;
  /** What the text comes to; null: it has to be compiled here. */
  load(text: string, compiled: Uint8Array | null): unknown;
}

/** A thread, as the one that has started it sees it. */
export interface WorkerThread extends MessageEnd {
  /** Calls back once when the thread has failed or ended by itself, perhaps for want of memory. */
  onFailure(report: (reason: string, isOutOfMemory: boolean) => void): void;
  /** Whether the process must not end because of it: at first, not. */
  hold(isHeld: boolean): void;
  /** Ends it, whatever it does. */
  terminate(): Promise<void>;
}

export interface ThreadOptions {
  /** Bytes that it may have for its objects: where threads can be limited. */
  readonly memoryBytes?: number;
}

/** Starts a thread that calls `runWorker` with its end of the channel. */
export type StartWorker = (options?: ThreadOptions) => WorkerThread;
