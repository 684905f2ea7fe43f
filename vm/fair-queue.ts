// Who is next, fairly by weight: between tenants first, then between the functions of one, then between its invocations.
// Start-time fair queueing (Goyal, Vin, Cheng, "Start-time Fair Queueing", SIGCOMM 1996) on a tree of shares: each keeps the
// service that it has had, divided by its weight (its pass); of those that have work the one with the smallest is next.
// Who has slept begins where the others stand: sleep earns nothing and costs nothing.
//
// Among the invocations of one function, those that have just come or were just woken go before those that have used up a
// turn, turn and turn about: a short call need not wait for every endless loop, and a flood of short calls cannot
// starve a long one.
import { RoundRobin, type RunQueue, type Task } from './scheduler';

/** What has a place in a share: a share or a task. */
interface Entity {
  weight: number;
  /** Instructions that it has had, divided by its weight; kept by the queue. */
  pass: number;
}

/** A binary heap by pass. */
class PassHeap<T extends Entity> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  push(item: T): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (items[above]!.pass <= item.pass) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && items[below + 1]!.pass < items[below]!.pass) below++;
      if (items[below]!.pass >= last.pass) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = last;
    return first;
  }
}

/** A part of the machine's time, by weight among those beside it, divided in turn among those in it. */
export class Share implements Entity {
  pass = 0;
  /** The pass of who was last taken from it. */
  private reached = 0;
  private readonly shares = new PassHeap<Share>();
  private readonly tasks = new PassHeap<FairTask>();
  private readonly newcomers = new RoundRobin<FairTask>();
  private wasNewcomer = false;
  /** Whether it stands among its parent's, or is being served. */
  private isActive = false;

  /** `weight` is above 0, and may be changed. */
  constructor(
    readonly parent: Share | null,
    public weight = 1,
  ) {}

  add(task: FairTask, isNewcomer: boolean): void {
    if (isNewcomer) this.newcomers.add(task);
    else this.tasks.push(task);
    this.activate();
  }

  /** The next task in it. The shares on the way stand nowhere until `settle`. */
  take(): FairTask | undefined {
    const share = this.shares.pop();
    if (share !== undefined) {
      this.reached = Math.max(this.reached, share.pass);
      return share.take();
    }
    const first = this.wasNewcomer ? this.takeOther() : this.takeNewcomer();
    return first ?? (this.wasNewcomer ? this.takeNewcomer() : this.takeOther());
  }

  /** One of those in it has had so many instructions. */
  settle(spent: number): void {
    this.pass += spent / this.weight;
    this.isActive = false;
    if (this.shares.size > 0 || this.tasks.size > 0 || this.newcomers.size > 0) this.activate();
    this.parent?.settle(spent);
  }

  /** Where an invocation goes on after a turn. */
  passAfter(task: FairTask, spent: number): number {
    return Math.max(task.pass, this.reached) + spent / task.weight;
  }

  private activate(): void {
    if (this.isActive) return;
    this.isActive = true;
    const { parent } = this;
    if (parent === null) return;
    this.pass = Math.max(this.pass, parent.reached);
    parent.shares.push(this);
    parent.activate();
  }

  private takeNewcomer(): FairTask | undefined {
    const task = this.newcomers.take();
    if (task !== undefined) this.wasNewcomer = true;
    return task;
  }

  private takeOther(): FairTask | undefined {
    const task = this.tasks.pop();
    if (task === undefined) return undefined;
    this.wasNewcomer = false;
    this.reached = Math.max(this.reached, task.pass);
    return task;
  }
}

/** A task that knows its share. */
export interface FairTask extends Task, Entity {
  readonly share: Share;
}

/** The queue of a tree of shares. A share holds either shares or tasks. */
export class FairQueue implements RunQueue<FairTask> {
  /** The share of all; tenants' shares are in it. */
  readonly root = new Share(null);
  /** Who has just had a turn: when it comes back at once, it has used its turn up. */
  private last: FairTask | undefined;

  add(task: FairTask): void {
    task.share.add(task, task !== this.last);
  }

  take(): FairTask | undefined {
    this.last = undefined;
    return this.root.take();
  }

  settle(task: FairTask, spent: number): void {
    task.pass = task.share.passAfter(task, spent);
    task.share.settle(spent);
    this.last = task;
  }
}
