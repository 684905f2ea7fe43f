// Code that runs often is specialised (vm/hot-code.ts) in the thread that compiles what running functions load: writing the text and
// compiling it takes milliseconds, loading what comes of it some tenths of one.
import {
  type CodeMaker,
  type FunctionCode,
  type SpecialisedText,
  type SpecialiseElsewhere,
  writeSpecialised,
} from '../../../vm/index';
import type { CodeCache } from './thread';

export interface SpecialiseRequest {
  readonly hotFunctions: readonly FunctionCode[];
}

/** Plain data. */
export interface SpecialiseReply {
  /** Null: there is no room for the first function. */
  readonly text: SpecialisedText | null;
  /** By the thread's code cache. */
  readonly compiled: Uint8Array | null;
}

/** Asks somebody; null: there is nobody to be asked. */
export type AskSpecialiser = (request: SpecialiseRequest) => Promise<SpecialiseReply | null>;

/** What the compiling thread makes of a request. */
export function answerSpecialiseRequest({ hotFunctions }: SpecialiseRequest, cache?: CodeCache): SpecialiseReply {
  const text = writeSpecialised(hotFunctions);
  return { text, compiled: text === null || cache === undefined ? null : cache.compile(text.text) };
}

/** How a thread that can load what others have compiled gets its specialised code. */
export function specialiseBy(ask: AskSpecialiser, cache: CodeCache): SpecialiseElsewhere {
  return async (hotFunctions) => {
    const reply = await ask({ hotFunctions });
    if (reply === null) return null;
    const { text, compiled } = reply;
    return text === null ? { text } : { text, make: cache.load(text.text, compiled) as CodeMaker };
  };
}
