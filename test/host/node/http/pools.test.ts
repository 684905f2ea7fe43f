// Pools of connections last as long as somebody may use them again.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConnector } from 'undici';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MakeConnector, Pools } from '../../../../host/node/http/pools';
import { until } from '../../../support/condition';

const REQUEST = { path: '/', method: 'GET' } as const;

test('a pool whose only request was refused a connection ends', async () => {
  const pools = new Pools(1000);
  const refuse: MakeConnector = () => (_, callback) => callback(new Error('refused'), null);
  const owner = {};
  const pool = pools.poolFor(owner, 'http://a.example', refuse);
  await pool.request(REQUEST).catch(() => {});
  assert.not(pool.destroyed, 'the request is not over yet');
  pools.release(pool, false);
  assert.ok(pool.destroyed);
  assert.is.not(pools.poolFor(owner, 'http://a.example', refuse), pool);
});

test('a pool with a connection is used again, and ends with it', async () => {
  const server = createServer((_, response) => response.end('x')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pools = new Pools(60_000);
  const connect: MakeConnector = () => buildConnector({});
  const owner = {};
  const pool = pools.poolFor(owner, origin, connect);
  const { body } = await pool.request(REQUEST);
  await body.text();
  pools.release(pool, false);
  assert.is(pools.poolFor(owner, origin, connect), pool);
  pools.release(pool, false);
  assert.not(pool.destroyed);
  server.closeAllConnections();
  await until(() => pool.destroyed, 'its end');
  server.close();
});

test.run();
