// The limits of one C compilation, with the reason for each. Over a limit is a diagnostic, never an accident.

/** Source bytes, included files counted each time they are read (CompileOptions.maxSourceBytes overrides). */
export const MAX_SOURCE_BYTES = 16 * 1024 * 1024;
/** Tokens of one compilation, those made by macros included: about 200 bytes of memory each. */
export const MAX_TOKENS = 1_000_000;
/** Files being read at one time: deeper only ever is a header that includes itself. */
export const MAX_INCLUDE_DEPTH = 64;
/** Macro calls within arguments of macro calls: each takes a few frames of the host's stack. */
export const MAX_MACRO_DEPTH = 100;
/** Parentheses, blocks, declarators and initialisers within each other (C99 asks for 63 and 127). */
export const MAX_NESTING = 200;
/** Operators above each other in the tree of one expression, such as a sum of many terms. */
export const MAX_EXPRESSION_DEPTH = 800;
/** Derivations of one type (pointer to array of pointer ...); C99 asks for 12. */
export const MAX_TYPE_DEPTH = 100;
/** Bytes of one object, so that sizes and offsets stay positive as 32-bit integers. */
export const MAX_OBJECT_BYTES = 0x3fff_ffff;
/** Bytes of all initialised data: what the module file carries. */
export const MAX_DATA_BYTES = 64 * 1024 * 1024;
/** Registers of a frame that hold variables; the others hold what expressions need. */
export const MAX_VARIABLE_REGISTERS = 120;
/** Registers of a frame. */
export const MAX_REGISTERS = 250;
/** Alignment of a frame's block in the memory stack, and so the largest of a local variable. */
export const STACK_ALIGNMENT = 16;
/** Size of the memory stack in bytes. */
export const STACK_BYTES = 256 * 1024;
