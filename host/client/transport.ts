// A WebSocket as the client needs it. Node and browsers have one each.

/** What happens to a connection; `closed` is the last, and comes without `opened` when there was never any. */
export interface TransportEvents {
  opened(): void;
  message(text: string): void;
  closed(code: number, reason: string): void;
}

export interface Transport {
  send(text: string): void;
  close(): void;
}

export type OpenTransport = (url: string, events: TransportEvents) => Transport;
