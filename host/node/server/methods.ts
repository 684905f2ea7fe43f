// What each method does. Parameters have passed their schema; what is thrown becomes the answer's error.
import { CAPABILITIES, type DeployedFunction } from '../../core/index';
import { METHODS, type MethodName, type Params, type Result, SUBPROTOCOL } from '../../protocol/index';
import { VERSION } from '../version';
import type { Connection, RequestId } from './connection';
import { ExecuteRequest } from './execute-request';
import { limitReached } from './request-error';
import { limitsToWire } from './wire-values';

type Handler<M extends MethodName> = (
  connection: Connection,
  params: Params<M>,
  id: RequestId,
) => Result<M> | Promise<Result<M>> | undefined;

/** By method. Undefined: the answer comes later, and not from here. */
export const HANDLERS: { readonly [M in MethodName]: Handler<M> } = {
  initialize: ({ service }) => {
    const { languages, limits } = service.store.host;
    return {
      server: { name: 'gazelle', version: VERSION },
      protocol: SUBPROTOCOL,
      methods: Object.keys(METHODS),
      languages: languages.names.map((name) => ({ name, extensions: [...languages.find(name)!.frontend.extensions] })),
      capabilities: [...CAPABILITIES],
      limits: service.limits,
      functionLimits: limitsToWire(limits),
    };
  },
  deploy: async ({ service }, params) => describe(await service.store.deploy(params)),
  execute,
  cancel: (connection, { request }) => ({ cancelled: connection.cancel(request) }),
  list: ({ service }) => ({
    functions: service.store.host.list().map(({ limits, capabilities, ...others }) => ({
      ...others,
      limits: limitsToWire(limits),
      capabilities: [...capabilities],
    })),
  }),
  describe: ({ service }, { name }) => describe(service.store.get(name)),
  remove: ({ service }, { name }) => ({ removed: service.store.remove(name) }),
  subscribe: (connection, { name }) => {
    const { service, subscribed } = connection;
    service.store.get(name);
    const limit = service.limits.subscriptions;
    if (subscribed.size >= limit) {
      throw limitReached('connection.subscriptions', 'subscriptions', limit, subscribed.size + 1);
    }
    const subscription = service.subscriptions.add(name, connection);
    subscribed.set(subscription.id, subscription);
    return { subscription: subscription.id };
  },
  unsubscribe: ({ service, subscribed }, { subscription: id }) => {
    const subscription = subscribed.get(id);
    if (subscription === undefined) return { unsubscribed: false };
    service.subscriptions.remove(subscription);
    subscribed.delete(id);
    return { unsubscribed: true };
  },
};

function describe({ name, language, id, limits, capabilities, diagnostics }: DeployedFunction): Result<'describe'> {
  return { name, language, id, limits: limitsToWire(limits), capabilities, diagnostics: [...diagnostics] };
}

function execute(connection: Connection, params: Params<'execute'>, id: RequestId): undefined {
  const fn = connection.service.store.get(params.name);
  connection.execute(ExecuteRequest.of(connection, id, fn, params));
}
