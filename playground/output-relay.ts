// Output on its way from the machine to the page: put together for some milliseconds, and no more of it than a page can
// show. A hostile function writes millions of single bytes.

const INTERVAL_MS = 40;
/** Bytes of output that are sent on; what a function writes beyond is only counted. */
export const SHOWN_BYTES = 256 * 1024;

type Stream = 'stdout' | 'stderr';

/** Takes the chunks of one execution and sends text. */
export class OutputRelay {
  omittedBytes = 0;
  private sentBytes = 0;
  private pending = '';
  private pendingStream: Stream = 'stdout';
  private lastSent = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  constructor(private readonly send: (stream: Stream, text: string) => void) {}

  readonly take = ({ stream, bytes }: { stream: Stream; bytes: Uint8Array }): undefined => {
    const shown = bytes.subarray(0, SHOWN_BYTES - this.sentBytes);
    this.sentBytes += shown.length;
    this.omittedBytes += bytes.length - shown.length;
    this.append(stream, this.decoders[stream].decode(shown, { stream: true }));
  };

  /** Sends what is left. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) this.append(stream, this.decoders[stream].decode());
    this.flush();
  }

  private append(stream: Stream, text: string): void {
    if (text === '') return;
    if (stream !== this.pendingStream) this.flush();
    this.pendingStream = stream;
    this.pending += text;
    // The timer alone would do, but the time between two turns of the event loop is the machine's to choose.
    if (performance.now() - this.lastSent >= INTERVAL_MS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), INTERVAL_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending === '') return;
    this.send(this.pendingStream, this.pending);
    this.pending = '';
    this.lastSent = performance.now();
  }
}
