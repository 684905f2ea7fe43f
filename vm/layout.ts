// Where everything lies inside a heap: the header, frames, values, objects. Names for word offsets, nothing else.
//
// A heap is one region of 32-bit words. A "word address" counts words from the region's start; only typed code's
// linear memory is addressed in bytes, from the start of its window. Sizes of regions are powers of two, so
// `address & context.mask` is always inside: whatever a corrupted word says, no access leaves the region.

/** Words at the start of every region: allocator, collector and thread state of the context. */
// biome-ignore lint/suspicious/noConstEnum: the bundler makes literals of its members, and of the constants below it
export const enum HEADER {
  /** The same search: how many message handlers it has passed. */
  UNWIND_HANDLERS = 0,
  /** Word address behind the last block: what lies above was never used. */
  TOP = 1,
  /** The current thread, the main thread (word addresses). */
  THREAD = 2,
  MAIN_THREAD = 3,
  /** The linear window: word address of its start (multiple of 4), its length in bytes, its block. */
  WINDOW = 4,
  WINDOW_BYTES = 5,
  /** Memory stack of the linear memory: first byte, end of its maximum, first byte of the malloc heap. */
  MEMORY_STACK_START = 6,
  MEMORY_STACK_LIMIT = 7,
  /** Hash table of short strings: its block, number of buckets (a power of two), number of strings. */
  STRINGS = 8,
  STRING_BUCKETS = 9,
  STRING_COUNT = 10,
  /** The collector: phase, gray list, sweep position, current white, words allocated since, words to allocate before
   * the next collection, live words found by the last one. */
  PHASE = 11,
  GRAY = 12,
  SWEEP = 13,
  WHITE = 14,
  DEBT = 15,
  THRESHOLD = 16,
  LIVE = 17,
  /** How many emergency collections in a row were in vain, plus 1; 0 without any since the last ordinary one. */
  EMERGENCY = 18,
  /** Word address of the first object that is not part of the image: strings below are never freed. */
  IMAGE_END = 19,
  /** The collector: the object being marked (while sweeping: where the run of free blocks began), and how far it is. */
  SCAN = 20,
  SCAN_POSITION = 22,
  SCAN_FRAME = 23,
  /** A value slot (4 words): the error being raised. */
  ERROR = 24,
  /** A value slot: the globals table; then one metatable (word address or 0) for each value kind. */
  GLOBALS = 28,
  REGISTRY = 32,
  METATABLES = 36,
  /** The search for what catches an error: distance of the frame where it goes on from the thread's first, or 0. */
  UNWIND_FRAME = 47,
  /** Well-known strings (word addresses), in the order of WELL_KNOWN_STRINGS. */
  STRINGS_WELL_KNOWN = 48,
  /** The collector: the weak tables that were reached, the one that it is at, whether an ephemeron's value was marked. */
  WEAK = 90,
  WEAK_TABLE = 91,
  WEAK_CHANGED = 92,
  /** What comes next in place of the frame's instruction, after a job or when there is fuel: one of TURN_..., or 0. */
  TURN = 93,
  /** Two words: which bins are not empty. Then the bins: heads of the lists of free blocks of 4, 8, ... words. */
  BIN_MAP = 94,
  BINS = 96,
  BIN_COUNT = 64,
  /** The resizing of a large table that is under way (table-job.ts): its phase (0: none), then what it works on. */
  JOB = 160,
  JOB_TABLE = 161,
  JOB_OLD_SIZE = 162,
  JOB_OLD_NODES = 163,
  JOB_OLD_COUNT = 164,
  JOB_ARRAY = 165,
  JOB_SIZE = 166,
  JOB_NODES = 167,
  JOB_COUNT = 168,
  JOB_POSITION = 169,
  JOB_ENTRIES = 170,
  JOB_OLD_ARRAY = 171,
  /** Set when the table of short strings has outgrown its buckets: the next collection doubles them. */
  STRINGS_GROW = 172,
  /** The table of short strings while it grows: its old block and number of buckets; 0 otherwise. */
  STRINGS_OLD = 173,
  STRINGS_OLD_BUCKETS = 174,
  /** Bytes of the linear memory that are prepared: those behind WINDOW_BYTES are zero. */
  WINDOW_READY = 175,
  /** The job's counts of integer keys: 32 words. */
  JOB_COUNTS = 176,
  /** Finalisers (finalisers.ts): records of objects that wait for their end; first and last of those whose finalisers will
   * be called; whether this collection has separated them; the library's closure that calls them; what is being done. */
  FINALISERS = 208,
  FINALISING = 209,
  FINALISING_LAST = 210,
  FINALISERS_SEPARATED = 211,
  FINALISER = 212,
  FINALISER_STATE = 213,
  /** What the value loop must see to when it is entered: bits ATTEND_... of finalisers.ts. */
  ATTENTION = 214,
  /** The collector as the guest has set it: stopped or not, incremental by name, its pause and its step, less what they
   * are at first. */
  COLLECTOR_STOPPED = 215,
  COLLECTOR_MODE = 216,
  COLLECTOR_PAUSE = 217,
  COLLECTOR_STEP = 218,
  /** Threads that have a hook (hooks.ts); the instruction that is let through (0: none), and in which frame. */
  HOOKS = 219,
  HOOK_PLACED = 220,
  HOOK_PLACED_DEPTH = 221,
  /** How the execution ends, one of ENDING_... or 0; the exit status of the first. */
  ENDING = 222,
  EXIT_STATUS = 223,
  /** Three words: which lists of larger free blocks are not empty. Then their heads: four for each power of two. */
  LARGE_MAP = 224,
  LARGE_BINS = 228,
  LARGE_BIN_COUNT = 80,
  /** Noted copies (copy-job.ts): three words each. */
  JOB_NOTES = 308,
  JOB_NOTE_COUNT = 34,
  /** The metatable of tables that sleep (parts.ts): it keeps what their parts refer to; 0 when there is none. */
  PARTS = 410,
  SIZE = 412,
}

