// The host's end of one worker: its thread, what it knows, who is there.
import type { Program, Share } from '../../../vm/index';
import { createMemoryReply } from './memory-reply';
import type { FromWorker, SharePath, ToWorker } from './messages';
import type { StartWorker, WorkerThread } from './port';
import { packProgram } from './programs';
import type { RoamingExecution } from './roaming-execution';

/** Numbers for objects that workers know by number. */
export class Numbers<T extends object> {
  private readonly known = new WeakMap<T, number>();
  private last = 0;

  of(object: T): number {
    let number = this.known.get(object);
    if (number === undefined) {
      number = ++this.last;
      this.known.set(object, number);
    }
    return number;
  }
}

export const programNumbers = new Numbers<Program>();
export const shareNumbers = new Numbers<Share>();

export class Peer {
  readonly memoryReply = createMemoryReply();
  /** Resolves when it is ready, or has failed before it was. */
  readonly ready: Promise<void>;
  /** By number of the seat. */
  readonly seats = new Map<number, RoamingExecution>();
  /** Executions of each tenant that are ready here. */
  readonly readyOf = new Map<Share, number>();
  /** Of all executions that are ready here: the sum of their parts of the machine's time. */
  load = 0;
  readyCount = 0;
  private readonly thread: WorkerThread;
  private readonly programs = new Set<number>();
  /** Tells the worker to forget a program that nobody here has any more. */
  private readonly forgotten = new FinalizationRegistry((id: number) => {
    if (this.programs.delete(id)) this.post({ type: 'forget', id });
  });
  private isStarting = true;
  private isHeld = true;
  private isReady!: () => void;

  constructor(
    start: StartWorker,
    isTrained: boolean,
    receive: (peer: Peer, message: FromWorker) => void,
    failed: (peer: Peer, reason: string) => void,
  ) {
    this.thread = start();
    this.ready = new Promise((resolve) => {
      this.isReady = resolve;
    });
    this.thread.listen((message) => {
      const told = message as FromWorker;
      if (told.type === 'ready') {
        this.isReady();
        this.isStarting = false;
        this.hold();
      } else receive(this, told);
    });
    this.thread.onFailure((reason) => {
      this.isReady();
      failed(this, reason);
    });
    this.post({ type: 'options', isTrained, memoryReply: this.memoryReply });
  }

  post(message: ToWorker, transfer?: readonly ArrayBuffer[]): void {
    this.thread.post(message, transfer);
  }

  /** The number of a program that the worker knows from now on. */
  teach(program: Program): number {
    const id = programNumbers.of(program);
    if (!this.programs.has(id)) {
      this.programs.add(id);
      this.forgotten.register(program, id);
      this.post({ type: 'program', id, parts: packProgram(program) });
    }
    return id;
  }

  /** One more, or one less, of a tenant's executions is ready here, with so much of the machine's time. */
  count(tenant: Share, change: 1 | -1, part: number): void {
    const ready = (this.readyOf.get(tenant) ?? 0) + change;
    if (ready === 0) this.readyOf.delete(tenant);
    else this.readyOf.set(tenant, ready);
    this.readyCount += change;
    this.load = this.readyCount === 0 ? 0 : this.load + change * part;
  }

  /** The path to a function's share, with its tenant's weight in this worker: by how many of its ready executions are here. */
  pathOf(share: Share, readyOfTenant: number): SharePath {
    const tenant = tenantOf(share);
    return {
      tenant: shareNumbers.of(tenant),
      tenantWeight: this.weightOf(tenant, readyOfTenant),
      function: shareNumbers.of(share),
      functionWeight: share.weight,
    };
  }

  /** A tenant's weight here when so many of its executions are ready in all workers. */
  weightOf(tenant: Share, readyOfTenant: number): number {
    return (tenant.weight * Math.max(1, this.readyOf.get(tenant) ?? 0)) / Math.max(1, readyOfTenant);
  }

  terminate(): Promise<void> {
    return this.thread.terminate();
  }

  /** A process does not end while its workers start, or while somebody is there. */
  hold(): void {
    const isHeld = this.isStarting || this.seats.size > 0;
    if (isHeld === this.isHeld) return;
    this.isHeld = isHeld;
    this.thread.hold(isHeld);
  }
}

/** A function's share is in its tenant's. */
export function tenantOf(share: Share): Share {
  return share.parent ?? share;
}
