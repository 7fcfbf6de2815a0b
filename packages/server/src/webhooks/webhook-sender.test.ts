import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GuardedHttp } from '../adapters/http/guarded-http.ts';
import { SqlWebhookOutbox } from '../adapters/typeorm/assets/webhook-outbox.ts';
import { type ScratchKind, scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { seedVersion } from '../adapters/typeorm/testing/seed.ts';
import { aFile, openWorld, type World } from '../adapters/typeorm/testing/world.ts';
import { signatureProblem } from '../triggers/verify-signature.ts';
import { WEBHOOK_PAUSES_MS, WebhookSender } from './webhook-sender.ts';

const KEY = Buffer.alloc(32, 7);
const [sqlite] = scratchKinds(null) as [ScratchKind];

let world: World;
/** Milliseconds since 1970, as the outbox and signatures have it. */
let now: number;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  world = await openWorld(sqlite);
  now = Date.now();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await world.remove();
});

/** An application that is called, and answers with one status after the other, the last one for ever. */
async function receiver(...statuses: number[]) {
  const came: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer(async (req, res) => {
    came.push({ headers: req.headers, body: await buffer(req) });
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    if (status === 429) res.setHeader('retry-after', '3600');
    res.writeHead(status ?? 200).end('told');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { came, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

/** A delivery that is due, and a sender. */
async function place(url: string, allowed = ['127.0.0.1']) {
  const { stores, workspaceId } = await world.openOne();
  await stores.files.add(aFile('a'));
  const asset = await stores.assets.register({ original: aFile('a') });
  const versionId = await seedVersion(world.database, { workspaceId, assetId: asset.id, file: aFile('a') });
  const body = JSON.stringify({ type: 'upscale.ended', data: { name: 'Grüße' } });
  await world.database.write(
    ({ sql }) => sql`
      INSERT INTO webhook_delivery (id, workspace_id, version_id, url, body, state, next_at)
      VALUES (${versionId}, ${workspaceId}, ${versionId}, ${url}, ${body}, 'due', ${new Date(now).toISOString()})`,
  );
  const http = new GuardedHttp({ allowed, fileLimitBytes: 1000 });
  closing.push(() => http.close());
  const log = { warn: () => undefined, error: (data: object) => expect(data).toBeUndefined() };
  const outbox = new SqlWebhookOutbox(world.database, () => now);
  const sender = new WebhookSender({ outbox, http, keyOf: () => KEY, log, now: () => now });
  const state = async () => (await stores.upscales.get(versionId))?.webhook;
  return { id: versionId, body, sender, state };
}

test('a receiver that fails twice is told a third time: signed anew, under the same id, the same bytes', async () => {
  const { came, url } = await receiver(500, 404, 204);
  const { id, body, sender, state } = await place(url);
  await sender.look();
  expect(await state()).toMatchObject({
    state: 'due',
    attempts: 1,
    error: expect.stringContaining('answered 500: told'),
  });
  await sender.look();
  expect(came).toHaveLength(1);
  now += WEBHOOK_PAUSES_MS[0] ?? 0;
  await sender.look();
  now += WEBHOOK_PAUSES_MS[1] ?? 0;
  await sender.look();
  expect(await state()).toMatchObject({ state: 'sent', attempts: 3, nextAt: null, error: null });
  now += 86_400_000;
  await sender.look();
  expect(came.map(({ headers }) => headers['webhook-id'])).toEqual([id, id, id]);
  expect(new Set(came.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
  for (const { headers, body: bytes } of came) {
    expect(bytes.toString()).toBe(body);
    const [timestamp, signature] = [String(headers['webhook-timestamp']), String(headers['webhook-signature'])];
    expect(signatureProblem({ id, timestamp, signature, body: bytes }, KEY, Number(timestamp) * 1000)).toBeUndefined();
    const changed = Buffer.concat([bytes, Buffer.from(' ')]);
    expect(signatureProblem({ id, timestamp, signature, body: changed }, KEY, now)).toContain('webhook-');
  }
});

test('a receiver that never takes it is given up after a day, and that can be seen', async () => {
  const { came, url } = await receiver(400);
  const { sender, state } = await place(url);
  for (const pause of [0, ...WEBHOOK_PAUSES_MS, 86_400_000]) {
    now += pause;
    await sender.look();
  }
  expect(came).toHaveLength(WEBHOOK_PAUSES_MS.length + 1);
  expect(await state()).toMatchObject({ state: 'dead', error: expect.stringContaining('answered 400') });
});

test('a receiver that asks for time gets it, and one that says it is gone is left alone', async () => {
  const { came, url } = await receiver(429, 410);
  const { sender, state } = await place(url);
  await sender.look();
  now += WEBHOOK_PAUSES_MS[0] ?? 0;
  await sender.look();
  expect(came).toHaveLength(1);
  now += 3_600_000;
  await sender.look();
  expect(await state()).toMatchObject({ state: 'dead', attempts: 2, error: expect.stringContaining('answered 410') });
});

test('an address of a private network is not called, and that is said at once', async () => {
  const { came, url } = await receiver(200);
  const { sender, state } = await place(url, []);
  await sender.look();
  expect(await state()).toMatchObject({ state: 'dead', error: expect.stringContaining('IMAGINARIUM_HTTP_ALLOW') });
  expect(came).toEqual([]);
});

test('a server that stops lets go of what it was sending, and another one sends it', async () => {
  const hanging = createServer(() => undefined);
  hanging.listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  closing.push(() => {
    hanging.closeAllConnections();
    hanging.close();
  });
  const { sender, state } = await place(`http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`);
  const asked = once(hanging, 'request');
  sender.start();
  await asked;
  await sender.stop();
  expect(await state()).toMatchObject({ state: 'due', attempts: 1 });
});
