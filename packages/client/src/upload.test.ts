import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { startServer } from './testing/start-server.ts';
import type { UploadContent, UploadProgress } from './upload.ts';

const file = {
  id: 'a'.repeat(64),
  kind: 'image',
  mime: 'image/png',
  bytes: 3,
  name: 'me.png',
  createdAt: '2026-11-21T10:00:00.000Z',
};
const bytes = new Uint8Array(600_000).map((_, index) => index % 251);
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serverWith(status = 201, body: unknown = file) {
  const server = await startServer(() => ({ status, body }));
  stops.push(server.stop);
  return { server, client: createClient({ baseUrl: server.url }) };
}

async function* pieces() {
  yield bytes.subarray(0, 250_000);
  yield bytes.subarray(250_000);
}

const contents: [what: string, content: () => UploadContent, known: boolean][] = [
  ['bytes', () => bytes, true],
  ['a blob', () => new Blob([bytes]), true],
  ['a stream', () => new Blob([bytes]).stream(), false],
  ['an iterable', pieces, false],
];

test.each(contents)('uploads %s whole and tells how far it is', async (_what, content, known) => {
  const { server, client } = await serverWith();
  const told: UploadProgress[] = [];
  const answer = await client.uploadFile(content(), { name: 'süß & klein.png', onProgress: (now) => told.push(now) });

  expect(answer).toEqual(file);
  const [request] = server.received;
  expect(request?.url).toBe(`/api/v1/files?name=${new URLSearchParams({ n: 'süß & klein.png' }).toString().slice(2)}`);
  expect(request?.bytes.equals(bytes)).toBe(true);
  expect(told.at(-1)).toEqual(known ? { sentBytes: 600_000, totalBytes: 600_000 } : { sentBytes: 600_000 });
  expect(told.map(({ sentBytes }) => sentBytes)).toEqual(told.map(({ sentBytes }) => sentBytes).sort((a, b) => a - b));
});

test('uploads without asking for progress', async () => {
  const { server, client } = await serverWith();
  await client.uploadFile(bytes, { name: 'me.png' });
  expect(server.received[0]?.bytes.equals(bytes)).toBe(true);
});

test('gives the server’s own words when it refuses a file', async () => {
  const { client } = await serverWith(422, {
    error: { code: 'bad-file', message: 'me.png: expected a picture, got text.', requestId: 'req_2' },
  });
  await expect(client.uploadFile(bytes, { name: 'me.png' })).rejects.toMatchObject({
    code: 'bad-file',
    message: 'me.png: expected a picture, got text.',
  });
});

test('stops an upload with the reason of its signal', async () => {
  const { client } = await serverWith();
  const stop = new AbortController();
  const reason = new Error('changed my mind');
  const endless = async function* () {
    for (;;) {
      yield new Uint8Array(64_000);
      stop.abort(reason);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await expect(client.uploadFile(endless(), { name: 'endless.bin', signal: stop.signal })).rejects.toBe(reason);
});
