// The threads that compile, which all hosts of a process share, and how long they are there.
import { CompilerThread, type MaybeUnref } from './compiler';
import type { StartWorker } from './thread';

/**
 * How long threads outlive the last host, in milliseconds: starting one takes some tenths of a second, and programs make hosts one
 * after the other.
 */
const LINGER_MS = 1000;

export class Compilers {
  readonly deployments: CompilerThread;
  /** A running function that loads text must not wait for somebody's large deployment. */
  readonly chunks: CompilerThread;
  private hosts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    start: StartWorker,
    private readonly lingerMs = LINGER_MS,
  ) {
    this.deployments = new CompilerThread(start);
    this.chunks = new CompilerThread(start);
  }

  /** A host opens; it calls what this answers when it is closed, once or more often. */
  join(): () => void {
    this.hosts++;
    clearTimeout(this.timer);
    for (const thread of [this.deployments, this.chunks]) thread.keep();
    let isIn = true;
    return () => {
      if (isIn) this.leave();
      isIn = false;
    };
  }

  private leave(): void {
    this.hosts--;
    if (this.hosts > 0) return;
    this.timer = setTimeout(() => {
      for (const thread of [this.deployments, this.chunks]) thread.endWhenIdle();
    }, this.lingerMs);
    (this.timer as MaybeUnref).unref?.();
  }
}

/** By what starts them. */
const compilers = new WeakMap<StartWorker, Compilers>();

export function compilersOf(start: StartWorker): Compilers {
  let made = compilers.get(start);
  if (made === undefined) {
    made = new Compilers(start);
    compilers.set(start, made);
  }
  return made;
}
