// Who is next, fairly by weight: between tenants first, then between the functions of one, then between its invocations.
// Start-time fair queueing (Goyal, Vin, Cheng, "Start-time Fair Queueing", SIGCOMM 1996) on a tree of shares: each keeps the
// service that it has had, divided by its weight (its pass); of those that have work the one with the smallest is next.
// Who has slept begins where the others stand: sleep earns nothing and costs nothing.
//
// Among the invocations of one function, those that have just come or were just woken go before those that have used up a
// turn, turn and turn about: a short call need not wait for every endless loop, and a flood of short calls cannot
// starve a long one.
//
// The time of the host's own thread and that of its workers are shared out separately, each in a lane of its own of the same
// tree. In the workers' lane turns are under way side by side: a turn is charged whole when it begins, and what it has not used
// is given back when it has ended.
import { RoundRobin, type RunQueue, type Task } from './scheduler';

/** What has a place in a share: a share or a task. */
interface Entity {
  /** Instructions that it has had, divided by its weight; kept by the queue. */
  readonly pass: number;
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
export class Share {
  private readonly lanes: ShareLane[] = [];

  /** `weight` is above 0, and may be changed. */
  constructor(
    readonly parent: Share | null,
    public weight = 1,
  ) {}

  /** Its place in one lane. */
  lane(index: number): ShareLane {
    return (this.lanes[index] ??= new ShareLane(this, this.parent?.lane(index) ?? null));
  }
}

/** A share in one lane. */
class ShareLane {
  /** Instructions that it has had, divided by its weight; kept by the queue. */
  pass = 0;
  /** Instructions that it was charged and has not had. */
  private unused = 0;
  /** The pass of who was last taken from it. */
  private reached = 0;
  private readonly shares = new PassHeap<ShareLane>();
  private readonly tasks = new PassHeap<FairTask>();
  private readonly newcomers = new RoundRobin<FairTask>();
  private wasNewcomer = false;
  /** Whether it stands among its parent's, or is being served. */
  private isActive = false;

  constructor(
    private readonly share: Share,
    private readonly parent: ShareLane | null,
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
    this.pass += spent / this.share.weight;
    this.isActive = false;
    if (this.shares.size > 0 || this.tasks.size > 0 || this.newcomers.size > 0) this.activate();
    this.parent?.settle(spent);
  }

  /** One of those in it has had so much less than was settled. */
  giveBack(unused: number): void {
    this.unused += unused;
    this.parent?.giveBack(unused);
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
    this.pass = Math.max(this.pass - this.unused / this.share.weight, parent.reached);
    this.unused = 0;
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
export interface FairTask extends Task {
  readonly share: Share;
  readonly weight: number;
  /** As a share's. */
  pass: number;
}

/** The queue of one lane of a tree of shares. A share holds either shares or tasks. */
export class FairQueue<T extends FairTask = FairTask> implements RunQueue<T> {
  /** Who has just had a turn: when it comes back at once, it has used its turn up. */
  private last: T | undefined;
  private readonly top: ShareLane;

  /** `root` is the share of all; tenants' shares are in it. */
  constructor(
    readonly root = new Share(null),
    private readonly lane = 0,
  ) {
    this.top = root.lane(lane);
  }

  add(task: T): void {
    task.share.lane(this.lane).add(task, task !== this.last);
  }

  /** Adds one that has had turns before, elsewhere too. */
  addOld(task: T): void {
    task.share.lane(this.lane).add(task, false);
  }

  take(): T | undefined {
    this.last = undefined;
    return this.top.take() as T | undefined;
  }

  settle(task: T, spent: number): void {
    const share = task.share.lane(this.lane);
    task.pass = share.passAfter(task, spent);
    share.settle(spent);
    this.last = task;
  }

  /** A turn has used so much less than was settled for it. */
  giveBack(task: T, unused: number): void {
    task.pass -= unused / task.weight;
    task.share.lane(this.lane).giveBack(unused);
  }
}
