/** Instructions of a turn: a call that comes waits for the turns that are under way; changing contexts costs little at this size (bench: contexts). */
export const SLICE_INSTRUCTIONS = 20_000;
