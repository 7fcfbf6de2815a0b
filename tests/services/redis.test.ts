import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { findRedisServer, startRedis } from './redis.ts';

const accepts = (url: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });

test.skipIf(findRedisServer() === null)('starts a real Redis on loopback and leaves nothing behind', async () => {
  const server = await startRedis();
  expect(await accepts(server.url)).toBe(true);
  await server.stop();
  expect(await accepts(server.url)).toBe(false);
});
