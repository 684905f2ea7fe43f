// Checks limits that callers give. Those above are defaults for those below, and what a call asks for only tightens them.
import {
  LIMIT_NAMES,
  LIMITS,
  type LimitName,
  type Limits,
  MAXIMUM_MEMORY_BYTES,
  type Policies,
  type Policy,
  SHARED_LIMIT_NAMES,
  type SharedLimits,
} from '../../vm/index';

export { DEFAULT_LIMITS } from '../../vm/index';

/** What becomes of what a limit stops, by limit: see docs/limits.md. */
export type PolicyOptions = Policies;

/** Limits of each invocation, by name; what is left out keeps the value of the level above. Infinity is no limit. */
export type LimitOptions = { readonly [Name in keyof Limits]?: number } & { readonly policies?: PolicyOptions };

/** Limits of all invocations together, by name; what is left out has none. */
export type BudgetOptions = { readonly [Name in LimitName]?: number } & { readonly policies?: PolicyOptions };

/** The name of the policies among the limits. */
const POLICIES = 'policies';

/** `options` over `base`. Throws RangeError for an unknown name, a value that is no number, or one out of range. */
export function mergeLimits(base: Limits, options: LimitOptions | undefined): Limits {
  if (options === undefined) return base;
  return { ...base, ...checkNumbers('limits', options, LIMIT_NAMES) };
}

/** `options` under `ceiling`: of each limit the smaller. Errors as mergeLimits. */
export function tightenLimits(ceiling: Limits, options: LimitOptions | undefined): Limits {
  if (options === undefined) return ceiling;
  const wanted = mergeLimits(ceiling, options);
  return Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, Math.min(ceiling[name], wanted[name])]),
  ) as unknown as Limits;
}

/** Limits that are shared. Errors as mergeLimits. */
export function checkBudget(options: BudgetOptions | undefined): Partial<SharedLimits> {
  return options === undefined ? {} : checkNumbers('a budget', options, SHARED_LIMIT_NAMES);
}

/** The policies that `options` ask for, over `base`. Throws RangeError for those that a limit does not have. */
export function mergePolicies(base: Policies, options: LimitOptions | BudgetOptions | undefined): Policies {
  const policies: unknown = options?.policies;
  if (policies === undefined) return base;
  if (typeof policies !== 'object' || policies === null) throw new RangeError('policies must be an object');
  for (const [name, policy] of Object.entries(policies)) {
    checkName('limit', name, SHARED_LIMIT_NAMES);
    const known = LIMITS[name as LimitName].policies;
    if (known.includes(policy as Policy)) continue;
    throw new RangeError(`the policy of ${name} must be one of: ${known.join(', ') || 'none'}`);
  }
  return { ...base, ...policies };
}

/** A share's weight. Throws RangeError unless it is a number from 0.001 to 1,000,000. */
export function checkWeight(weight: number | undefined): number {
  if (weight === undefined) return 1;
  if (typeof weight === 'number' && weight >= 0.001 && weight <= 1_000_000) return weight;
  throw new RangeError('a weight must be a number from 0.001 to 1,000,000');
}

/** Amounts by which limits are raised. Throws RangeError for an unknown name, or no number from 0 on. */
export function checkRefill<T extends Partial<SharedLimits>>(more: T): T {
  if (typeof more !== 'object' || more === null) throw new RangeError('a refill must be an object');
  for (const [name, amount] of Object.entries(more)) {
    checkName('limit', name, SHARED_LIMIT_NAMES);
    const isWhole = name === 'wallTimeMs' || amount === Number.POSITIVE_INFINITY || Number.isInteger(amount);
    if (typeof amount !== 'number' || !(amount >= 0) || !isWhole) {
      throw new RangeError(`a refill of ${name} must be a number from 0 on`);
    }
  }
  return more;
}

function checkNumbers(what: string, options: object, names: readonly LimitName[]): Record<string, number> {
  if (typeof options !== 'object' || options === null) throw new RangeError(`${what} must be an object`);
  mergePolicies({}, options);
  const checked: Record<string, number> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === POLICIES) continue;
    checkName('limit', name, names);
    if (value !== undefined) checked[name] = checkLimit(name as LimitName, value, names === LIMIT_NAMES);
  }
  return checked;
}

function checkName(what: string, name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new RangeError(`there is no ${what} '${name}' (${names.join(', ')})`);
}

function checkLimit(name: LimitName, value: unknown, isOfOne: boolean): number {
  const { minimum } = LIMITS[name];
  if (typeof value !== 'number' || !(value >= minimum)) {
    throw new RangeError(`the limit ${name} must be a number from ${minimum} on`);
  }
  if (name === 'memoryBytes' && isOfOne) return Math.min(value, MAXIMUM_MEMORY_BYTES);
  return name === 'wallTimeMs' ? value : Math.floor(value);
}
