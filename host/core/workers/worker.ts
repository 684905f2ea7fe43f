// A worker thread: takes turns of contexts that the host's thread sends, or compiles, one after the other.
import { type MemoryAnswer, type Program, Visitor } from '../../../vm/index';
import { prepareThread } from '../training';
import type { ThreadRequest } from './compiler';
import { waitForMemory } from './memory-reply';
import type { FromWorker, ToWorker, TurnMessage } from './messages';
import { addLoaded, packPart, unpackProgram } from './programs';
import { answerSpecialiseRequest, type SpecialiseReply, type SpecialiseRequest, specialiseBy } from './specialising';
import type { MessageEnd } from './thread';

/** Serves the host at the other end for ever. */
export function runWorker(end: MessageEnd): void {
  const worker = new Worker(end);
  end.post({ type: 'started' } satisfies FromWorker);
  end.listen((message) => worker.receive(message as ToWorker));
}

class Worker {
  private readonly programs = new Map<number, Program>();
  /** Programs of executions that have loaded modules. */
  private readonly loaded = new Map<number, Program>();
  private memoryReply!: SharedArrayBuffer;
  /** Who waits for specialised code, by number. */
  private readonly specialising = new Map<number, (reply: SpecialiseReply | null) => void>();
  private lastRequest = 0;

  constructor(private readonly end: MessageEnd) {}

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'options':
        void this.prepare(message.isTrained, message.memoryReply);
        break;
      case 'program':
        this.programs.set(message.id, unpackProgram(message.parts));
        break;
      case 'forgetProgram':
        this.programs.delete(message.id);
        break;
      case 'forgetExecution':
        this.loaded.delete(message.execution);
        break;
      case 'turn':
        this.turn(message);
        break;
      case 'compile':
        void this.compile(message.request);
        break;
      case 'specialised':
        this.specialising.get(message.id)!(message.reply);
        this.specialising.delete(message.id);
        break;
    }
  }

  private async prepare(isTrained: boolean, memoryReply: SharedArrayBuffer): Promise<void> {
    this.memoryReply = memoryReply;
    const { codeCache } = this.end;
    const ask = (request: SpecialiseRequest) => this.askSpecialiser(request);
    await prepareThread(isTrained, codeCache === undefined ? null : specialiseBy(ask, codeCache));
    this.post({ type: 'ready' });
  }

  private turn(message: TurnMessage): void {
    const { id, visit } = message;
    const start = performance.now();
    try {
      const program = this.programOf(message);
      const visitor = new Visitor(visit, program, (words) => this.askMemory(id, words));
      const end = visitor.run();
      const after = visitor.context.program;
      if (after !== program) this.loaded.set(message.execution, after);
      const loaded = after === program ? null : packPart(after, program.modules.length);
      const milliseconds = performance.now() - start;
      this.post({ type: 'turned', id, end, loaded, milliseconds });
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.post({ type: 'failed', id, message: text });
    }
  }

  /** Threads that take turns have no use for the frontends, which are most of what a thread would load. */
  private async compile(request: ThreadRequest): Promise<void> {
    if ('hotFunctions' in request) {
      this.post({ type: 'compiled', reply: answerSpecialiseRequest(request, this.end.codeCache) });
      return;
    }
    const { answerRequest } = await import('./answer-request');
    this.post({ type: 'compiled', reply: answerRequest(request) });
  }

  private askSpecialiser(request: SpecialiseRequest): Promise<SpecialiseReply | null> {
    return new Promise((resolve) => {
      const id = ++this.lastRequest;
      this.specialising.set(id, resolve);
      this.post({ type: 'specialise', id, request });
    });
  }

  private programOf({ program, execution, loaded }: TurnMessage): Program {
    const known = this.loaded.get(execution) ?? this.programs.get(program)!;
    if (loaded === null) return known;
    const extended = addLoaded(known, loaded);
    this.loaded.set(execution, extended);
    return extended;
  }

  private askMemory(id: number, words: number): MemoryAnswer {
    return waitForMemory(this.memoryReply, () => this.post({ type: 'memory', id, words }));
  }

  private post(message: FromWorker): void {
    this.end.post(message);
  }
}
