// The one question for whose answer a worker stands still: whether the levels above grant a guest the memory that it needs
// now, in the middle of an instruction. The answer comes through shared memory.
import type { MemoryAnswer } from '../../../vm/index';

const STATE = 0;
const GRANTED_WORDS = 1;
const STALLS = 2;
const WORDS = 3;
const WAITING = 0;
const ANSWERED = 1;

export function createMemoryReply(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * 4);
}

/** The worker's side. */
export function waitForMemory(reply: SharedArrayBuffer, ask: () => void): MemoryAnswer {
  const words = new Int32Array(reply);
  Atomics.store(words, STATE, WAITING);
  ask();
  Atomics.wait(words, STATE, WAITING);
  return { grantedWords: words[GRANTED_WORDS]!, stalls: words[STALLS] === 1 };
}

/** The host's side. */
export function answerMemory(reply: SharedArrayBuffer, { grantedWords, stalls }: MemoryAnswer): void {
  const words = new Int32Array(reply);
  // Without a level above there is no limit.
  words[GRANTED_WORDS] = Math.min(grantedWords, 2 ** 31 - 1);
  words[STALLS] = stalls ? 1 : 0;
  Atomics.store(words, STATE, ANSWERED);
  Atomics.notify(words, STATE);
}
