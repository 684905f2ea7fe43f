// What the host's thread and its workers tell each other. All of it is plain data that a structured clone copies, but for
// shared memory, which both have from then on.
import type { Visit, VisitEnd } from '../../../vm/index';
import type { ThreadReply, ThreadRequest } from './compiler';
import type { PackedPart, ProgramParts } from './programs';
import type { SpecialiseReply, SpecialiseRequest } from './specialising';

/** A turn of a context. */
export interface TurnMessage {
  readonly type: 'turn';
  readonly id: number;
  /** Number of its program; of the shared one, if it has loaded modules. */
  readonly program: number;
  /** Number of the execution, by which the worker knows what it has loaded. */
  readonly execution: number;
  /** What it has loaded, behind what the worker knows of that already; null: nothing, or nothing new. */
  readonly loaded: PackedPart | null;
  readonly visit: Visit;
}

export type ToWorker =
  | { readonly type: 'options'; readonly isTrained: boolean; readonly memoryReply: SharedArrayBuffer }
  | { readonly type: 'program'; readonly id: number; readonly parts: ProgramParts }
  | { readonly type: 'forgetProgram'; readonly id: number }
  | { readonly type: 'forgetExecution'; readonly execution: number }
  | TurnMessage
  | { readonly type: 'compile'; readonly request: ThreadRequest }
  /** The answer to `specialise`. */
  | { readonly type: 'specialised'; readonly id: number; readonly reply: SpecialiseReply | null };

export type FromWorker =
  /** Before all else: the script is there and runs. */
  | { readonly type: 'started' }
  /** The loops are trained. */
  | { readonly type: 'ready' }
  /** A turn asks for a heap of so many words, and waits. */
  | { readonly type: 'memory'; readonly id: number; readonly words: number }
  | {
      readonly type: 'turned';
      readonly id: number;
      readonly end: VisitEnd;
      readonly loaded: PackedPart | null;
      readonly milliseconds: number;
    }
  | { readonly type: 'compiled'; readonly reply: ThreadReply }
  /** Asks for code: a worker knows no other thread. */
  | { readonly type: 'specialise'; readonly id: number; readonly request: SpecialiseRequest }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
