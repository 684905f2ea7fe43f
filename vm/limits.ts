// Every fixed limit of the machine with its reason. What a deployment may set (instructions, memory, ...) is not here.

// --- modules: what the verifier accepts ---

/** Bytes of a module's binary form: what a deployment may hold, and a bound for every allocation made for it. */
export const MAXIMUM_MODULE_BYTES = 32 * 1024 * 1024;
/** `fn` operands have 16 bits. */
export const MAXIMUM_FUNCTIONS = 1 << 16;
/** `k16` operands have 16 bits. */
export const MAXIMUM_CONSTANTS = 1 << 16;
/** `up` operands have 8 bits. */
export const MAXIMUM_UPVALUES = 1 << 8;
/** Register operands have 8 bits; the rest is left for runs that an instruction implies. */
export const MAXIMUM_REGISTERS = 250;
/** Jumps of 24 bits reach all of it; and it bounds the longest run of instructions without a safepoint (about 5 ms). */
export const MAXIMUM_FUNCTION_WORDS = 1 << 20;
/** Signatures that call_indirect names: a program with more distinct function types is not written by people. */
export const MAXIMUM_SIGNATURES = 1 << 16;
/** Imports of each kind: far above the number of syscalls and intrinsics that exist. */
export const MAXIMUM_IMPORTS = 1 << 12;
/** Table elements: one for each function, and as many holes again. */
export const MAXIMUM_TABLE_ELEMENTS = 1 << 17;
/** Data segments of the initial memory. */
export const MAXIMUM_SEGMENTS = 1 << 16;
/** End of the static data: a context that cannot have it cannot start, so it stays well below 2^31. */
export const MAXIMUM_STATIC_BYTES = 64 * 1024 * 1024;
/** Bytes of the memory stack: it lies in the linear memory, which the memory limit bounds. */
export const MAXIMUM_MEMORY_STACK_BYTES = 64 * 1024 * 1024;
/** Source files of a module. */
export const MAXIMUM_SOURCES = 1 << 12;
/** Characters of a name or a source's path in a module: they are shown to people. */
export const MAXIMUM_NAME_LENGTH = 1 << 12;

// --- threads ---

/** Frames of a thread: 200,000 calls deep as in Lua, 6.4 MB of frame records. */
export const MAXIMUM_FRAMES = 200_000;
/** Words of a thread's registers: a million value slots as in Lua, 16 MiB. */
export const MAXIMUM_STACK_WORDS = 4_000_000;

/** Coroutines that resume each other, as in Lua 5.4, where C's stack bounds them: one more is a "C stack overflow". */
export const MAXIMUM_RESUMES = 197;
/** Frames beyond MAXIMUM_FRAMES for the message handlers of a stack overflow: a traceback is a few calls deep. */
export const HANDLER_FRAMES = 200;
/** Message handlers that run because handlers have failed: then the error is "error in error handling". */
export const MAXIMUM_HANDLER_NESTING = 10;
/** Steps of an `__index` or `__newindex` chain, as in Lua: a longer one is taken for a loop. */
export const MAXIMUM_INDEX_CHAIN = 2000;
/** `__call` metamethods that lead to each other; each costs an argument. */
export const MAXIMUM_CALL_CHAIN = 100;

// --- text that is compiled while a program runs ---

/** Bytes of it at once: a compiler works on for a quarter of a second. */
export const MAXIMUM_LOADED_BYTES = 256 * 1024;
/** Bytes that are compiled where the program runs: half a millisecond. More goes to a thread, where there is one. */
export const COMPILED_AT_ONCE_BYTES = 1024;

// --- heap ---

/** Granules of a block: half of the largest heap. */
export const MAXIMUM_BLOCK_GRANULES = 1 << 25;

// --- collector ---

/** Words allocated between two collections at least: 64 KiB, so that a small heap is not marked over and over. */
export const MINIMUM_THRESHOLD_WORDS = 1 << 14;

// --- what crosses between a guest and its host ---

/** Nesting of a value that crosses: deeper than data of people, shallow enough for any JSON reader. */
export const MAXIMUM_VALUE_DEPTH = 128;
/** Values in a value: a hundred megabytes of JavaScript objects at most. */
export const MAXIMUM_VALUE_NODES = 1_000_000;
/** Bytes of all strings in a value: they are the host's memory, up to twice as much, while it has the result. */
export const MAXIMUM_VALUE_BYTES = 4 * 1024 * 1024;
/** Elements of one list that a guest or host function answers: V8 makes room for them at once, in half a millisecond. */
export const MAXIMUM_LIST_ELEMENTS = 131_072;
/** Names of one record in a result: V8 sorts them in anew when it makes room for more, in half a millisecond. */
export const MAXIMUM_RESULT_NAMES = 16_384;
/** Bytes that one syscall moves at once; longer writes go on, longer reads give fewer: a millisecond at most. */
export const MAXIMUM_TRANSFER_BYTES = 64 * 1024;
/** Bytes of JSON text in a host call, either way. */
export const MAXIMUM_JSON_BYTES = 256 * 1024;
/** Values that one function says to another. */
export const MAXIMUM_MESSAGE_VALUES = 8192;
/** Names of one record that a syscall is given or answers: V8 sorts them whenever it lists them, in a third of a millisecond. */
export const MAXIMUM_RECORD_NAMES = 4096;
/** Bytes of a log record's message, and of the texts of its fields: the host decodes and writes them in one go. */
export const MAXIMUM_LOG_BYTES = 64 * 1024;
/** Values of a log record's fields, names among them: the host writes them in one go. */
export const MAXIMUM_LOG_VALUES = 1024;
/** Values of what is asked of an HTTP client, names among them: more than as many headers as are possible. */
export const MAXIMUM_REQUEST_VALUES = 1024;
/** Bytes of a request's body that is sent in one go: it is a copy beside the heap. Longer ones are sent in pieces. */
export const MAXIMUM_BODY_BYTES = 16 * 1024 * 1024;
/** Bytes of a key in a tenant's storage, and of a value. */
export const MAXIMUM_KEY_BYTES = 512;
export const MAXIMUM_STORED_BYTES = 1024 * 1024;
/** Characters of an error's message in a result. */
export const MAXIMUM_MESSAGE_LENGTH = 16 * 1024;

// --- tables ---

/** Slots of a table's array part, and nodes of its hash part: 512 MiB of each, more than a heap can hold together. */
export const MAXIMUM_TABLE_ENTRIES = 1 << 25;
