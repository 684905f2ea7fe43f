// Who listens to which function. A listener that reads too slowly loses output, and is told how much; it never holds the
// function, which is somebody else's.
import type { ExecutionResult } from '../../core/index';
import { textOrBase64 } from './wire-values';

/** Where a subscription's notifications go. */
export interface Listener {
  notify(method: 'functionOutput' | 'functionEnded', params: object): void;
  readonly isCongested: boolean;
}

export interface Subscription {
  readonly id: string;
  /** Which function, of which tenant. */
  readonly topic: string;
  readonly name: string;
  readonly listener: Listener;
  /** Bytes that were left out since the last piece. */
  dropped: number;
}

export class Subscriptions {
  private readonly byTopic = new Map<string, Set<Subscription>>();
  private count = 0;

  add(topic: string, name: string, listener: Listener): Subscription {
    const subscription = { id: `subscription-${++this.count}`, topic, name, listener, dropped: 0 };
    const others = this.byTopic.get(topic);
    if (others === undefined) this.byTopic.set(topic, new Set([subscription]));
    else others.add(subscription);
    return subscription;
  }

  remove(subscription: Subscription): void {
    const others = this.byTopic.get(subscription.topic);
    others?.delete(subscription);
    if (others?.size === 0) this.byTopic.delete(subscription.topic);
  }

  /** Whether anybody listens to a function. */
  has(topic: string): boolean {
    return this.byTopic.has(topic);
  }

  output(topic: string, execution: string, stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    for (const subscription of this.byTopic.get(topic) ?? []) {
      const { id, name, listener, dropped } = subscription;
      if (listener.isCongested) {
        subscription.dropped += bytes.length;
        continue;
      }
      subscription.dropped = 0;
      const params = { subscription: id, name, execution, stream, ...textOrBase64(bytes) };
      listener.notify('functionOutput', dropped === 0 ? params : { ...params, dropped });
    }
  }

  /** The end of an execution; its error without the guest's own value, which may be large. */
  ended(topic: string, execution: string, { status, error }: ExecutionResult): void {
    for (const { id, name, listener } of this.byTopic.get(topic) ?? []) {
      if (listener.isCongested) continue;
      const params = { subscription: id, name, execution, status };
      listener.notify(
        'functionEnded',
        error === undefined ? params : { ...params, error: { ...error, value: undefined } },
      );
    }
  }
}
