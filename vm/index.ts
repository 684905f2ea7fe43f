// The machine's public face: what frontends, libraries and hosts may use.
export { allocate } from './allocator';
export {
  type Breach,
  Budget,
  breachOf,
  type Counted,
  type Level,
  LimitReached,
  type Refusal,
} from './budget';
export * from './builder';
export type { Charged, Charges } from './charges';
export { decodeInSteps, decodeModule, decodeUntrusted, encodeModule, MODULE_MAGIC, moduleHash } from './codec';
export { setThreshold } from './collector';
export type { Context } from './context';
export { MAXIMUM_MEMORY_BYTES } from './context';
export { areManyBytes, copyBytes, copyValues, finishCopies } from './copy-job';
export {
  advanceClosing,
  canYield,
  coroutineError,
  forgetCoroutine,
  newCoroutine,
  receiveHere,
  resumeCoroutine,
  statusOf,
  yieldCoroutine,
} from './coroutines';
export { disassembleModule } from './disassembler';
export { entrySignature, hasValueEntry } from './entry';
export * from './errors';
export * from './execution';
export * from './execution-options';
export { FairQueue, type FairTask, Share } from './fair-queue';
export { callsFinalisers, isFinalising, registerFinaliser, takeFinaliser } from './finalisers';
export { growStack } from './frames';
export * from './hook-state';
export { transferAt } from './hooks';
export * from './host-values';
export { type SpecialiseElsewhere, specialiseHotCode } from './hot-code';
export { writeJson } from './json-text';
export { prepareKey } from './key-job';
export * from './layout';
export * from './limits';
export { type LinkOptions, link, linkInSteps } from './linker';
export { loadClosure } from './loading';
export { METAMETHOD_GC, metamethodOf, metatableOf } from './metatables';
export * from './meter';
export * from './module';
export * from './numbers/index';
export * from './opcode-numbers';
export * from './opcodes';
export * from './outcome';
export { isAsleep, isPartFunction, wake } from './parts';
export { MAXIMUM_PREPARED_WORDS, type Unprepared } from './prepared-program';
export * from './program';
export { identify, moduleIdentity } from './program-identity';
export { makeProgram, type ProgramTables } from './program-tables';
export { RegionCleaner } from './region-cleaner';
export { RegionPool } from './regions';
export * from './scheduler';
export { sha256 } from './sha256';
export * from './signals';
export { readSnapshot, type Snapshot, sealSnapshot } from './snapshot';
export * from './snapshot-errors';
export { type CodeMaker, type FunctionCode, type SpecialisedText, writeSpecialised } from './specialiser';
export { definitionOf, lineAt, type StackFrame } from './stack-trace';
export { allSteps, copyInSteps, inOneStep, Pace, type Steps } from './steps';
export { StepsLine } from './steps-line';
export {
  compareStrings,
  equalStrings,
  finishString,
  MAXIMUM_STRING_BYTES,
  newLongString,
  newString,
  newStringFromHeap,
  stringLength,
  stringStart,
  stringTag,
  UNFINISHED,
} from './strings';
export {
  Answered,
  AnswerInSteps,
  type SyscallAnswer,
  type SyscallArgument,
  SyscallFailure,
  type SyscallHost,
  TooLong,
} from './syscall-host';
export * from './syscalls';
export { hasJob } from './table-job';
export * from './tables';
export { bytesOfText, TEXT_PIECE } from './text-conversion';
export { trainLoops } from './training';
export { raiseExit } from './uncaught';

export {
  basicTypeName,
  isLibrary,
  metamethodNameOf,
  positionOf,
  raiseText,
  raiseValue,
  raiseWithPosition,
  tryRaiseText,
  typeNameOf,
} from './value-errors';

export { extraArguments, instructionOf } from './value-frame';
export { isNumberTag, isStringTag, NUMBER_TEXT_SIZE, parseNumber, writeNumber } from './value-text';
export {
  copyValue,
  rawEqual,
  writeBoolean,
  writeFloat as writeFloatValue,
  writeInteger,
  writeNil,
  writeReference,
} from './values';
export { verifyInSteps, verifyModule } from './verifier';
export {
  type LoadedPart,
  loadedPart,
  type MemoryAnswer,
  type Visit,
  type VisitEnd,
  Visitor,
} from './visit';
export type { Clock, StopWaiting } from './waiting-line';
