// Checks limits that callers give. The host's are defaults for its functions, a function's the most that its calls may use.
import { LIMIT_NAMES, LIMITS, type Limits, MAXIMUM_MEMORY_BYTES } from '../../vm/index';

/** Limits by name; what is left out keeps the value of the level above. Infinity is no limit. */
export type LimitOptions = { readonly [Name in keyof Limits]?: number };

/** What applies when nobody says anything else. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, LIMITS[name].default]),
) as unknown as Limits;

/** `options` over `base`. Throws RangeError for an unknown name, a value that is no number, or one out of range. */
export function mergeLimits(base: Limits, options: LimitOptions | undefined): Limits {
  if (options === undefined) return base;
  if (typeof options !== 'object' || options === null) throw new RangeError('limits must be an object');
  const merged: Record<string, number> = { ...base };
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) merged[name] = checkLimit(name, value);
  }
  return merged as unknown as Limits;
}

/** `options` under `ceiling`: of each limit the smaller. Errors as mergeLimits. */
export function tightenLimits(ceiling: Limits, options: LimitOptions | undefined): Limits {
  const wanted = mergeLimits(ceiling, options);
  return Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, Math.min(ceiling[name], wanted[name])]),
  ) as unknown as Limits;
}

function checkLimit(name: string, value: unknown): number {
  if (!Object.hasOwn(LIMITS, name)) throw new RangeError(`there is no limit '${name}' (${LIMIT_NAMES.join(', ')})`);
  const { minimum } = LIMITS[name as keyof Limits];
  if (typeof value !== 'number' || !(value >= minimum)) {
    throw new RangeError(`the limit ${name} must be a number from ${minimum} on`);
  }
  if (name === 'memoryBytes') return Math.min(value, MAXIMUM_MEMORY_BYTES);
  return name === 'wallTimeMs' ? value : Math.floor(value);
}
