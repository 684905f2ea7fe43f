// What goes out to one client. Messages of one turn leave in one write. When the client reads too slowly it says so, which
// holds what produces, and in the end gives the client up.
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../protocol/index';
import { CONGESTED_BYTES } from './limits';

/** How long a client that is given up has to take its farewell. */
const FAREWELL_MS = 2000;

export class Outbox {
  private isCorked = false;
  private congestion: { readonly promise: Promise<void>; readonly end: () => void } | null = null;
  private isClosed = false;
  private farewell: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    /** The connection below the WebSocket. */
    private readonly stream: Duplex,
    private readonly unreadBytes: number,
    /** Called when the client has caught up. */
    private readonly drained: () => void,
  ) {
    stream.on('drain', this.endCongestion);
  }

  /** Sends a text, which may be in parts; nothing happens when the connection is gone. */
  send(...parts: readonly (string | Buffer)[]): void {
    if (this.isClosed) return;
    if (!this.isCorked) {
      this.isCorked = true;
      this.stream.cork();
      process.nextTick(this.uncork);
    }
    parts.forEach((part, index) => {
      this.socket.send(part, { binary: false, fin: index === parts.length - 1 });
    });
    const waiting = this.socket.bufferedAmount;
    if (waiting > this.unreadBytes) this.giveUp();
    else if (waiting > CONGESTED_BYTES) this.congest();
  }

  /** Whether more waits for the client than should. */
  get isCongested(): boolean {
    return this.congestion !== null;
  }

  /** Undefined, or while it is congested a promise of its end. */
  room(): Promise<void> | undefined {
    return this.congestion?.promise;
  }

  /** The connection is gone: nothing waits any more. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.farewell);
    this.endCongestion();
  }

  private readonly uncork = (): void => {
    this.isCorked = false;
    this.stream.uncork();
  };

  private congest(): void {
    if (this.congestion !== null) return;
    let end!: () => void;
    const promise = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.congestion = { promise, end };
  }

  private readonly endCongestion = (): void => {
    const { congestion } = this;
    if (congestion === null) return;
    this.congestion = null;
    congestion.end();
    this.drained();
  };

  private giveUp(): void {
    this.isClosed = true;
    this.socket.close(CLOSE_CODES.tooSlow, 'the client reads too slowly');
    this.farewell = setTimeout(() => this.socket.terminate(), FAREWELL_MS);
  }
}
