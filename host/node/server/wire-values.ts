// Values of the API as they cross: text or base64 to bytes and back, limits with null for none.
import type { Limits, SharedLimits } from '../../../vm/index';
import type { BudgetOptions, LimitOptions } from '../../core/index';
import { textCodec } from '../../core/text';
import {
  decodeBase64,
  encodeBase64,
  type WireAllLimits,
  type WireAmounts,
  type WireBudget,
  type WireLimits,
} from '../../protocol/index';
import { RequestError } from './request-error';

type TextOrBytes = string | { readonly base64: string };

/** The bytes that a message names. Throws RequestError `params.invalid`. */
export function bytesOf({ base64 }: { readonly base64: string }, place: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes === null) throw new RequestError('params.invalid', `${place}.base64 is no base64`);
  return bytes;
}

export function textOrBytesOf(value: TextOrBytes, place: string): string | Uint8Array {
  return typeof value === 'string' ? value : bytesOf(value, place);
}

/** Bytes as text when they are UTF-8. */
export function textOrBase64(bytes: Uint8Array): { text: string } | { base64: string } {
  const text = textCodec.decode(bytes);
  return text === null ? { base64: encodeBase64(bytes) } : { text };
}

type Values = Readonly<Record<string, unknown>>;

/** null is no limit. */
function fromWire(values: Values): Values {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    value === null ? Number.POSITIVE_INFINITY : value,
  ]);
  return Object.fromEntries(entries);
}

export const limitsFromWire = (limits: WireLimits): LimitOptions => fromWire(limits);
export const budgetFromWire = (budget: WireBudget): BudgetOptions => fromWire(budget);
export const amountsFromWire = (amounts: WireAmounts): Partial<SharedLimits> => fromWire(amounts);

export function limitsToWire<L extends Limits>(limits: L): WireAllLimits<L> {
  const entries = Object.entries(limits).map(([name, value]) => [name, Number.isFinite(value) ? value : null]);
  return Object.fromEntries(entries);
}

/** What the API throws for values that pass their schema and are wrong all the same is the request's fault. */
export function checkingValues<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new RequestError('params.invalid', error.message);
  }
}
