// Budgets: what an invocation, its function, its tenant and its host may use and have used. A tree; a charge is made at a
// node and all above it, or, if any of them refuses, at none. So a child's usage is part of its parent's, and the first
// limit to trip is the one that is named, from the invocation upward.
//
// Totals grow only; what is held is given back. Rates are token buckets (tokens come continuously, up to the burst). Who is
// refused and may wait stands in the node's line: for a rate in the order of coming, let in as tokens come, so that ten
// thousand waiters cost one timer; for what others hold until so much is given back; for more that is granted until it is.
//
// A function that another one invokes is counted twice on its way up: as its own function's (`nestedIn`), and as its
// caller's; from there on as the caller's only.
import type { Resource } from './errors';
import {
  LIMITS,
  type LimitName,
  type Policies,
  type Policy,
  SHARED_LIMIT_NAMES,
  type SharedLimits,
  UNLIMITED,
  type Usage,
} from './meter';
import { TokenBucket } from './token-bucket';
import { type Clock, type StopWaiting, WaitingLine } from './waiting-line';

export type Level = 'host' | 'tenant' | 'function' | 'invocation';

/** What a node counts. */
export type Counted =
  | 'instructions'
  | 'memoryBytes'
  | 'wallTimeMs'
  | 'outputBytes'
  | 'logBytes'
  | 'syscalls'
  | 'requests'
  | 'openRequests'
  | 'networkInBytes'
  | 'networkOutBytes'
  | 'storageBytes'
  | 'storageOperations'
  | 'concurrentInvocations'
  | 'queueLength';

/** The rate that limits a total, if one does. */
const RATES: { readonly [Name in Counted]?: RateName } = {
  instructions: 'instructionsPerSecond',
  networkInBytes: 'networkInBytesPerSecond',
  networkOutBytes: 'networkOutBytesPerSecond',
};
type RateName = 'instructionsPerSecond' | 'networkInBytesPerSecond' | 'networkOutBytesPerSecond';
const RATE_NAMES = Object.values(RATES) as RateName[];

/** Of waiters for instructions one is let in for each so many tokens: about a slice. */
const INSTRUCTIONS_EACH = 20_000;

/** Why a charge was not made, and by whom. */
export interface Refusal {
  readonly budget: Budget;
  readonly name: LimitName;
  readonly policy: Policy;
  readonly limit: number;
  readonly used: number;
  /** How much was asked for. */
  readonly amount: number;
}

/** As an error tells it. */
export interface Breach {
  readonly resource: Resource;
  readonly level: Level;
  readonly limit: number;
  readonly used: number;
}

/** A charge that a limit does not admit; the execution ends. Thrown through the handlers of syscalls, never shown to a guest. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';

  constructor(readonly refusal: Refusal) {
    super(`${refusal.name} of the ${refusal.budget.level}`);
  }
}

/** What is known of one node: its limits, what was used, who waits. */
class Account {
  readonly used: Record<Counted, number> = {
    instructions: 0,
    memoryBytes: 0,
    wallTimeMs: 0,
    outputBytes: 0,
    logBytes: 0,
    syscalls: 0,
    requests: 0,
    openRequests: 0,
    networkInBytes: 0,
    networkOutBytes: 0,
    storageBytes: 0,
    storageOperations: 0,
    concurrentInvocations: 0,
    queueLength: 0,
  };
  memoryPeakBytes = 0;
  /** Instructions that turns in other threads may use: not used, and nobody else's meanwhile. */
  lent = 0;
  /** Who waits for one of those turns to end. */
  returns: WaitingLine | null = null;
  limits: SharedLimits;
  buckets: Map<RateName, TokenBucket> | null = null;
  lines: Map<LimitName, WaitingLine> | null = null;

  constructor(
    readonly level: Level,
    limits: Partial<SharedLimits>,
    public policies: Policies,
    readonly clock: Clock,
  ) {
    // Most invocations of a function have the same limits: one object for all of them.
    this.limits = isComplete(limits) ? limits : { ...UNLIMITED, ...limits };
    if (RATE_NAMES.some((name) => this.limits[name] !== Number.POSITIVE_INFINITY)) this.makeBuckets();
  }

  add(name: Counted, amount: number, now: number): void {
    this.used[name] += amount;
    if (name === 'memoryBytes') this.memoryPeakBytes = Math.max(this.memoryPeakBytes, this.used.memoryBytes);
    const rate = RATES[name];
    if (rate === undefined || this.buckets === null) return;
    const bucket = this.buckets.get(rate);
    if (bucket === undefined) return;
    bucket.available(now);
    bucket.take(amount);
  }

