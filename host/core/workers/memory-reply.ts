// The one question that a worker waits for with all that runs in it: whether the levels above have memory for a guest that
// needs it now, in the middle of an instruction. The answer comes through shared memory.
import { Budget, type Clock, type Level, LIMITS, type LimitName, type Policy, type Refusal } from '../../../vm/index';

const BYTES = 32;
const STATE = 0;
const LEVEL = 1;
const POLICY = 2;
/** Of the doubles. */
const LIMIT = 2;
const USED = 3;
const WAITING = 0;
const GRANTED = 1;
const REFUSED = 2;
const LEVELS: readonly Level[] = ['host', 'tenant', 'function', 'invocation'];
const NAME: LimitName = 'memoryBytes';

/** Null where threads cannot share memory: a page that is not isolated from others. */
export function createMemoryReply(): SharedArrayBuffer | null {
  return typeof SharedArrayBuffer === 'undefined' ? null : new SharedArrayBuffer(BYTES);
}

/** The worker's side. */
export function waitForMemory(reply: SharedArrayBuffer, ask: () => void, clock: Clock): Refusal | null {
  const words = new Int32Array(reply);
  Atomics.store(words, STATE, WAITING);
  ask();
  Atomics.wait(words, STATE, WAITING);
  if (Atomics.load(words, STATE) === GRANTED) return null;
  const doubles = new Float64Array(reply);
  return {
    budget: Budget.create(LEVELS[words[LEVEL]!]!, {}, {}, null, clock),
    name: NAME,
    policy: LIMITS[NAME].policies[words[POLICY]!]!,
    limit: doubles[LIMIT]!,
    used: doubles[USED]!,
  };
}

/** The host's side. */
export function answerMemory(reply: SharedArrayBuffer, refusal: Refusal | null): void {
  const words = new Int32Array(reply);
  if (refusal !== null) {
    const doubles = new Float64Array(reply);
    words[LEVEL] = LEVELS.indexOf(refusal.budget.level);
    words[POLICY] = LIMITS[NAME].policies.indexOf(refusal.policy as Policy);
    doubles[LIMIT] = refusal.limit;
    doubles[USED] = refusal.used;
  }
  Atomics.store(words, STATE, refusal === null ? GRANTED : REFUSED);
  Atomics.notify(words, STATE);
}
