import type { RunEvent } from '@imaginarium/protocol';
import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from './client.ts';
import type { ApiError } from './errors.ts';
import { startServer } from './testing/start-server.ts';

const runId = '018f2f65-7a3b-7c4d-8e5f-0123456789ab';
const stops: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const eventNumber = (seq: number): RunEvent => ({
  type: 'log',
  runId,
  seq,
  at: '2026-11-21T10:00:00.000Z',
  node: null,
  level: 'info',
  message: `line ${seq}`,
});
const numbered = (...seqs: number[]) => seqs.map(eventNumber);

/** A server that has stored the events up to a number and answers with them when asked. */
async function follow(after: number) {
  const store = { upTo: 0, asked: [] as number[], failures: 0 };
  const server = await startServer(({ url }) => {
    const from = Number(new URL(url, 'http://x').searchParams.get('after'));
    store.asked.push(from);
    if (store.failures-- > 0) return undefined;
    return {
      body: { events: numbered(...Array.from({ length: Math.max(0, store.upTo - from) }, (_, i) => from + i + 1)) },
    };
  });
  stops.push(server.stop);
  const { live } = createClient({ baseUrl: server.url });
  const seen: number[] = [];
  const states: string[] = [];
  const refused = vi.fn<(error: ApiError) => void>();
  live.onStateChange((state) => states.push(state));
  const stop = live.watchRun(runId, after, (events) => seen.push(...events.map(({ seq }) => seq)), {
    onRefused: refused,
  });
  stops.push(stop);
  return { server, store, live, seen, states, refused, stop };
}

test('delivers events in order, each once, however they arrive', async () => {
  const { server, seen } = await follow(0);
  await vi.waitFor(() => expect(server.watches).toHaveLength(1));
  expect(server.watches[0]?.watch).toEqual({ runId, after: 0 });
  server.send(numbered(1, 2));
  server.send(numbered(2, 3));
  server.send(numbered(3, 4, 5));
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3, 4, 5]));
});

test('fetches what is missing before it delivers what came too early', async () => {
  const { server, store, seen } = await follow(2);
  await vi.waitFor(() => expect(server.watches).toHaveLength(1));
  store.upTo = 6;
  server.send(numbered(6));
  await vi.waitFor(() => expect(seen).toEqual([3, 4, 5, 6]));
  expect(store.asked).toEqual([2]);
});

test('asks again when what is missing could not be fetched', async () => {
  const { server, store, seen } = await follow(0);
  await vi.waitFor(() => expect(server.watches).toHaveLength(1));
  Object.assign(store, { upTo: 3, failures: 1 });
  server.send(numbered(3));
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3]), 3000);
  expect(store.asked.length).toBeGreaterThan(1);
});

test('goes on from the last event it saw after the line was lost', async () => {
  const { server, seen, states } = await follow(0);
  await vi.waitFor(() => expect(server.watches).toHaveLength(1));
  server.send(numbered(1, 2, 3));
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3]));
  server.cutLines();
  await vi.waitFor(() => expect(server.watches).toHaveLength(2), 5000);
  expect(server.watches[1]?.watch).toEqual({ runId, after: 3 });
  server.send(numbered(4));
  await vi.waitFor(() => expect(seen).toEqual([1, 2, 3, 4]));
  expect(states).toEqual(['connecting', 'connected', 'connecting', 'connected']);
});

test('hears nothing after it was stopped, and closes the line with the last watch', async () => {
  const { server, seen, stop, live, states } = await follow(0);
  await vi.waitFor(() => expect(server.watches).toHaveLength(1));
  stop();
  server.send(numbered(1));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(seen).toEqual([]);
  expect(live.state).toBe('idle');
  expect(states.at(-1)).toBe('idle');
});

test('tells when the server refuses a run', async () => {
  const server = await startServer(() => ({ body: {} }));
  stops.push(server.stop);
  server.refuseWatches('not-found');
  const { live } = createClient({ baseUrl: server.url });
  const error = await new Promise<ApiError>((onRefused) => live.watchRun(runId, 0, () => {}, { onRefused }));
  expect(error).toMatchObject({ code: 'not-found', status: 404, message: 'There is no such run.' });
  expect(live.state).toBe('idle');
});

test('tells when the server refuses the whole line', async () => {
  const server = await startServer(() => ({ body: {} }));
  stops.push(server.stop);
  server.refuseLines();
  const { live } = createClient({ baseUrl: server.url });
  const error = await new Promise<ApiError>((onRefused) => live.watchRun(runId, 0, () => {}, { onRefused }));
  expect(error).toMatchObject({ code: 'not-signed-in', status: 401 });
});
