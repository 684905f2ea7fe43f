// What the host needs of a thread, as Node's worker_threads and browsers both have it. Who starts threads is injected:
// host/core knows neither.

/** Most workers of a host. */
export const MOST_WORKERS = 256;

/** One end of a channel to another thread. Messages are cloned. */
export interface MessageEnd {
  post(message: unknown): void;
  listen(receive: (message: unknown) => void): void;
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
