// What the host's thread and its workers tell each other. All of it is plain data that a structured clone copies. A seat is
// an execution's stay in one worker: who comes back has another number, so nothing that is late can reach it.
import {
  Budget,
  type Clock,
  type Departure,
  type HostValue,
  type Lent,
  type Level,
  type LimitName,
  LimitReached,
  type Limits,
  type LoadedModules,
  type Outcome,
  type Policies,
  type Policy,
  type Refusal,
  type SyscallAnswer,
  type SyscallArgument,
  SyscallFailure,
  type Usage,
} from '../../../vm/index';

/** What a worker counts by itself, up to what it was lent. */
export const LENT: readonly Lent[] = ['instructions', 'syscalls', 'outputBytes'];
export type Amounts = Readonly<Record<Lent, number>>;

/** A share of the machine's time and the one that it is in, by number. */
export interface SharePath {
  readonly tenant: number;
  readonly tenantWeight: number;
  readonly function: number;
  readonly functionWeight: number;
}

/** The modules of a program, and the built-in language whose library comes before them. */
export interface ProgramParts {
  readonly library: string | null;
  readonly modules: readonly Uint8Array[];
}

/** Where an execution goes on. */
export interface Standing {
  readonly bytes: Uint8Array;
  readonly loaded: LoadedModules | null;
  /** A syscall that it stands at was put to the host. */
  readonly isUnderWay: boolean;
}

export interface Start {
  readonly type: 'start';
  readonly seat: number;
  readonly program: number;
  readonly name: string;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly weight: number;
  readonly share: SharePath;
  readonly capabilities: readonly string[];
  /** Of one that begins; else `standing`. */
  readonly args: readonly HostValue[];
  readonly texts: readonly Uint8Array[];
  readonly standing: Standing | null;
  readonly elapsedMs: number;
  /** What it may use before it must ask. */
  readonly lease: Amounts;
  /** Memory that is paid for, and whether it must ask for more. */
  readonly memoryBytes: number;
  readonly isMemoryLimited: boolean;
  /** Bytes of output that may be on their way. */
  readonly outputWindow: number;
  /** Turns after which it is sent elsewhere; 0: never. */
  readonly turns: number;
}

export type ToWorker =
  | { readonly type: 'options'; readonly isTrained: boolean; readonly memoryReply: SharedArrayBuffer | null }
  | { readonly type: 'program'; readonly id: number; readonly parts: ProgramParts }
  | { readonly type: 'forget'; readonly id: number }
  | Start
  | { readonly type: 'grant'; readonly seat: number; readonly more: Amounts }
  | { readonly type: 'fetch'; readonly seat: number; readonly isMove: boolean }
  | { readonly type: 'recall' }
  | { readonly type: 'cancel'; readonly seat: number }
  | { readonly type: 'refill'; readonly seat: number; readonly more: Partial<Limits> }
  | { readonly type: 'answer'; readonly seat: number; readonly question: number; readonly answer: Answer }
  | { readonly type: 'taken'; readonly seat: number; readonly bytes: number }
  | { readonly type: 'weights'; readonly weights: readonly (readonly [share: number, weight: number])[] };

/** What an execution has used, whole, and the memory that it holds. */
export interface Report {
  readonly usage: Usage;
  readonly heldBytes: number;
}

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'ask'; readonly seat: number; readonly urgent: readonly Lent[]; readonly report: Report }
  | { readonly type: 'returned'; readonly seats: readonly (readonly [seat: number, report: Report])[] }
  | {
      readonly type: 'syscall';
      readonly seat: number;
      readonly question: number;
      /** Null: the one that is under way. */
      readonly syscall: string | null;
      readonly args: readonly SyscallArgument[];
    }
  | { readonly type: 'output'; readonly seat: number; readonly stream: 1 | 2; readonly bytes: Uint8Array }
  | { readonly type: 'memory'; readonly seat: number; readonly bytes: number }
  | {
      readonly type: 'left';
      readonly seat: number;
      readonly departure: Departure;
      readonly isMove: boolean;
    }
  | { readonly type: 'ended'; readonly seat: number; readonly report: Report; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly seat: number; readonly report: Report | null; readonly message: string };

/** A refusal in words. */
export interface RefusalText {
  readonly level: Level;
  readonly name: LimitName;
  readonly policy: Policy;
  readonly limit: number;
  readonly used: number;
}

/** A syscall's answer, or what became of it. */
export type Answer =
  | { readonly answer: SyscallAnswer }
  | { readonly failure: string }
  | { readonly refusal: RefusalText }
  | { readonly defect: string };

export function writeRefusal({ budget, name, policy, limit, used }: Refusal): RefusalText {
  return { level: budget.level, name, policy, limit, used };
}

/** The refusal for the thread that was refused. */
export function readRefusal({ level, ...refusal }: RefusalText, clock: Clock): Refusal {
  return { ...refusal, budget: Budget.create(level, {}, {}, null, clock) };
}

/** What a handler has thrown, for another thread. */
export function writeFailure(error: unknown): Answer {
  if (error instanceof SyscallFailure) return { failure: error.message };
  if (error instanceof LimitReached) return { refusal: writeRefusal(error.refusal) };
  return { defect: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** The answer; throws what the handler has thrown. */
export function readAnswer(answer: Answer, clock: Clock): SyscallAnswer {
  if ('answer' in answer) return answer.answer;
  if ('failure' in answer) throw new SyscallFailure(answer.failure);
  if ('refusal' in answer) throw new LimitReached(readRefusal(answer.refusal, clock));
  throw new Error(answer.defect);
}
