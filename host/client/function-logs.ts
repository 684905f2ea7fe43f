// What all executions of a function write, whoever started them, as it comes.
import type { ExecutionError, Status } from '../../vm/index';
import { textCodec } from '../core/text';
import type { Params } from '../protocol/index';
import type { Connection, SubscriptionMessage } from './connection';
import { chunkBytes } from './wire';

/** A piece of output, or the end of an execution. */
export type FunctionLogEvent =
  | {
      readonly type: 'output';
      /** Unique in the server. */
      readonly execution: string;
      readonly stream: 'stdout' | 'stderr';
      readonly bytes: Uint8Array;
      /** The bytes as UTF-8; U+FFFD for what is not, half a character at an end of the piece too. */
      readonly text: string;
      /** Bytes that were left out before this, for they came faster than they were read. */
      readonly dropped: number;
    }
  | {
      readonly type: 'ended';
      readonly execution: string;
      readonly status: Status;
      readonly error?: ExecutionError;
    };

/** What is kept for a reader that is slow; the rest is dropped and counted. */
const KEPT_BYTES = 16 * 2 ** 20;

/** Subscribes with the first `next`; leaving the loop unsubscribes. Rejects with RemoteError and ConnectionError. */
export async function* readFunctionLogs(
  connection: Connection,
  address: Params<'subscribe'>,
): AsyncGenerator<FunctionLogEvent, void> {
  const queue = new EventQueue();
  let stop = () => {};
  const { subscription } = await connection.request('subscribe', address, (result) => {
    stop = connection.listen(result.subscription, queue);
  });
  try {
    for (;;) yield await queue.next();
  } finally {
    stop();
    if (!queue.isEnded) connection.request('unsubscribe', { subscription }).catch(() => {});
  }
}

class EventQueue {
  isEnded = false;
  private events: FunctionLogEvent[] = [];
  private bytes = 0;
  private dropped = 0;
  private error: Error | null = null;
  private wake = () => {};

  message({ method, params }: SubscriptionMessage): void {
    if (method === 'functionEnded') {
      const { execution, status, error } = params;
      this.events.push({
        type: 'ended',
        execution,
        status,
        ...(error !== undefined && { error: error as ExecutionError }),
      });
    } else {
      const { execution, stream } = params;
      const bytes = chunkBytes(params);
      this.dropped += params.dropped ?? 0;
      if (this.bytes + bytes.length > KEPT_BYTES) this.dropped += bytes.length;
      else {
        this.bytes += bytes.length;
        const { dropped } = this;
        this.events.push({ type: 'output', execution, stream, bytes, text: textCodec.decodeLeniently(bytes), dropped });
        this.dropped = 0;
      }
    }
    this.wake();
  }

  ended(error: Error): void {
    this.isEnded = true;
    this.error = error;
    this.wake();
  }

  async next(): Promise<FunctionLogEvent> {
    for (;;) {
      const event = this.events.shift();
      if (event !== undefined) {
        if (event.type === 'output') this.bytes -= event.bytes.length;
        return event;
      }
      if (this.error !== null) throw this.error;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
