// Positions in strings as Lua counts them: from 1, negative ones from the end.

/** The first position of a range; 1 or more. */
export function startOf(position: number, length: number): number {
  if (position > 0) return position;
  return position === 0 ? 1 : Math.max(length + position + 1, 1);
}

/** The last position of a range; from 0 to `length`. */
export function endOf(position: number, length: number): number {
  if (position > length) return length;
  return position >= 0 ? position : Math.max(length + position + 1, 0);
}
