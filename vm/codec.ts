// A module's binary form: header, checksum and the order of the sections. Every module has exactly one encoding, and
// whatever is decoded encodes to the same bytes, so their hash is the module's identity. docs/bytecode.md describes the
// format from the tables here. Decoding proves the shape only: verifyModule comes next.
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { crc32 } from './checksum';
import { ModuleError } from './errors';
import { MAXIMUM_MODULE_BYTES } from './limits';
import type { Module } from './module';
import {
  readDebug,
  readEntries,
  readFunctions,
  readImports,
  readMemory,
  readNames,
  readSignatures,
  readTable,
} from './module-reader';
import {
  writeDebug,
  writeEntries,
  writeFunctions,
  writeImports,
  writeMemory,
  writeNames,
  writeSignatures,
  writeTable,
} from './module-writer';
import { OPCODE_VERSION } from './opcodes';
import { hashInSteps } from './sha256';
import { allSteps, type Steps } from './steps';

/** `\0gzm`. */
export const MODULE_MAGIC = 0x6d7a6700;
/** Changes whenever the binary form changes. */
export const FORMAT_VERSION = 1;

/** The header: words, little-endian. */
export const HEADER_FIELDS = ['magic', 'format version', 'opcode version', 'length of the rest', 'checksum'] as const;
export const HEADER_BYTES = HEADER_FIELDS.length * 4;
const CHECKSUM_OFFSET = HEADER_BYTES - 4;

/** The sections, numbered from 1; all are there, in this order. */
export const SECTIONS = {
  NAMES: 1,
  SIGNATURES: 2,
  IMPORTS: 3,
  FUNCTIONS: 4,
  TABLE: 5,
  MEMORY: 6,
  ENTRIES: 7,
  DEBUG: 8,
} as const;

/** The binary form of a verified module. */
export function encodeModule(module: Module): Uint8Array {
  return allSteps(encodeInSteps(module));
}

/** The same in steps. */
export function* encodeInSteps(module: Module): Steps<Uint8Array> {
  const writer = new ByteWriter();
  for (let offset = 0; offset < HEADER_BYTES; offset += 4) writer.word(0);
  writer.section(SECTIONS.NAMES, () => writeNames(writer, module));
  writer.section(SECTIONS.SIGNATURES, () => writeSignatures(writer, module));
  writer.section(SECTIONS.IMPORTS, () => writeImports(writer, module));
  yield* writer.longSection(SECTIONS.FUNCTIONS, () => writeFunctions(writer, module));
  writer.section(SECTIONS.TABLE, () => writeTable(writer, module));
  writer.section(SECTIONS.MEMORY, () => writeMemory(writer, module));
  writer.section(SECTIONS.ENTRIES, () => writeEntries(writer, module));
  yield* writer.longSection(SECTIONS.DEBUG, () => writeDebug(writer, module));
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer);
  [MODULE_MAGIC, FORMAT_VERSION, OPCODE_VERSION, bytes.length - HEADER_BYTES].forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  seal(bytes, yield* checksumOf(bytes));
  return bytes;
}

/** Writes the right checksum into a module's bytes (at least a header), which something may have changed. */
export function sealModule(bytes: Uint8Array): void {
  seal(bytes, allSteps(checksumOf(bytes)));
}

function seal(bytes: Uint8Array, checksum: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(CHECKSUM_OFFSET, checksum, true);
}

/** Bytes of which the checksum is made in one step: some tens of microseconds, half a millisecond at first. */
const STEP_BYTES = 1 << 14;

/** The checksum of everything but itself. */
function* checksumOf(bytes: Uint8Array): Steps<number> {
  let checksum = crc32(bytes.subarray(0, CHECKSUM_OFFSET));
  for (let start = HEADER_BYTES; start < bytes.length; start += STEP_BYTES) {
    if (start > HEADER_BYTES) yield;
    checksum = crc32(bytes.subarray(start, start + STEP_BYTES), checksum);
  }
  return checksum;
}

/** The module in untrusted bytes. Throws ModuleError. What it gives has not been verified. */
export function decodeModule(bytes: Uint8Array): Module {
  return allSteps(decodeUntrusted(bytes));
}

/** The same in steps, between which the bytes must stay as they are. */
export function* decodeUntrusted(bytes: Uint8Array): Steps<Module> {
  yield* checkHeader(bytes);
  return yield* decodeInSteps(bytes);
}

/** The same of bytes from `encodeModule` of this version: header and checksum are not looked at. */
export function* decodeInSteps(bytes: Uint8Array): Steps<Module> {
  const reader = new ByteReader(bytes, HEADER_BYTES);
  const names = yield* reader.longSection(SECTIONS.NAMES, () => readNames(reader));
  const signatures = yield* reader.longSection(SECTIONS.SIGNATURES, () => readSignatures(reader));
  const imports = yield* reader.longSection(SECTIONS.IMPORTS, () => readImports(reader));
  const bodies = yield* reader.longSection(SECTIONS.FUNCTIONS, () => readFunctions(reader));
  const table = yield* reader.longSection(SECTIONS.TABLE, () => readTable(reader));
  const memory = yield* reader.longSection(SECTIONS.MEMORY, () => readMemory(reader));
  const entries = reader.section(SECTIONS.ENTRIES, () => readEntries(reader));
  const functions = yield* reader.longSection(SECTIONS.DEBUG, () => readDebug(reader, bodies));
  reader.finish();
  return { ...names, functions, signatures, ...imports, table, memory, ...entries };
}

function* checkHeader(bytes: Uint8Array): Steps<void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const refuse = (code: ConstructorParameters<typeof ModuleError>[0], detail: string, offset: number): never => {
    throw new ModuleError(code, detail, { offset });
  };
  if (bytes.length < 4 || view.getUint32(0, true) !== MODULE_MAGIC) refuse('module.magic', '', 0);
  if (bytes.length < HEADER_BYTES) refuse('module.truncated', 'header', bytes.length);
  if (bytes.length > MAXIMUM_MODULE_BYTES) refuse('module.too_large', `${bytes.length} bytes`, 0);
  const [format, opcodes, length, checksum] = [4, 8, 12, 16].map((offset) => view.getUint32(offset, true));
  if (format !== FORMAT_VERSION) refuse('module.format_version', `${format}, not ${FORMAT_VERSION}`, 4);
  if (opcodes !== OPCODE_VERSION) refuse('module.opcode_version', `${opcodes}, not ${OPCODE_VERSION}`, 8);
  if (length !== bytes.length - HEADER_BYTES) refuse('module.truncated', 'length', 12);
  if (checksum !== (yield* checksumOf(bytes))) refuse('module.checksum', '', CHECKSUM_OFFSET);
}

/** The identity of a module's bytes: SHA-256 in lower-case hexadecimal. */
export function moduleHash(bytes: Uint8Array): string {
  return allSteps(moduleHashInSteps(bytes));
}

/** The same in steps. */
export function* moduleHashInSteps(bytes: Uint8Array): Steps<string> {
  return hexadecimal(yield* hashInSteps(bytes));
}

/** Bytes in lower-case hexadecimal. */
export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
