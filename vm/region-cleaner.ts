// Makes large regions zero that contexts have given back, as a task among the others: what a context has written is much to
// be cleared in one go. It counts as nobody's work, and as no time: whoever has written it has paid for that. It also tells V8 of
// new ones.
import { type FairTask, Share } from './fair-queue';
import type { RegionPool } from './regions';
import { READY, WAITING } from './scheduler';

/** Words of a turn: 256 KiB, some ten microseconds. */
const STEP_WORDS = 1 << 16;

export class RegionCleaner implements FairTask {
  isQueued = false;
  readonly spent = 0;
  readonly weight = 1;
  pass = 0;
  readonly share: Share;

  /** `root`: the share of all tenants, beside which it stands. `schedule` gives it a turn. */
  constructor(
    private readonly pool: RegionPool,
    root: Share,
    schedule: (task: FairTask) => void,
  ) {
    this.share = new Share(root);
    pool.workCame = () => schedule(this);
  }

  run(): number {
    return this.pool.workSome(STEP_WORDS) ? READY : WAITING;
  }
}
