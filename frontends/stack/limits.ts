// The limits of one sm compilation, with the reason for each. Over a limit is a diagnostic, never an accident.
import { MAXIMUM_MEMORY_STACK_BYTES, MAXIMUM_REGISTERS, MAXIMUM_STATIC_BYTES, NULL_GUARD_BYTES } from '../../vm/index';

/** Bytes of a source, comments included; `maxSourceBytes` may lower it. */
export const MAX_SOURCE_BYTES = 1024 * 1024;
/** Tokens of a source: the parser takes some 20 microseconds for each. */
export const MAX_TOKENS = 100_000;
/** Tokens of one line: the parser keeps about a kilobyte for each while it reads the line. */
export const MAX_LINE_TOKENS = 2_000;
/** Characters of a name: it is shown in messages and traces. */
export const MAX_NAME_LENGTH = 200;
/** Characters of a number: what is longer is a mistake, and converting it would take quadratic time. */
export const MAX_NUMBER_LENGTH = 200;
/** Registers of a frame for parameters, locals and the stack at its highest: one is kept for the generator. */
export const MAX_REGISTERS = MAXIMUM_REGISTERS - 1;
/** Parameters of a function, and results: a call has both on its stack. */
export const MAX_SIGNATURE_LENGTH = 200;
/** Offset of a load or store: what one instruction can add to an address. */
export const MAX_OFFSET = 0xff_ffff;
/** The first address of the linear memory that data can have: below is never mapped. */
export const FIRST_ADDRESS = NULL_GUARD_BYTES;
/** Bytes of data and reserved memory: what the machine accepts of a module. */
export const MAX_STATIC_BYTES = MAXIMUM_STATIC_BYTES;
/** Bytes of initialised data: what a module file carries. */
export const MAX_DATA_BYTES = 16 * 1024 * 1024;
/** Bytes of the memory stack: its default, and the most that can be declared. */
export const DEFAULT_STACK_BYTES = 64 * 1024;
export const MAX_STACK_BYTES = MAXIMUM_MEMORY_STACK_BYTES;
/** Alignment of data: a page of most machines; no more has a use. */
export const MAX_ALIGNMENT = 4096;
/** Errors after which a compilation stops, and warnings that are kept: what follows is seldom news. */
export const MAX_ERRORS = 20;
export const MAX_WARNINGS = 20;
