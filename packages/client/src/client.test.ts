import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { type Answer, type Received, startServer } from './testing/start-server.ts';

const id = '018f2f65-7a3b-7c4d-8e5f-0123456789ab';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function clientOf(answer: (request: Received) => Answer | undefined, apiKey?: string) {
  const server = await startServer(answer);
  stops.push(server.stop);
  return { client: createClient({ baseUrl: server.url, ...(apiKey ? { apiKey } : {}) }), server };
}

test('fills the path, the query and the body of a route, and answers what the server says', async () => {
  const { client, server } = await clientOf(({ method }) => ({
    body: method === 'GET' ? { runs: [], nextCursor: null } : {},
  }));
  const answer = await client.call('listRuns', { query: { state: 'failed', limit: 5, cursor: undefined } });
  await client.call('saveDraft', { params: { id }, body: { graph: { schema: 1 }, revision: 3 } });

  expect(answer).toEqual({ runs: [], nextCursor: null });
  expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /api/v1/runs?state=failed&limit=5',
    `PUT /api/v1/workflows/${id}/draft`,
  ]);
  expect(server.received[1]?.headers['content-type']).toBe('application/json');
  expect(JSON.parse(String(server.received[1]?.bytes))).toEqual({ graph: { schema: 1 }, revision: 3 });
});

test('answers nothing for a route without an answer', async () => {
  const { client } = await clientOf(() => ({ status: 204 }));
  expect(await client.call('signOut')).toBeUndefined();
});

test('sends the API key and the idempotency key', async () => {
  const { client, server } = await clientOf(() => ({ status: 202, body: {} }), 'imk_secret');
  await client.call('startRun', { params: { id }, body: {} }, { idempotencyKey: 'order-7' });
  expect(server.received[0]?.headers).toMatchObject({
    authorization: 'Bearer imk_secret',
    'idempotency-key': 'order-7',
  });
});

test('turns a refusal into an ApiError with everything the server said', async () => {
  const { client } = await clientOf(() => ({
    status: 409,
    body: {
      error: { code: 'draft-conflict', message: 'Somebody saved since.', details: { revision: 4 }, requestId: 'req_1' },
    },
  }));
  const error = await client.call('getWorkflow', { params: { id } }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: 'draft-conflict',
    message: 'Somebody saved since.',
    details: { revision: 4 },
    requestId: 'req_1',
    status: 409,
  });
});

test('says so when something that does not speak the API answers', async () => {
  const { client } = await clientOf(() => ({ status: 502, text: '<h1>Bad gateway</h1>' }));
  const bad = await client.call('getSession').catch((reason: unknown) => reason);
  expect(bad).toMatchObject({ code: 'unexpected-answer', status: 502, requestId: '' });

  const { client: other } = await clientOf(() => ({ text: '<h1>Welcome</h1>' }));
  await expect(other.call('getSession')).rejects.toMatchObject({ code: 'unexpected-answer', status: 200 });
});

test('turns a broken line into a ConnectionError that names the server', async () => {
  const { client, server } = await clientOf(() => undefined);
  const error = await client.call('getSession').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectionError);
  expect((error as Error).message).toContain(server.url);
});

test('rejects with the reason of the signal that stopped the call', async () => {
  const { client } = await clientOf(() => ({ body: {} }));
  const reason = new Error('left the page');
  await expect(client.call('getSession', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('gives the addresses of files, thumbnails and tiles', () => {
  const client = createClient({ baseUrl: 'http://localhost:4680/' });
  const file = 'a'.repeat(64);
  expect(client.fileUrl(file)).toBe(`http://localhost:4680/api/v1/files/${file}/content`);
  expect(client.fileUrl(file, { download: true, name: 'Autumn & co.zip' })).toBe(
    `http://localhost:4680/api/v1/files/${file}/content?download=1&name=Autumn+%26+co.zip`,
  );
  expect(client.thumbnailUrl(file, 160)).toBe(`http://localhost:4680/api/v1/files/${file}/thumbnail?size=160`);
  expect(client.tilesUrl(file)).toBe(`http://localhost:4680/api/v1/files/${file}/tiles/`);
});
