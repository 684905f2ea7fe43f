// What comes in from one client. Its messages have a little time in each turn of the event loop; what is beyond waits, and
// nothing more is read meanwhile: a flood slows nobody but its sender.
import type { WebSocket } from 'ws';
import { TURN_MS } from './limits';

export class Inbox {
  private readonly waiting: Buffer[] = [];
  private held = false;
  private isClosed = false;
  /** When the first message of this turn came; -1 before it. */
  private turnStart = -1;

  constructor(
    private readonly socket: WebSocket,
    private readonly handle: (message: Buffer) => void,
    /** Whether answers would pile up. */
    private readonly isCongested: () => boolean,
  ) {}

  receive(message: Buffer): void {
    if (this.isClosed) return;
    if (this.held) {
      this.waiting.push(message);
      return;
    }
    this.take(message);
    if (this.isTurnOver()) this.hold();
  }

  /** Whether nothing more is read for now. */
  get isHeld(): boolean {
    return this.held;
  }

  /** Goes on when there is time and room again. */
  readonly resume = (): void => {
    if (!this.held || this.isClosed) return;
    let taken = 0;
    while (taken < this.waiting.length && !this.isTurnOver() && !this.isClosed) this.take(this.waiting[taken++]!);
    this.waiting.splice(0, taken);
    if (this.waiting.length > 0 || this.isTurnOver() || this.isClosed) return;
    this.held = false;
    this.socket.resume();
  };

  /** Nothing that waits is handled any more. */
  close(): void {
    this.isClosed = true;
    this.waiting.length = 0;
  }

  private take(message: Buffer): void {
    if (this.turnStart < 0) {
      this.turnStart = performance.now();
      setImmediate(this.endTurn);
    }
    this.handle(message);
  }

  private isTurnOver(): boolean {
    return this.isCongested() || (this.turnStart >= 0 && performance.now() - this.turnStart > TURN_MS);
  }

  private hold(): void {
    this.held = true;
    this.socket.pause();
  }

  private readonly endTurn = (): void => {
    this.turnStart = -1;
    this.resume();
  };
}