  /** The limit that refuses, if one does here. */
  refuses(name: Counted, amount: number, now: number): LimitName | null {
    if (this.used[name] + amount > this.limits[name] && amount > 0) return name;
    const rate = RATES[name];
    if (rate === undefined || this.buckets === null) return null;
    return this.buckets.get(rate)?.admits(amount, now) === false ? rate : null;
  }

  /** Makes, changes and drops buckets, so that there is one for each rate. */
  makeBuckets(): void {
    const now = this.clock.now();
    for (const name of RATE_NAMES) {
      const rate = this.limits[name];
      const capacity = this.capacityOf(name);
      const bucket = this.buckets?.get(name);
      if (rate === Number.POSITIVE_INFINITY) this.buckets?.delete(name);
      else if (bucket !== undefined) bucket.change(rate, capacity, now);
      else {
        this.buckets ??= new Map();
        this.buckets.set(name, new TokenBucket(rate, capacity, now));
      }
    }
  }

  lineOf(name: LimitName): WaitingLine {
    this.lines ??= new Map();
    let line = this.lines.get(name);
    if (line === undefined) {
      line = new WaitingLine();
      this.lines.set(name, line);
    }
    return line;
  }

  /** So much was given back: not more of those who wait are let in, and nobody for whom there is no room. */
  letIn(name: Counted, amount: number): void {
    this.lines?.get(name)?.letInWhoFits(amount, () => this.limits[name] - this.used[name]);
  }

  private capacityOf(name: RateName): number {
    const { instructionsBurst } = this.limits;
    if (name !== 'instructionsPerSecond' || instructionsBurst === Number.POSITIVE_INFINITY) return this.limits[name];
    return instructionsBurst;
  }
}

function isComplete(limits: Partial<SharedLimits>): limits is SharedLimits {
  return SHARED_LIMIT_NAMES.every((name) => limits[name] !== undefined);
}

/** What a nested invocation does not count above its own function: its caller's is running already. */
const COUNTED_BY_CALLER: ReadonlySet<Counted> = new Set(['wallTimeMs', 'concurrentInvocations', 'queueLength']);

export class Budget {
  private constructor(
    private readonly account: Account,
    readonly parent: Budget | null,
    private readonly isNested: boolean,
  ) {}

  /** A node of its own. Limits that are left out are none. */
  static create(
    level: Level,
    limits: Partial<SharedLimits>,
    policies: Policies,
    parent: Budget | null,
    clock: Clock,
  ): Budget {
    return new Budget(new Account(level, limits, policies, clock), parent, false);
  }

  /** The same function's budget for invocations that `caller`, an invocation, makes and pays. */
  nestedIn(caller: Budget): Budget {
    return new Budget(this.account, caller, true);
  }

  get level(): Level {
    return this.account.level;
  }

  get limits(): SharedLimits {
    return this.account.limits;
  }

  /** What has been used, or is held now, by name. */
  get used(): Readonly<Record<Counted, number>> {
    return this.account.used;
  }

  /** The most memory that was held at a time, in bytes. */
  get memoryPeakBytes(): number {
    return this.account.memoryPeakBytes;
  }

  /** What becomes of those whom that limit stops here. */
  policyOf(name: LimitName): Policy {
    return this.account.policies[name] ?? LIMITS[name].policies[0]!;
  }

  get policies(): Policies {
    return this.account.policies;
  }

  /** Changes limits and policies while executions run; who waits for more looks again. */
  change(limits: Partial<SharedLimits>, policies: Policies = {}): void {
    const { account } = this;
    account.limits = { ...account.limits, ...limits };
    account.policies = { ...account.policies, ...policies };
    account.makeBuckets();
    if (account.lines === null) return;
    for (const line of account.lines.values()) line.letIn(line.size);
  }

  /** Raises limits by these amounts. */
  refill(more: Partial<SharedLimits>): void {
    const { limits } = this;
    const raised = Object.entries(more).map(([name, amount]) => [name, limits[name as LimitName] + amount]);
    this.change(Object.fromEntries(raised));
  }

  /** What may still be used of `name` here and above; rates aside. */
  left(name: Counted): number {
    let left = Number.POSITIVE_INFINITY;
    for (let node: Budget | null = this; node !== null; node = node.above(name)) {
      left = Math.min(left, node.limits[name] - node.used[name]);
    }
    return left;
  }

