// Whose turn it is in one host: who has just come, or was just woken, before those who have used a turn to its end, turn and
// turn about. So a short call need not wait for every endless loop, and a flood of short calls cannot starve a long one.
import { RoundRobin, type RunQueue, type Task } from '../../vm/index';

export class NewcomersFirst implements RunQueue {
  private readonly newcomers = new RoundRobin();
  private readonly others = new RoundRobin();
  /** Whoever comes back while it is the last that was taken has used its turn. */
  private last: Task | undefined;
  private wasNewcomer = false;

  add(task: Task): void {
    if (task === this.last) this.others.add(task);
    else this.newcomers.add(task);
  }

  take(): Task | undefined {
    const task = this.wasNewcomer ? this.takeOther() : this.takeNewcomer();
    this.last = task ?? (this.wasNewcomer ? this.takeNewcomer() : this.takeOther());
    return this.last;
  }

  private takeNewcomer(): Task | undefined {
    const task = this.newcomers.take();
    if (task !== undefined) this.wasNewcomer = true;
    return task;
  }

  private takeOther(): Task | undefined {
    const task = this.others.take();
    if (task !== undefined) this.wasNewcomer = false;
    return task;
  }
}
