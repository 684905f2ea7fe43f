// The options of the command line that set limits, budgets and policies. Everything is checked here, by the table of limits.
import { InvalidArgumentError } from 'commander';
import {
  LIMIT_NAMES,
  LIMITS,
  type LimitName,
  type Limits,
  type Policies,
  type Policy,
  SHARED_LIMIT_NAMES,
  type SharedLimits,
} from '../../vm/index';
import type { BudgetOptions, LimitOptions, TenantOptions } from '../core/index';
import { type Dimension, parseAmount } from './option-values';

/** Limits of each invocation. */
export interface LimitFlags {
  readonly instructions?: number;
  readonly memory?: number;
  readonly wall?: number;
  readonly limit?: Partial<Limits>;
  readonly policy?: Policies;
}

/** Those of a function or a tenant. */
export interface BudgetFlags extends LimitFlags {
  readonly budget?: Partial<SharedLimits>;
  readonly weight?: number;
}

/** `NAME=VALUE`: a limit of each invocation. */
export function collectLimit(text: string, previous: Partial<Limits> = {}): Partial<Limits> {
  return { ...previous, ...parseLimit(text, LIMIT_NAMES) };
}

/** `NAME=VALUE`: a limit of all invocations together. */
export function collectBudget(text: string, previous: Partial<SharedLimits> = {}): Partial<SharedLimits> {
  return { ...previous, ...parseLimit(text, SHARED_LIMIT_NAMES) };
}

/** `NAME=AMOUNT`: by how much a limit of all invocations together is raised. */
export function collectAmount(text: string, previous: Partial<SharedLimits> = {}): Partial<SharedLimits> {
  return { ...previous, ...parseRefill(text, SHARED_LIMIT_NAMES) };
}

/** `NAME=AMOUNT`: by how much a limit of one invocation is raised. */
export function collectRefill(text: string, previous: Partial<Limits> = {}): Partial<Limits> {
  return { ...previous, ...parseRefill(text, LIMIT_NAMES) };
}

/** `NAME=POLICY`. */
export function collectPolicy(text: string, previous: Policies = {}): Policies {
  const [name, policy] = splitPair(text, SHARED_LIMIT_NAMES);
  const { policies } = LIMITS[name];
  if (policies.includes(policy as Policy)) return { ...previous, [name]: policy };
  throw new InvalidArgumentError(`The policy of ${name} must be one of: ${policies.join(', ') || 'none'}.`);
}

/** The limits of each invocation that were given. */
export function limitsFromFlags({ instructions, memory, wall, limit, policy }: BudgetFlags): LimitOptions {
  return {
    ...(instructions !== undefined && { instructions }),
    ...(memory !== undefined && { memoryBytes: memory }),
    ...(wall !== undefined && { wallTimeMs: wall }),
    ...limit,
    ...(policy !== undefined && { policies: policy }),
  };
}

/**
 * What was given of a function or a tenant. A policy is that of the budget for a limit which only budgets have, or which
 * the budget is given for; of each invocation's limit for one that is given for those, or for neither.
 */
export function tenantOptionsFromFlags(flags: BudgetFlags): TenantOptions {
  const { budget = {}, weight, policy = {} } = flags;
  const limits = limitsFromFlags({ ...flags, policy: {} });
  const isOfBudget = (name: LimitName) => name in budget || LIMITS[name].isShared;
  const pick = (isWanted: (name: LimitName) => boolean): { policies?: Policies } => {
    const policies = Object.entries(policy).filter(([name]) => isWanted(name as LimitName));
    return policies.length === 0 ? {} : { policies: Object.fromEntries(policies) };
  };
  const ofLimits: LimitOptions = { ...omitPolicies(limits), ...pick((name) => name in limits || !isOfBudget(name)) };
  const ofBudget: BudgetOptions = { ...budget, ...pick(isOfBudget) };
  return {
    ...(Object.keys(ofLimits).length > 0 && { limits: ofLimits }),
    ...(Object.keys(ofBudget).length > 0 && { budget: ofBudget }),
    ...(weight !== undefined && { weight }),
  };
}

function omitPolicies({ policies: _, ...limits }: LimitOptions): LimitOptions {
  return limits;
}

function parseLimit(text: string, names: readonly LimitName[]): Record<string, number> {
  const [name, value] = splitPair(text, names);
  return { [name]: value === 'none' ? Number.POSITIVE_INFINITY : amountOf(name, value, LIMITS[name].minimum) };
}

function parseRefill(text: string, names: readonly LimitName[]): Record<string, number> {
  const [name, value] = splitPair(text, names);
  return { [name]: value === 'none' ? Number.POSITIVE_INFINITY : amountOf(name, value, 0) };
}

function amountOf(name: LimitName, value: string, minimum: number): number {
  try {
    return parseAmount(value, dimensionOf(name), minimum);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`${name}: ${error.message} 'none' is no limit.`);
  }
}

/** Limits carry their units in their names. */
function dimensionOf(name: LimitName): Dimension {
  if (name.includes('Bytes')) return 'bytes';
  return name.endsWith('Ms') ? 'time' : 'count';
}

function splitPair(text: string, names: readonly LimitName[]): [name: LimitName, value: string] {
  const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be NAME=VALUE.');
  if (names.includes(name as LimitName)) return [name as LimitName, value];
  throw new InvalidArgumentError(`There is no limit '${name}' (${names.join(', ')}).`);
}
