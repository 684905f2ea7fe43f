// The output of one execution on its way: to the client that asked for it in pieces, or kept for the result; and to whoever
// listens to the function. Small writes are gathered: a hostile function writes millions of single bytes.
import type { ExecutionResult } from '../../core/index';
import { OutputLog } from '../../core/output';
import { TextParts } from './json-text';

type Stream = 'stdout' | 'stderr';

/** Sends pieces; the answer is a promise while the client should not be sent more. */
export interface PieceSender {
  sendPiece(index: number, stream: Stream, bytes: Uint8Array): Promise<void> | undefined;
}

export interface OutputChunk {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
}

/** A result that is about to be written as JSON. */
export type EndedResult = ExecutionResult | (Omit<ExecutionResult, Stream> & Record<Stream, TextParts>);

/** Kept until the execution ends. */
export class KeptOutput {
  private log: OutputLog | null = null;
  keptBytes = 0;

  write({ stream, bytes }: OutputChunk): undefined {
    this.log ??= new OutputLog();
    this.keptBytes += bytes.length;
    this.log.write(stream === 'stdout' ? 1 : 2, bytes);
  }

  flush(): void {}

  /** The result with the output in it. */
  end(result: ExecutionResult): EndedResult {
    const { log } = this;
    if (log === null) return result;
    return { ...result, stdout: new TextParts(log.textsOf('stdout')), stderr: new TextParts(log.textsOf('stderr')) };
  }
}

/** A piece is sent when it has so many bytes, and at the latest in the next turn of the event loop. */
const PIECE_BYTES = 32 * 1024;

/** Sent in pieces as it comes. */
export class SentOutput {
  private pieces: Uint8Array[] = [];
  private length = 0;
  private stream: Stream = 'stdout';
  private isScheduled = false;

  readonly keptBytes = 0;

  constructor(
    private readonly sender: PieceSender,
    private readonly index: number,
  ) {}

  /** Sends the rest. */
  end(result: ExecutionResult): EndedResult {
    this.flush();
    return result;
  }

  /** A promise holds the guest. */
  write({ stream, bytes }: OutputChunk): Promise<void> | undefined {
    let room: Promise<void> | undefined;
    if (stream !== this.stream) room = this.flush();
    this.stream = stream;
    this.pieces.push(bytes);
    this.length += bytes.length;
    if (this.length >= PIECE_BYTES) return this.flush() ?? room;
    if (!this.isScheduled) {
      this.isScheduled = true;
      setImmediate(this.flushLater);
    }
    return room;
  }

  /** Sends what has been gathered. */
  flush(): Promise<void> | undefined {
    if (this.length === 0) return undefined;
    const bytes = this.pieces.length === 1 ? this.pieces[0]! : concatenate(this.pieces, this.length);
    this.pieces = [];
    this.length = 0;
    return this.sender.sendPiece(this.index, this.stream, bytes);
  }

  private readonly flushLater = (): void => {
    this.isScheduled = false;
    this.flush();
  };
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}
