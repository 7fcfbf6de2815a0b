import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { executeRun, MemoryRunStore, systemClock } from '@imaginarium/engine';
import { aGraph, aNewRun, RunHarness } from '@imaginarium/engine/testing';
import { defineNode, expectOk, port } from '@imaginarium/node-sdk';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GuardedHttp } from './guarded-http.ts';

let url = '';
const ask = defineNode({
  ...{ type: 'test.ask', version: 1, title: 'Ask', summary: 'Asks a service.', group: 'messaging', icon: 'globe' },
  ...{ inputs: {}, outputs: { said: port.text() }, effects: 'idempotent' },
  execute: async ({ http }) => ({ said: new TextDecoder().decode(expectOk(await http.fetch(url)).body) }),
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test('a run that needs a service which is left alone waits without a worker, and goes on when it is there again', async () => {
  let works = false;
  let asked = 0;
  const server = createServer((_req, res) => {
    asked++;
    res.writeHead(works ? 200 : 502).end(works ? 'hello' : 'bad gateway');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const http = new GuardedHttp({ allowed: ['127.0.0.1'], fileLimitBytes: 1000 });
  const { workspaceId } = aNewRun();
  const call = () => http.fetch(workspaceId, url, {}, new AbortController().signal).catch(String);
  for (let count = 0; count < 5; count++) await call();
  // Two tries in vain: the pause is 120 s now.
  for (const seconds of [30, 60]) {
    vi.advanceTimersByTime(seconds * 1000);
    await call();
  }

  const store = new MemoryRunStore(Date.now);
  const { services } = new RunHarness([ask], { http, clock: { ...systemClock, now: Date.now } });
  const graph = aGraph()
    .node('ask', 'test.ask')
    .policy('ask', { retry: { attempts: 3, backoffMs: 1, factor: 2, jitter: false } })
    .build();
  const { run } = await store.accept(aNewRun({ graph, inputs: {} }));
  const turn = async () => {
    const [lease, record] = [await store.claim(run.id, 'test', 60_000), await store.load(run.id)];
    if (!lease || !record) throw new Error('The run could not be claimed.');
    return executeRun(record, lease, { ...services, store }, new AbortController().signal);
  };
  const before = asked;
  expect(await turn()).toEqual({ state: 'waiting', queued: false });
  expect(asked).toBe(before);
  const [wait] = (await store.load(run.id))?.parked?.steps.flatMap((step) => step.waits) ?? [];
  expect(wait?.about).toMatchObject({
    kind: 'retry',
    message: expect.stringMatching(/has failed 5 times in a row; the next try is in 120 s/),
  });
  expect(Date.parse(wait?.dueAt ?? '') - Date.now()).toBe(120_000);

  works = true;
  vi.advanceTimersByTime(120_000);
  await store.waits.answer(wait?.id ?? '', { timeIsUp: true, value: null });
  expect(await turn()).toMatchObject({ state: 'succeeded' });
  expect((await store.load(run.id))?.steps[0]?.outputs.said?.[0]?.value).toBe('hello');
  await http.close();
  server.close();
});
