import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { leftOut } from './left-out.ts';
import { findPostgresBinaries, startPostgres } from './postgres.ts';

const accepts = (url: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });

const missing = leftOut(findPostgresBinaries(), 'PostgreSQL is not installed');

test.skipIf(missing)(`starts a real server on loopback and leaves nothing behind${missing}`, async () => {
  const server = await startPostgres();
  expect(await accepts(server.url)).toBe(true);
  await server.stop();
  expect(await accepts(server.url)).toBe(false);
  expect(existsSync(`/tmp/.s.PGSQL.${new URL(server.url).port}`)).toBe(false);
});
