// Checks limits that callers give. The host's are defaults for its functions, a function's the most that its calls may use.
import { type InstructionPolicy, LIMIT_NAMES, LIMITS, type Limits, MAXIMUM_MEMORY_BYTES } from '../../vm/index';

/** Limits by name; what is left out keeps the value of the level above. Infinity is no limit. */
export type LimitOptions = { readonly [Name in keyof Limits]?: number } & {
  /**
   * What happens when the instructions are used up: `kill` ends the execution (the default), `suspend` has it stand still
   * until `execution.refill` grants more.
   */
  readonly onInstructions?: InstructionPolicy;
};

/** The name of the policy among the limits. */
const POLICY = 'onInstructions';

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
    if (name === POLICY) mergePolicy('kill', options);
    else if (value !== undefined) merged[name] = checkLimit(name, value);
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

/** The policy that `options` ask for, or `base`. Throws RangeError for one that does not exist. */
export function mergePolicy(base: InstructionPolicy, options: LimitOptions | undefined): InstructionPolicy {
  const policy = options?.onInstructions ?? base;
  if (policy !== 'kill' && policy !== 'suspend') throw new RangeError("onInstructions must be 'kill' or 'suspend'");
  return policy;
}

/** Amounts by which limits are raised. Throws RangeError for an unknown name, or no number from 0 on. */
export function checkRefill(more: Partial<Limits>): Partial<Limits> {
  if (typeof more !== 'object' || more === null) throw new RangeError('a refill must be an object');
  for (const [name, amount] of Object.entries(more)) {
    if (!Object.hasOwn(LIMITS, name)) throw new RangeError(`there is no limit '${name}' (${LIMIT_NAMES.join(', ')})`);
    const isWhole = name === 'wallTimeMs' || amount === Number.POSITIVE_INFINITY || Number.isInteger(amount);
    if (typeof amount !== 'number' || !(amount >= 0) || !isWhole) {
      throw new RangeError(`a refill of ${name} must be a number from 0 on`);
    }
  }
  return more;
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