/**
 * HEADER.TURN: the error in HEADER.ERROR, for its handler, or handled (unwind.ts); an error that nothing catches
 * (uncaught.ts); memory that an instruction lacked, which will be run again.
 */
export const TURN_HANDLES = 1;
export const TURN_CATCHES = 2;
export const TURN_CLOSES = 3;
export const TURN_COLLECTS = 4;

/**
 * HEADER.ENDING: by the guest's own wish, but what is open is closed first; by an error whose text its `__tostring` is
 * asked for; that text, or nil, lies in the second slot of the main thread.
 */
export const ENDING_EXITS = 1;
export const ENDING_ASKS = 2;
export const ENDING_TOLD = 3;

/** A value slot: 4 words. An integer's words or a float's in LOW and HIGH; a reference's word address in LOW. */
export const VALUE_LOW = 0;
export const VALUE_HIGH = 1;
export const VALUE_TAG = 2;
/** Free for the structure that the slot lies in (a hash node's `next`); 0 in registers. */
export const VALUE_AUX = 3;
export const VALUE_SIZE = 4;

/** Tags. Nil and false are the two lowest, so `tag > TAG_FALSE` is truth; references are the highest. */
export const TAG_NIL = 0;
export const TAG_FALSE = 1;
export const TAG_TRUE = 2;
export const TAG_INTEGER = 3;
export const TAG_FLOAT = 4;
/** A string of at most SHORT_STRING_BYTES bytes: one object for each content, so addresses compare. */
export const TAG_SHORT_STRING = 5;
export const TAG_LONG_STRING = 6;
export const TAG_TABLE = 7;
export const TAG_CLOSURE = 8;
export const TAG_THREAD = 9;
/** An opaque object of the library (files, ...). */
export const TAG_USERDATA = 10;
export const TAG_COUNT = 11;
export const TAG_FIRST_REFERENCE = TAG_SHORT_STRING;
/** In a hash node only: a key whose value is nil and whose object may be gone. Nothing but `next` looks at it. */
export const TAG_DEAD_KEY = TAG_COUNT;

export const SHORT_STRING_BYTES = 40;

/**
 * An object's first word: size in granules of 4 words (26 bits), kind (4 bits), colour (2 bits).
 * Every block of the heap has one, so the heap can be walked from HEADER.SIZE to HEADER.TOP.
 */
export const OBJECT_HEADER = 0;
export const GRANULE = 4;
export const GRANULE_SHIFT = 2;
export const HEADER_GRANULES_SHIFT = 6;
export const HEADER_KIND_SHIFT = 2;
export const HEADER_KIND_MASK = 15;
export const HEADER_COLOUR_MASK = 3;
/** Two whites, so that a new object is told from an unreached one; gray and black are one: reached. */
export const COLOUR_WHITE_0 = 0;
export const COLOUR_WHITE_1 = 1;
export const COLOUR_BLACK = 2;

/** Kinds of blocks. */
export const KIND_FREE = 0;
export const KIND_STRING = 1;
export const KIND_TABLE = 2;
/** A table's array part, a table's nodes: owned by the table, marked and freed with it. */
export const KIND_ARRAY = 3;
export const KIND_NODES = 4;
export const KIND_CLOSURE = 5;
export const KIND_UPVALUE = 6;
export const KIND_THREAD = 7;
/** A thread's frames and registers, the linear window, the string table: owned, freed by their owner. */
export const KIND_FRAMES = 8;
export const KIND_REGISTERS = 9;
export const KIND_WINDOW = 10;
export const KIND_STRING_TABLE = 11;
export const KIND_USERDATA = 12;

