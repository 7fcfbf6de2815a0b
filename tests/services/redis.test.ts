import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { leftOut } from './left-out.ts';
import { findRedisServer, startRedis } from './redis.ts';

const accepts = (url: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });

const missing = leftOut(findRedisServer(), 'Redis is not installed');

test.skipIf(missing)(`starts a real Redis on loopback and leaves nothing behind${missing}`, async () => {
  const server = await startRedis();
  expect(await accepts(server.url)).toBe(true);
  await server.stop();
  expect(await accepts(server.url)).toBe(false);
});
