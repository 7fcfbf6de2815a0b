import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { LogLevel, Run, RunEvent, RunEventBody } from '@imaginarium/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';
import { createHttpServer } from './http-server.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await closeTestApps();
});

async function world() {
  const app = await testApp();
  const owner = await setUpOwner(app);
  const server = createHttpServer(app.app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  endings.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const workflow = (await owner.call('createWorkflow', { body: { name: 'W', graph: sayGraph() } })).body;
  const run: Run = (await owner.call('startRun', { params: { id: workflow.id }, body: {} })).body;
  const { key, id: keyId } = (await owner.call('createApiKey', { body: { name: 'curl' } })).body;
  const lease = await app.runStore.claim(run.id, 'test', 60_000);
  if (!lease) throw new Error('nothing to claim');
  let seq = 0;
  /** Plays the worker: stores events, then tells them, as the engine does. */
  const say = async (...bodies: RunEventBody[]) => {
    const events = bodies.map(
      (body) => ({ ...body, runId: run.id, seq: ++seq, at: new Date().toISOString() }) as RunEvent,
    );
    await app.runStore.checkpoint(lease, { steps: [], events });
    app.eventBus.publish(events);
  };
  const end = async () => {
    const outcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
    const event = { type: 'run.finished', state: 'succeeded', creditsSpent: 0, error: null } as const;
    const events: RunEvent[] = [{ ...event, runId: run.id, seq: ++seq, at: new Date().toISOString() }];
    await app.runStore.settle(lease, outcome, { steps: [], events });
    app.eventBus.publish(events);
  };
  const open = (query = '', headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1/runs/${run.id}/log${query}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
  return { ...app, ...owner, url, run, keyId, say, end, open };
}

const line = (message: string, node: string | null = null, level: LogLevel = 'info'): RunEventBody => ({
  ...{ type: 'log', node, level, message },
});

/** What was told so far, comments left out: name, number and message or state of each event. */
function listen(response: Response): { told: [string, string, string][]; closed: Promise<boolean> } {
  const told: [string, string, string][] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((entry) => entry.split(/: ?(.*)/s).slice(0, 2)));
        if (!fields.event) continue;
        const { message, state } = JSON.parse(fields.data);
        told.push([fields.event, fields.id, message ?? state]);
      }
    }
    return true;
  };
  return { told, closed: read().catch(() => false) };
}

describe('the log of a run', () => {
  test('is told from its beginning, as it is written, and ends with the run', async () => {
    const { say, end, open } = await world();
    await say({ type: 'run.started' }, line('one\ntwo'));
    const response = await open();
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    const { told, closed } = listen(response);
    await expect.poll(() => told).toEqual([['log', '2', 'one\ntwo']]);
    await say(line('three'), { type: 'step.started', node: 'say', items: 1 });
    await say(line('four'));
    await end();
    expect(await closed).toBe(true);
    expect(told).toEqual([
      ['log', '2', 'one\ntwo'],
      ['log', '3', 'three'],
      ['log', '5', 'four'],
      ['end', '6', 'succeeded'],
    ]);
  });

  test('goes on after the last line that was heard, and says when there is nothing more', async () => {
    const { say, end, open } = await world();
    await say(line('one'), line('two'), line('three'));
    await end();
    const { told, closed } = listen(await open('', { 'last-event-id': '2' }));
    expect(await closed).toBe(true);
    expect(told).toEqual([
      ['log', '3', 'three'],
      ['end', '4', 'succeeded'],
    ]);
    expect((await open('', { 'last-event-id': '4' })).status).toBe(204);
    const refused = await open('', { 'last-event-id': 'x' });
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('Last-Event-ID: expected the number of an event, received x'),
    ]);
  });

  test('is told of one node, and of lines that matter', async () => {
    const { say, end, open } = await world();
    const [ofNode, grave] = [listen(await open('?node=say')), listen(await open('?level=warn'))];
    await say(line('mine', 'say', 'debug'), line('its', 'other', 'error'), line('ours'), line('oh', 'say', 'warn'));
    await end();
    await Promise.all([ofNode.closed, grave.closed]);
    const messages = ({ told }: typeof ofNode) => told.map(([, , text]) => text);
    expect([messages(ofNode), messages(grave)]).toEqual([
      ['mine', 'oh', 'succeeded'],
      ['its', 'oh', 'succeeded'],
    ]);
    expect((await open('?level=loud')).status).toBe(400);
  });

  test('is shown to nobody else', async () => {
    const app = await world();
    const { key } = await strangerOf(app);
    expect((await app.open('', { authorization: `Bearer ${key}` })).status).toBe(404);
    expect((await app.open('', { authorization: 'Bearer img_000000000000000000000000' })).status).toBe(401);
  });

  test('is cut off within five seconds of revoking the key, and ends with a run that ended unheard', {
    timeout: 30_000,
  }, async () => {
    const { open, call, keyId, say, run, runStore } = await world();
    await say(line('one'));
    const { told, closed } = listen(await open());
    await expect.poll(() => told.length).toBe(1);
    await call('deleteApiKey', { params: { id: keyId } });
    const start = Date.now();
    expect(await closed).toBe(false);
    expect(Date.now() - start).toBeLessThan(5000);
    const other = (await call('createApiKey', { body: { name: 'other' } })).body;
    const second = listen(await open('', { authorization: `Bearer ${other.key}` }));
    await expect.poll(() => second.told.length).toBe(1);
    const lease = { runId: run.id, token: 1 };
    await runStore.settle(
      lease,
      { state: 'cancelled', creditsSpent: 0, error: null, cover: null },
      { steps: [], events: [] },
    );
    expect(await second.closed).toBe(true);
    expect(second.told.at(-1)).toEqual(['end', undefined, 'cancelled']);
  });

  test('is followed by so many at once and no more', { timeout: 30_000 }, async () => {
    const { open } = await world();
    const controllers = await Promise.all(Array.from({ length: 50 }, () => open()));
    expect(controllers.every(({ status }) => status === 200)).toBe(true);
    const refused = await open();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    await controllers[0]?.body?.cancel();
    await expect.poll(async () => (await open()).status, { interval: 100 }).toBe(200);
  });
});