/** A userdata: header, and the table that the library keeps for it. */
export const USERDATA_TABLE = 1;
export const USERDATA_SIZE = 4;

/** A string: header, hash, length in bytes, next in its bucket (short) or 0, then its bytes. */
export const STRING_HASH = 1;
export const STRING_LENGTH = 2;
export const STRING_NEXT = 3;
export const STRING_BYTES = 4;

/**
 * A table. Index i (1 <= i <= ARRAY_SIZE) is the value slot at ARRAY + i * VALUE_SIZE: ARRAY is the word address of the
 * block, whose header takes the place of slot 0; 0 without one. NODES is the word address of the first of NODE_MASK + 1
 * nodes. A table without nodes has NODE_MASK 0 and NODES = table + TABLE_DUMMY_NODE: seen as a node, the table's own
 * words have a nil key and no next, so a probe needs no test.
 */
export const TABLE_GRAY = 1;
export const TABLE_METATABLE = 2;
/** One bit a metamethod (in the order of the well-known strings) that is known to be absent; cleared by findOrInsert. */
export const TABLE_ABSENT = 3;
export const TABLE_ARRAY = 4;
export const TABLE_ARRAY_SIZE = 5;
export const TABLE_NODES = 6;
/** Number of nodes minus 1 (a mask). A key's first probe is NODES + (hash & NODE_MASK) * NODE_SIZE. */
export const TABLE_NODE_MASK = 7;
/** Index below which the search for a free node starts. */
export const TABLE_LAST_FREE = 8;
/** A hint where the border (the length) was last found. */
export const TABLE_BORDER = 9;
/** Words 10 and 11 are zero: the dummy node's key tag and its next. */
export const TABLE_SIZE = 12;
export const TABLE_DUMMY_NODE = 4;

/** Words in front of the first node, bucket, frame record or register in its block: the header, and alignment. */
export const BLOCK_HEADER_WORDS = 4;

/** A hash node: a value slot, then a key slot whose AUX word is the word address of the next node in its chain or 0. */
export const NODE_VALUE = 0;
export const NODE_KEY = 4;
export const NODE_NEXT = 7;
export const NODE_SIZE = 8;

/** A closure: header, gray link, function index, number of upvalues, then the upvalues' word addresses. */
export const CLOSURE_GRAY = 1;
export const CLOSURE_FUNCTION = 2;
export const CLOSURE_UPVALUE_COUNT = 3;
export const CLOSURE_UPVALUES = 4;

/** An upvalue: POINTER is the word address of its value: a register while open, its own VALUE once closed. */
export const UPVALUE_POINTER = 1;
/** While open: the next open upvalue of its thread, at a lower register; or 0. */
export const UPVALUE_NEXT = 2;
/** The thread while open, 0 once closed. */
export const UPVALUE_THREAD = 3;
export const UPVALUE_VALUE = 4;
export const UPVALUE_SIZE = 8;

/** A thread: its two stacks, and where it stands while another one runs. */
export const THREAD_GRAY = 1;
export const THREAD_STATUS = 2;
/** Block of the frame records, its end (word addresses of the first record and behind the last). */
export const THREAD_FRAMES = 3;
export const THREAD_FRAMES_END = 4;
/** Block of the registers: word address of the first register, and behind the last. */
export const THREAD_STACK = 5;
export const THREAD_STACK_END = 6;
/** Word address of the current frame record. Always written back when the loop is left. */
export const THREAD_FRAME = 7;
export const THREAD_OPEN_UPVALUES = 8;
/** The thread that resumed this one, or 0. */
export const THREAD_RESUMER = 9;
/** Highest word ever used above THREAD_STACK: what the collector clears. */
export const THREAD_STACK_HIGH = 10;
export const THREAD_TO_BE_CLOSED = 11;
/** A coroutine: what the function that resumed it makes of what it gives back, one of RESUMED_...; and THREAD_FLAG_... */
export const THREAD_MODE = 12;
/** How many resumes lie between the main thread and this one. */
export const THREAD_DEPTH = 13;
export const THREAD_FLAGS = 14;
/** The thread's hook: a closure or 0; the events that it wants; its count, and how many instructions are left of it. */
export const THREAD_HOOK = 15;
export const THREAD_HOOK_MASK = 16;
export const THREAD_HOOK_COUNT = 17;
export const THREAD_HOOK_LEFT = 18;
/** The last instruction that was looked at, its frame's distance from the floor, and what is being done about the next. */
export const THREAD_HOOK_PC = 19;
export const THREAD_HOOK_DEPTH = 20;
export const THREAD_HOOK_STATE = 21;
/** What a call or a return passes on: number of the first value << 20 | how many. */
export const THREAD_HOOK_TRANSFER = 22;
export const THREAD_SIZE = 24;

