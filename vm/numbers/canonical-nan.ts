// The one NaN whose bits are ever visible: positive, quiet, no payload. A file without imports, so that the bundler makes
// literals of these in the loops.

/** Its words as a double. */
export const CANONICAL_NAN_LOW = 0;
export const CANONICAL_NAN_HIGH = 0x7ff80000;
/** Its bits as a float32. */
export const CANONICAL_NAN_FLOAT = 0x7fc00000;
