// What the requests `execute`, `restore` and `fork` start: their parameters as the API's calls.
import type { DeployedFunction, ExecuteOptions, RestoreOptions } from '../../core/index';
import { decodeTagged, type Params, TagError } from '../../protocol/index';
import type { Connection } from './connection';
import type { Work } from './execute-request';
import { decodeLong, lengthOfBase64 } from './long-bytes';
import { limitReached, RequestError } from './request-error';
import { DEFAULT_TENANT } from './store';
import { limitsFromWire, textOrBytesOf } from './wire-values';

/** How subscribers know a function. */
export function topicOf(tenant: string = DEFAULT_TENANT, name: string): string {
  return `${tenant}/${name}`;
}

/** Throws RequestError. */
export function executeWork({ service }: Connection, params: Params<'execute'>): Work {
  const { tenant, name, count, output } = params;
  const fn = service.store.get(tenant, name);
  const argument = argumentOf(params);
  const options = callOptionsOf(params);
  return {
    topic: topicOf(tenant, name),
    count,
    isSent: output === true,
    start: (watch) => fn.execute(argument, { ...options, ...watch }),
  };
}

/** Throws RequestError. */
export function restoreWork({ service }: Connection, params: Params<'restore'>): Work {
  const { tenant: tenantName, snapshot: given, output } = params;
  const tenant = service.store.tenant(tenantName);
  checkSnapshotSize(lengthOfBase64(given.base64), service.limits);
  const options = continuationOf(params);
  // Nobody has subscribed to it before it is known whose it is.
  let topic = '';
  const found = ({ name }: DeployedFunction) => {
    topic = topicOf(tenantName, name);
  };
  return {
    get topic() {
      return topic;
    },
    count: undefined,
    isSent: output === true,
    start: (watch) => tenant.restoreFrom(decodeLong(given.base64, 'snapshot'), { ...options, ...watch }, found),
  };
}

/** Throws RequestError. */
export function forkWork(connection: Connection, params: Params<'fork'>): Work {
  const { execution, topic } = connection.find(params);
  checkSnapshotSize(execution.memoryBytes, connection.service.limits);
  const options = continuationOf(params);
  return {
    topic,
    count: undefined,
    isSent: params.output === true,
    start: (watch) => execution.fork({ ...options, ...watch }),
  };
}

/** Throws RequestError `snapshot.size`. */
export function checkSnapshotSize(length: number, { snapshotBytes }: { readonly snapshotBytes: number }): void {
  if (length > snapshotBytes) throw limitReached('snapshot.size', 'snapshot_bytes', snapshotBytes, length);
}

/** The argument without its tags. */
function argumentOf({ argument, args, tagged }: Params<'execute'>): unknown {
  if (argument !== undefined && args !== undefined) {
    throw new RequestError('params.invalid', 'a call takes an argument or args, not both');
  }
  if (tagged !== true) return argument;
  try {
    return decodeTagged(argument);
  } catch (error) {
    if (!(error instanceof TagError)) throw error;
    throw new RequestError('params.invalid', `argument: ${error.message}`);
  }
}

function callOptionsOf({ args, limits, weight, stdin }: Params<'execute'>): ExecuteOptions {
  return {
    ...(args !== undefined && { args }),
    ...(limits !== undefined && { limits: limitsFromWire(limits) }),
    ...(weight !== undefined && { weight }),
    ...(stdin !== undefined && { stdin: textOrBytesOf(stdin, 'stdin') }),
  };
}

function continuationOf({ limits, weight, stdin, suspended }: Params<'fork'> | Params<'restore'>): RestoreOptions {
  return {
    ...(limits !== undefined && { limits: limitsFromWire(limits) }),
    ...(weight !== undefined && { weight }),
    ...(stdin !== undefined && { stdin: textOrBytesOf(stdin, 'stdin') }),
    ...(suspended === true && { suspended }),
  };
}
