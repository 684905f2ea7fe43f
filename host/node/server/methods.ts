// What each method does. Parameters have passed their schema; what is thrown becomes the answer's error.
import { CAPABILITIES, type DeployedFunction } from '../../core/index';
import { METHODS, type MethodName, type Params, type Result, SUBPROTOCOL } from '../../protocol/index';
import { VERSION } from '../version';
import type { Connection, RequestId } from './connection';
import { EXECUTION_HANDLERS } from './execution-handlers';
import { budgetOf, LEVEL_HANDLERS } from './level-handlers';
import { limitReached } from './request-error';
import { limitsToWire } from './wire-values';
import { executeWork, topicOf } from './works';

/** What a method does with parameters that have passed their schema. */
export type Handler<M extends MethodName> = (
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
  execute: (connection, params, id) => {
    connection.execute(id, executeWork(connection, params));
    return undefined;
  },
  cancel: (connection, { request }) => ({ cancelled: connection.cancel(request) }),
  list: ({ service }, { tenant }) => ({
    functions: service.store
      .tenant(tenant)
      .list()
      .map(({ limits, capabilities, ...others }) => ({
        ...others,
        limits: limitsToWire(limits),
        capabilities: [...capabilities],
      })),
  }),
  describe: ({ service }, { tenant, name }) => {
    const fn = service.store.get(tenant, name);
    return { ...describe(fn), policies: fn.policies, ...budgetOf(fn) };
  },
  remove: ({ service }, { tenant, name }) => ({ removed: service.store.remove(tenant, name) }),
  subscribe: (connection, { tenant, name }) => {
    const { service, subscribed } = connection;
    service.store.get(tenant, name);
    const limit = service.limits.subscriptions;
    if (subscribed.size >= limit) {
      throw limitReached('connection.subscriptions', 'subscriptions', limit, subscribed.size + 1);
    }
    const subscription = service.subscriptions.add(topicOf(tenant, name), name, connection);
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
  ...EXECUTION_HANDLERS,
  ...LEVEL_HANDLERS,
};

function describe({ name, language, id, limits, capabilities, diagnostics }: DeployedFunction): Result<'deploy'> {
  return { name, language, id, limits: limitsToWire(limits), capabilities, diagnostics: [...diagnostics] };
}