  /** How many instructions may be run now: what is left, and what the rates admit. Below 1: `refusal` says why. */
  instructionsNow(now: number): number {
    let most = Number.POSITIVE_INFINITY;
    for (let node: Budget | null = this; node !== null; node = node.parent) {
      const { limits, used, buckets, lent } = node.account;
      most = Math.min(most, limits.instructions - used.instructions - lent);
      const bucket = buckets?.get('instructionsPerSecond');
      if (bucket !== undefined) most = Math.min(most, bucket.available(now) - lent);
    }
    return most;
  }

  /** A turn in another thread may use so many instructions; what it has used is added when it has ended. */
  lend(instructions: number): void {
    for (let node: Budget | null = this; node !== null; node = node.parent) node.account.lent += instructions;
  }

  /** Such a turn has ended: who waits for what is left of it looks again. */
  takeBack(instructions: number): void {
    for (let node: Budget | null = this; node !== null; node = node.parent) node.account.lent -= instructions;
    for (let node: Budget | null = this; node !== null; node = node.parent) {
      const { returns } = node.account;
      returns?.letIn(returns.size);
    }
  }

  /** Calls back once when a turn has ended that others of the first level with such turns have in another thread. */
  awaitReturn(letIn: () => void): StopWaiting {
    let node: Budget = this;
    while (node.account.lent === 0 && node.parent !== null) node = node.parent;
    node.account.returns ??= new WaitingLine();
    return node.account.returns.join(letIn, 1);
  }

  /** Who would refuse that charge first, from here upward; null when nobody does. */
  refusal(name: Counted, amount: number, now: number): Refusal | null {
    for (let node: Budget | null = this; node !== null; node = node.above(name)) {
      const refused = node.account.refuses(name, amount, now);
      if (refused !== null) return node.describe(refused, name, amount);
    }
    return null;
  }

  /** Who has used all of a total, or more, from here upward; null when nobody has. */
  exhausted(name: Counted): Refusal | null {
    for (let node: Budget | null = this; node !== null; node = node.above(name)) {
      if (node.used[name] >= node.limits[name]) return node.describe(name, name, 0);
    }
    return null;
  }

  /** Charges, or answers who refuses. */
  charge(name: Counted, amount: number): Refusal | null {
    const now = RATES[name] === undefined ? 0 : this.account.clock.now();
    const refusal = this.refusal(name, amount, now);
    if (refusal === null) this.add(name, amount, now);
    return refusal;
  }

  /** Counts what was used already, whatever the limits say. */
  add(name: Counted, amount: number, now: number): void {
    for (let node: Budget | null = this; node !== null; node = node.above(name)) node.account.add(name, amount, now);
  }

  /** Counts here alone what was used elsewhere. */
  inherit(usage: Usage): void {
    const { used } = this.account;
    for (const name of Object.keys(used) as Counted[]) {
      if (name in usage) used[name] = usage[name as keyof Usage];
    }
  }

  /** Gives back what was held, at all levels; who waits for it and finds room now is let in. */
  release(name: Counted, amount: number): void {
    for (let node: Budget | null = this; node !== null; node = node.above(name)) node.account.used[name] -= amount;
    for (let node: Budget | null = this; node !== null; node = node.above(name)) node.account.letIn(name, amount);
  }

  /**
   * Calls back once when it is worth trying again after a refusal by this node, which must be done at once. `amount`: of what others
   * hold, if it is that which it waits for.
   */
  wait(name: LimitName, letIn: () => void, amount = 1): StopWaiting {
    const { account } = this;
    const { clock } = account;
    const line = account.lineOf(name);
    const stop = line.join(letIn, amount);
    const bucket = account.buckets?.get(name as RateName);
    if (bucket !== undefined && this.policyOf(name) === 'throttle') {
      const each = name === 'instructionsPerSecond' ? INSTRUCTIONS_EACH : 1;
      line.serve(
        clock,
        () => bucket.delay(clock.now()),
        () => Math.max(1, Math.floor(bucket.available(clock.now()) / each)),
      );
    }
    return stop;
  }

  /** The next node that counts `name`. */
  private above(name: Counted): Budget | null {
    return this.isNested && COUNTED_BY_CALLER.has(name) ? null : this.parent;
  }

  private describe(name: LimitName, counted: Counted, amount: number): Refusal {
    const { limits, used } = this;
    return { budget: this, name, policy: this.policyOf(name), limit: limits[name], used: used[counted], amount };
  }
}

/** A refusal as an error tells it. */
export function breachOf({ budget, name, limit, used }: Refusal): Breach {
  return { resource: LIMITS[name].resource, level: budget.level, limit, used };
}
