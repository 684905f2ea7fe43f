// The API's shapes to messages.
import { CrossingError, type Limits, type SharedLimits } from '../../vm/index';
import type { DeployOptions, ExecuteOptions, HttpRule, RestoreOptions, TenantOptions } from '../core/index';
import {
  type BudgetOptions,
  checkBudget,
  checkRefill,
  checkWeight,
  DEFAULT_LIMITS,
  type LimitOptions,
  mergeLimits,
} from '../core/limits';
import { toPlain } from '../core/plain-values';
import { textCodec } from '../core/text';
import { decodeBase64, encodeBase64 } from '../protocol/base64';
import type { Params, WireAllLimits, WireAmounts, WireBudget, WireLimits } from '../protocol/index';
import { encodeTagged, needsTags } from '../protocol/tagged-values';

type TextOrBytes = string | { base64: string };

export function bytesToWire(bytes: Uint8Array): { base64: string } {
  return { base64: encodeBase64(bytes) };
}

export function textOrBytesToWire(value: string | Uint8Array): TextOrBytes {
  return typeof value === 'string' ? value : bytesToWire(value);
}

/** Infinity, no limit, is null in messages: what JSON makes of it by itself. Throws RangeError as host.deploy does. */
export function limitsToWire(limits: LimitOptions): WireLimits {
  mergeLimits(DEFAULT_LIMITS, limits);
  return limits;
}

export function budgetToWire(budget: BudgetOptions): WireBudget {
  checkBudget(budget);
  return budget;
}

export function amountsToWire(more: Partial<SharedLimits>): WireAmounts {
  return checkRefill(more);
}

export function limitsFromWire<L extends Limits>(limits: WireAllLimits<L>): L {
  const entries = Object.entries(limits).map(([name, value]) => [name, value ?? Number.POSITIVE_INFINITY]);
  return Object.fromEntries(entries);
}

/** Of a tenant. Throws RangeError. */
export function tenantToWire({ limits, budget, weight }: TenantOptions): Omit<Params<'tenant.set'>, 'name'> {
  return {
    ...(limits !== undefined && { limits: limitsToWire(limits) }),
    ...(budget !== undefined && { budget: budgetToWire(budget) }),
    ...(weight !== undefined && { weight: checkWeight(weight) }),
  };
}

/** Throws TypeError for what cannot cross: host functions, and files that are found when they are asked for. */
export function deployToWire(options: DeployOptions): Params<'deploy'> {
  const { name, language, source, module, fileName, warnings, files } = options;
  const { functions, capabilities, http, invoke, initialise } = options;
  if (functions !== undefined && Object.keys(functions).length > 0) {
    throw new TypeError('host functions cannot be deployed to a server');
  }
  if (http?.privateAddresses !== undefined) {
    throw new TypeError('a server grants addresses of its own network itself: see `gazelle serve --private-address`');
  }
  if (typeof files === 'function') throw new TypeError('files for a server must be an object of path and contents');
  return {
    name,
    ...(language !== undefined && { language }),
    ...(source !== undefined && { source: textOrBytesToWire(source) }),
    ...(module !== undefined && { module: bytesToWire(module) }),
    ...(fileName !== undefined && { fileName }),
    ...(warnings !== undefined && { warnings: [...warnings] }),
    ...(files !== undefined && { files: filesToWire(files) }),
    ...tenantToWire(options),
    ...(capabilities !== undefined && { capabilities: [...capabilities] }),
    ...(http !== undefined && { http: { allow: http.allow.map(ruleToWire) } }),
    ...(invoke !== undefined && { invoke: [...invoke] }),
    ...(initialise !== undefined && { initialise }),
  };
}

function ruleToWire({ host, port, methods }: HttpRule): { host: string; port?: number; methods?: string[] } {
  return { host, ...(port !== undefined && { port }), ...(methods !== undefined && { methods: [...methods] }) };
}

function filesToWire(files: Readonly<Record<string, string | Uint8Array>>): Record<string, TextOrBytes> {
  return Object.fromEntries(Object.entries(files).map(([path, contents]) => [path, textOrBytesToWire(contents)]));
}

/** What of a call is known at once: all but stdin. Throws TypeError, RangeError, and CrossingError for the argument. */
export function callToWire(
  address: { readonly tenant?: string; readonly name: string },
  argument: unknown,
  { args, limits, weight }: ExecuteOptions,
): Params<'execute'> {
  if (argument !== undefined && args !== undefined) {
    throw new TypeError('a call takes an argument or a list of args, not both');
  }
  if (args !== undefined && (!Array.isArray(args) || args.some((arg) => typeof arg !== 'string'))) {
    throw new TypeError('args must be a list of strings');
  }
  return {
    ...address,
    ...(argument !== undefined && argumentToWire(argument)),
    ...(args !== undefined && { args: [...args] }),
    ...(limits !== undefined && { limits: limitsToWire(limits) }),
    ...(weight !== undefined && { weight: checkWeight(weight) }),
  };
}

/** How an execution goes on, but for its input. Throws RangeError. */
export function continuationToWire({ limits, weight, suspended }: RestoreOptions): Omit<Params<'fork'>, 'request'> {
  return {
    output: true,
    ...(limits !== undefined && { limits: limitsToWire(limits) }),
    ...(weight !== undefined && { weight: checkWeight(weight) }),
    ...(suspended === true && { suspended }),
  };
}

function argumentToWire(argument: unknown): { argument: unknown; tagged?: true } {
  // 0 may be -0, which JSON lacks.
  if (typeof argument === 'boolean' || (Number.isSafeInteger(argument) && argument !== 0)) return { argument };
  // Refuses here what the host would refuse: functions, cycles, objects of classes, too much.
  toPlain(argument);
  return needsTags(argument) ? { argument: encodeTagged(argument), tagged: true } : { argument };
}

export { CrossingError };

/** Throws TypeError for anything that is no input. */
export async function stdinToWire(stdin: NonNullable<ExecuteOptions['stdin']>): Promise<TextOrBytes> {
  if (typeof stdin === 'string' || stdin instanceof Uint8Array) return textOrBytesToWire(stdin);
  const pieces: Uint8Array[] = [];
  for await (const piece of stdin) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('stdin gave something that is no Uint8Array');
    pieces.push(piece);
  }
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return { base64: encodeBase64(bytes) };
}

export function chunkBytes({ text, base64 }: { text?: string | undefined; base64?: string | undefined }): Uint8Array {
  if (text !== undefined) return textCodec.encode(text);
  const bytes = decodeBase64(base64 ?? '');
  if (bytes === null) throw new TypeError('a piece of output is no base64');
  return bytes;
}
