// The machine's own limits, each with its reason. Tests check each just under, at and over.

/** Frame records of a thread: 200,000 deep is beyond any honest recursion, and 6.4 MB at most. */
export const MAXIMUM_FRAMES = 1 << 18;
/** Words of a thread's register stack: a million value slots, as in Lua 5.4 (LUAI_MAXSTACK). */
export const MAXIMUM_STACK_WORDS = 1 << 22;
