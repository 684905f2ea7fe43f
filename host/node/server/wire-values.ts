// Values of the API as they cross: text or base64 to bytes and back, limits with null for none.
import type { Limits } from '../../../vm/index';
import type { LimitOptions } from '../../core/index';
import { textCodec } from '../../core/text';
import { decodeBase64, encodeBase64, type WireLimits } from '../../protocol/index';
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

/** null is no limit. */
export function limitsFromWire(limits: WireLimits): LimitOptions {
  const entries = Object.entries(limits).map(([name, value]) => [
    name,
    value === null ? Number.POSITIVE_INFINITY : value,
  ]);
  return Object.fromEntries(entries);
}

export function limitsToWire(limits: Limits): { readonly [Name in keyof Limits]: number | null } {
  const entries = Object.entries(limits).map(([name, value]) => [name, Number.isFinite(value) ? value : null]);
  return Object.fromEntries(entries) as { [Name in keyof Limits]: number | null };
}
