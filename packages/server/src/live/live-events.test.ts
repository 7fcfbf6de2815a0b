import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createClient } from '@imaginarium/client';
import type { Run, RunEvent, RunEventBody } from '@imaginarium/protocol';
import { LIVE } from '@imaginarium/protocol';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aFile } from '../adapters/typeorm/testing/world.ts';
import { createHttpServer } from '../http/http-server.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';
import { attachLiveEvents } from './live-events.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await closeTestApps();
});

async function world() {
  const app = await testApp();
  const owner = await setUpOwner(app);
  const server = createHttpServer(app.app);
  const live = attachLiveEvents(server, app.deps);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  endings.push(() => {
    live.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const workflow = (await owner.call('createWorkflow', { body: { name: 'W', graph: sayGraph() } })).body;
  const startRun = async (): Promise<Run> =>
    (await owner.call('startRun', { params: { id: workflow.id }, body: {} })).body;
  const openOwn = async () => {
    const { id } = (await owner.call('getSession')).body.workspace;
    const stores = app.deps.openWorkspace(id);
    await stores.files.add(aFile('a'));
    return { stores, file: aFile('a') };
  };
  return { ...app, ...owner, url, startRun, openOwn };
}

/** Plays the worker: stores events, then tells them, as the engine does. */
async function worker({ runStore, eventBus }: Awaited<ReturnType<typeof world>>, runId: string) {
  const lease = await runStore.claim(runId, 'test', 60_000);
  if (!lease) throw new Error('nothing to claim');
  let seq = 0;
  return async (...bodies: RunEventBody[]) => {
    const events = bodies.map((body) => ({ ...body, runId, seq: ++seq, at: new Date().toISOString() }) as RunEvent);
    await runStore.checkpoint(lease, { steps: [], events });
    eventBus.publish(events);
  };
}

async function connect(url: string, options: object): Promise<Socket> {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  endings.push(() => socket.disconnect());
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return socket;
}

const log = (message: string): RunEventBody => ({ type: 'log', node: null, level: 'info', message });

describe('the live connection', () => {
  test('tells a person what they have not read and that assets changed, at once and each time', async () => {
    const app = await world();
    const { key } = (await app.call('createApiKey', { body: { name: 'desk' } })).body;
    const heard: number[] = [];
    const { live } = createClient({ baseUrl: app.url, apiKey: key });
    endings.push(live.onUnread((unread) => void heard.push(unread)));
    let changes = 0;
    endings.push(live.onAssets(() => void changes++));
    await expect.poll(() => [heard, changes]).toEqual([[0], 1]);
    const { stores, file } = await app.openOwn();
    const asset = await stores.assets.register({ original: file });
    const run = await app.startRun();
    await app.call('cancelRun', { params: { id: run.id } });
    await expect.poll(() => [heard, changes], { timeout: 8000 }).toEqual([[0, 1], 2]);
    await stores.assets.rename(asset.id, 'Poster');
    await expect.poll(() => changes, { timeout: 8000 }).toBe(3);
  });

  test('tells what happened and what happens, to browsers by session and to programs by key', async () => {
    const app = await world();
    const run = await app.startRun();
    const say = await worker(app, run.id);
    await say({ type: 'run.started' }, log('one'));
    const { key } = (await app.call('createApiKey', { body: { name: 'cli' } })).body;
    const credentials = [
      { extraHeaders: { cookie: app.cookie } },
      { extraHeaders: { cookie: app.cookie }, transports: ['websocket'] },
      { extraHeaders: { authorization: `Bearer ${key}` } },
      { auth: { apiKey: key }, transports: ['websocket'] },
    ];
    const heard = await Promise.all(
      credentials.map(async (credential, index) => {
        const socket = await connect(app.url, credential);
        const seen: number[] = [];
        socket.on(LIVE.events, (events: RunEvent[]) => seen.push(...events.map(({ seq }) => seq)));
        expect(await socket.emitWithAck(LIVE.watch, { runId: run.id, after: index % 2 })).toEqual({ ok: true });
        return seen;
      }),
    );
    await say(log('two'));
    await say(log('three'));
    await expect
      .poll(() => heard)
      .toEqual([
        [1, 2, 3, 4],
        [2, 3, 4],
        [1, 2, 3, 4],
        [2, 3, 4],
      ]);
  });

  test('works with the client of this project, which stops hearing once it stops listening', async () => {
    const app = await world();
    const run = await app.startRun();
    const { key } = (await app.call('createApiKey', { body: { name: 'cli' } })).body;
    const client = createClient({ baseUrl: app.url, apiKey: key });
    const seen: number[] = [];
    const stop = client.live.watchRun(run.id, 0, (events) => seen.push(...events.map(({ seq }) => seq)));
    endings.push(stop);
    const say = await worker(app, run.id);
    for (let index = 0; index < 20; index++) await say(log(`line ${index}`));
    await expect.poll(() => seen.length).toBe(20);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    stop();
    await say(log('unheard'));
    expect(seen).toHaveLength(20);
  });

  test('tells what was stored by somebody who died before telling it', { timeout: 15_000 }, async () => {
    const app = await world();
    const run = await app.startRun();
    const socket = await connect(app.url, { extraHeaders: { cookie: app.cookie } });
    const seen: number[] = [];
    socket.on(LIVE.events, (events: RunEvent[]) => seen.push(...events.map(({ seq }) => seq)));
    await socket.emitWithAck(LIVE.watch, { runId: run.id, after: 0 });
    const say = await worker(app, run.id);
    await say({ type: 'run.started' });
    vi.spyOn(app.eventBus, 'publish').mockImplementationOnce(() => undefined);
    await say({ type: 'run.finished', state: 'succeeded', creditsSpent: 0, error: null });
    await expect.poll(() => seen, { timeout: 8000 }).toEqual([1, 2]);
  });

  test('is refused to nobody, and to pages of other sites', async () => {
    const app = await world();
    const refused = async (options: object) =>
      (await connect(app.url, options).catch((error: Error) => error)) as Error & { data?: unknown };
    for (const options of [
      {},
      { auth: { apiKey: 'img_000000000000000000000000' } },
      { auth: { apiKey: { $gt: '' } } },
      { extraHeaders: { cookie: 'imaginarium.sid=s%3Ax.y' } },
    ]) {
      expect((await refused(options)).data).toEqual({ code: 'not-signed-in' });
    }
    const foreign = await refused({ extraHeaders: { cookie: app.cookie, origin: 'https://evil.example' } });
    expect(foreign).toBeInstanceOf(Error);
    const socketOnly = await refused({
      transports: ['websocket'],
      extraHeaders: { cookie: app.cookie, origin: 'https://evil.example' },
    });
    expect(socketOnly).toBeInstanceOf(Error);
    const elsewhere = io(`${app.url}/admin`, {
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie: app.cookie },
    });
    endings.push(() => elsewhere.disconnect());
    const [error] = (await new Promise((resolve) => elsewhere.once('connect_error', (...all) => resolve(all)))) as [
      Error,
    ];
    expect(error.message).toBe('Invalid namespace');
  });

  test('shows no run of another workspace, and answers nonsense without falling over', async () => {
    const app = await world();
    const run = await app.startRun();
    const say = await worker(app, run.id);
    const { key } = await strangerOf(app);
    const stranger = await connect(app.url, { auth: { apiKey: key } });
    const seen: RunEvent[] = [];
    stranger.on(LIVE.events, (events: RunEvent[]) => seen.push(...events));
    const answer = await stranger.emitWithAck(LIVE.watch, { runId: run.id, after: 0 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'not-found' } });
    await say(log('secret'));
    for (const message of [
      null,
      7,
      'x',
      {},
      { runId: run.id },
      { runId: run.id, after: -1 },
      { runId: '__proto__', after: 0 },
    ]) {
      expect(await stranger.emitWithAck(LIVE.watch, message)).toMatchObject({
        ok: false,
        error: { code: 'bad-request' },
      });
    }
    stranger.emit(LIVE.watch);
    stranger.emit(LIVE.unwatch, { runId: randomUUID() });
    stranger.emit(LIVE.unwatch, 'nothing');
    stranger.emit('unknown', {});
    expect(await stranger.emitWithAck(LIVE.watch, { runId: randomUUID(), after: 0 })).toMatchObject({ ok: false });
    expect(seen).toEqual([]);
  });

  test('is cut off within five seconds of signing out, and of revoking its key', async () => {
    const app = await world();
    const { key, id } = (await app.call('createApiKey', { body: { name: 'cli' } })).body;
    const bySession = await connect(app.url, { extraHeaders: { cookie: app.cookie } });
    const byKey = await connect(app.url, { auth: { apiKey: key } });
    expect((await app.call('deleteApiKey', { params: { id } })).status).toBe(204);
    expect((await app.call('signOut')).status).toBe(204);
    const start = Date.now();
    await Promise.all(
      [bySession, byKey].map(
        (socket) => socket.disconnected || new Promise((resolve) => socket.once('disconnect', resolve)),
      ),
    );
    expect(Date.now() - start).toBeLessThan(5000);
  });

  test('drops who sends too much at once', async () => {
    const app = await world();
    const loud = await connect(app.url, { extraHeaders: { cookie: app.cookie }, transports: ['websocket'] });
    const gone = new Promise((resolve) => loud.once('disconnect', resolve));
    for (let index = 0; index < 300; index++) loud.emit(LIVE.unwatch, {});
    await gone;
    const heavy = await connect(app.url, { extraHeaders: { cookie: app.cookie }, transports: ['websocket'] });
    const cut = new Promise((resolve) => heavy.once('disconnect', resolve));
    heavy.emit(LIVE.watch, 'x'.repeat(1_100_000));
    await cut;
  });
});