/** THREAD_MODE: `resume`, which answers with true or false in front; `wrap`, which raises errors; `close`. */
export const RESUMED_PLAIN = 0;
export const RESUMED_WRAPPED = 1;
export const RESUMED_TO_CLOSE = 2;

/** THREAD_FLAGS: an error has ended the coroutine. It lies in the first slot of its registers. */
export const THREAD_HAS_ERROR = 1;
/** That error is the machine's own about memory. */
export const THREAD_HAS_MEMORY_ERROR = 2;

/** Thread states. */
export const THREAD_SUSPENDED = 0;
export const THREAD_RUNNING = 1;
export const THREAD_NORMAL = 2;
/** A coroutine that has returned has given its stacks back: their words are 0. */
export const THREAD_DEAD = 3;

/**
 * A frame record. Records lie one after the other, so the caller's is FRAME_SIZE words below. The first record of a
 * thread is its floor: returning to it ends the thread.
 */
export const FRAME_FUNCTION = 0;
/** Index into the program's code where this frame goes on. Written at calls and whenever the loop is left. */
export const FRAME_PC = 1;
/** Word distance of register 0 from THREAD_STACK. */
export const FRAME_BASE = 2;
/** Value family: word address of the closure. */
export const FRAME_CLOSURE = 3;
/**
 * What becomes of the results, in bytes: kind (see RESULT_*), destination register of the caller, number of arguments of
 * the call plus 1 (255 for that or more, 0 where nobody knows), number of results that are wanted plus 1 (0 for all). So a
 * `call` instruction is itself the word.
 */
export const FRAME_RESULT = 4;
/**
 * Vararg functions of the value family: number of extra (variable) arguments; they end just below register 0. Typed:
 * memory stack pointer. Any word otherwise.
 */
export const FRAME_EXTRA = 5;
/** Value family: word distance from THREAD_STACK of the top that a multiple result has set. */
export const FRAME_TOP = 6;
/** State of a half-done instruction or intrinsic, 0 between instructions. */
export const FRAME_STATE = 7;
export const FRAME_SIZE = 8;

/** FRAME_RESULT: results are copied to the caller's registers. The number of the value family's `call`. */
export const RESULT_VALUES = 73;
/** The one result's truth is compared with a flag (the register's byte); when equal, the caller's pc moves to its jump's target. */
export const RESULT_CONDITION = 1;
/** The results are dropped (a `__newindex` or `__close` handler). */
export const RESULT_DROP = 2;
/** Of protected_call: `true` is put in front. An error that unwinds to this frame's caller ends here. */
export const RESULT_PROTECTED = 3;
/** Of a message handler: its result replaces the error, and unwinding begins. */
export const RESULT_HANDLER = 4;
/** The one result is an operand of a concatenation that goes on. */
export const RESULT_CONCAT = 5;
/** Typed callee of a value caller and value callee of a typed caller: results are converted by the signature. */
export const RESULT_TO_VALUE = 6;
export const RESULT_TO_TYPED = 7;
/**
 * Of a `__close` handler that closes a coroutine: its results are dropped, and the resumer's intrinsic goes on. Or of one
 * that an error calls that nothing in the main thread catches.
 */
export const RESULT_CLOSING = 8;
/** As RESULT_VALUES, from which one bit tells it, of a function that took its caller's place: it was called in a tail. */
export const RESULT_TAIL = 9;
/** Of a hook: its results are dropped, and the instruction before which it was called is run. */
export const RESULT_HOOK = 10;
export const RESULT_KIND_MASK = 255;
export const RESULT_REGISTER_SHIFT = 8;
export const RESULT_ARGUMENTS_SHIFT = 16;
export const RESULT_WANTED_SHIFT = 24;
export const RESULT_BYTE_MASK = 255;

/** The first bytes of the linear memory that are never mapped. */
export const NULL_GUARD_BYTES = 1024;

/** Words of a register in each family. */
export const TYPED_REGISTER_WORDS = 2;
export const VALUE_REGISTER_WORDS = 4;

/** Names of the well-known strings: metamethods first (their index is the bit in TABLE_ABSENT). */
export const WELL_KNOWN_STRINGS = [
  '__index',
  '__newindex',
  '__eq',
  '__len',
  '__call',
  '__gc',
  '__mode',
  '__close',
  '__add',
  '__sub',
  '__mul',
  '__mod',
  '__pow',
  '__div',
  '__idiv',
  '__band',
  '__bor',
  '__bxor',
  '__shl',
  '__shr',
  '__unm',
  '__bnot',
  '__lt',
  '__le',
  '__concat',
  '__tostring',
  '__name',
  '__pairs',
  '__metatable',
  'nil',
  'boolean',
  'number',
  'string',
  'table',
  'function',
  'thread',
  'userdata',
  'true',
  'false',
  'not enough memory',
  'stack overflow',
  'n',
] as const;
