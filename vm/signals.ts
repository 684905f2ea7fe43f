// What a step of the machine answers with: small integers, so that leaving the loop allocates nothing.

/** The instruction is done and nothing that the loop holds in locals has changed except, perhaps, the heap's views. */
export const NEXT = 0;
/** Frame, pc or stack changed: the loop loads everything again from the context and goes on. */
export const RELOAD = 1;
/** The slice is used up. The context stands at a safepoint. */
export const FUEL = 2;
/** The thread's floor was reached: the execution has ended; its results lie at the floor's registers. */
export const DONE = 3;
/** The current frame stands at a `syscall` instruction that the host must answer. */
export const SYSCALL = 4;
/** Enough was allocated that a collection is due. */
export const COLLECT = 5;
/** An allocation did not fit: collect everything, then run the instruction again; failing twice is an error. */
export const MEMORY = 6;
/** The error slot (HEADER.ERROR) holds an error to be raised at the current instruction. */
export const THROW = 7;
/** The context cannot go on: `context.trap` says why. */
export const TRAP = 8;
/** The current frame belongs to the other family: the other loop goes on. */
export const FAMILY = 9;
/** The guest asked to end (exit): `context.exitCode`. */
export const EXIT = 10;
/** Text is to be compiled elsewhere: `context.wanted`. The current frame's intrinsic will be run again when it is. */
export const COMPILE = 11;
/** The frame stands where code that is specialised, or the loop, goes on in place of the other (hot-code.ts). */
export const ELSEWHERE = 12;
