// Places the members of a struct or union: offsets, padding, bit-fields. A bit-field lies in a storage unit of its
// declared type, and never across two of them, as wasm32's and most other ABIs have it.
import type { Member, RecordBody } from './types';
import { alignmentOf, type CType, sizeOf } from './types';

/** A member before it has its place. */
export interface MemberRequest {
  /** '' for an anonymous struct or union, and for an unnamed bit-field. */
  readonly name: string;
  readonly type: CType;
  /** Undefined: not a bit-field. */
  readonly bitWidth: number | undefined;
  /** Stricter than the type's, or 0. */
  readonly alignment: number;
}

/**
 * Gives `requests` their places, and `body` its members, size and alignment, `least` at least. With `packing` members are
 * aligned to no more than that. Sizes may exceed the limit.
 */
export function layOut(body: RecordBody, requests: readonly MemberRequest[], packing: number, least: number): void {
  const members: Member[] = [];
  const byName = new Map<string, Member>();
  let bits = 0;
  let alignment = Math.max(1, least);
  let largest = 0;
  for (const request of requests) {
    const wanted = alignmentOf(request.type);
    const natural = packing > 0 ? Math.min(packing, wanted) : wanted;
    const memberAlignment = Math.max(natural, request.alignment);
    const start = body.isUnion ? 0 : bits;
    const [member, end] = place(request, start, memberAlignment, packing > 0);
    bits = end;
    largest = Math.max(largest, end);
    if (request.bitWidth === undefined || request.name !== '') alignment = Math.max(alignment, memberAlignment);
    if (member === undefined) continue;
    members.push(member);
    addNames(byName, member);
  }
  body.alignment = alignment;
  body.size = roundUp(Math.ceil(largest / 8), alignment);
  body.memberByName = byName;
  body.members = members;
}

/** The member at or behind bit `start`, and the bit behind it; no member for an unnamed bit-field. */
function place(
  request: MemberRequest,
  start: number,
  alignment: number,
  isPacked: boolean,
): [member: Member | undefined, end: number] {
  const { name, type, bitWidth } = request;
  if (bitWidth === undefined) {
    const offset = roundUp(Math.ceil(start / 8), alignment);
    return [{ name, type, offset, bitField: undefined }, (offset + sizeOf(type)) * 8];
  }
  const unit = sizeOf(type) * 8;
  if (bitWidth === 0) return [undefined, roundUp(start, unit)];
  const crosses = Math.floor(start / unit) !== Math.floor((start + bitWidth - 1) / unit);
  const first = crosses && !isPacked ? roundUp(start, unit) : start;
  // A packed field may cross units: its own begins at the byte where it does, if it fits there.
  const base = isPacked && crosses ? Math.floor(first / 8) : Math.floor(first / unit) * sizeOf(type);
  const fits = first - base * 8 + bitWidth <= unit;
  const offset = fits ? base : Math.ceil(first / 8);
  const bit = fits ? first - base * 8 : 0;
  const end = offset * 8 + bit + bitWidth;
  return [name === '' ? undefined : { name, type, offset, bitField: { start: bit, width: bitWidth } }, end];
}

function addNames(byName: Map<string, Member>, member: Member): void {
  if (member.name !== '') byName.set(member.name, member);
  else if (member.type.kind === 'record') {
    for (const inner of member.type.body.memberByName.values()) {
      byName.set(inner.name, { ...inner, offset: inner.offset + member.offset });
    }
  }
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
