import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileRefusedError, MemoryFileStore } from '@imaginarium/engine';
import supertest from 'supertest';
import { afterEach, describe, expect, test } from 'vitest';
import { closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

/** Believes the name's ending, so that tests choose types. */
class NamedFileStore extends MemoryFileStore {
  override put(source: AsyncIterable<Uint8Array>, { name }: { name: string }) {
    const mime = { png: 'image/png', html: 'text/html', svg: 'image/svg+xml' }[name.split('.').at(-1) ?? ''];
    return super.put(source, { name, ...(mime ? { mime } : {}) });
  }
}

async function world(changes = {}) {
  const files = new NamedFileStore();
  const app = await testApp({ fileStore: () => files, ...changes });
  const { call, cookie } = await setUpOwner(app);
  const upload = (name: string, body: string | Buffer) =>
    call('uploadFile', { query: { name }, body: Buffer.from(body) });
  return { ...app, call, cookie, upload };
}

async function listening(app: RequestListener) {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('an upload', () => {
  test('is known by what it holds, and keeps its name as text to show', async () => {
    const { call, upload } = await world();
    const response = await upload('holiday.png', 'pixels');
    const id = createHash('sha256').update('pixels').digest('hex');
    expect(response.status).toBe(201);
    expect(response.body).toMatchObject({ id, kind: 'image', bytes: 6, name: 'holiday.png' });
    expect((await call('getFile', { params: { id } })).body).toEqual(response.body);
    expect((await call('listFiles')).body.files).toEqual([response.body]);
  });

  test('is an input of a run as it was answered', async () => {
    const { call, upload } = await world();
    const { body: photo } = await upload('holiday.png', 'pixels');
    const { createdAt, ...file } = photo;
    expect(createdAt).toEqual(expect.any(String));
    const graph = {
      ...sayGraph(),
      nodes: [{ id: 'show', type: 'test.show', version: 1, name: 'Show', params: {}, position: { x: 0, y: 0 } }],
      inputs: [{ key: 'photo', to: [{ node: 'show', param: 'photo' }] }],
    };
    const { body: workflow } = await call('createWorkflow', { body: { name: 'Show', graph } });
    const asked = { params: { id: workflow.id }, body: { inputs: { photo } } };
    expect((await call('quoteRun', asked)).status).toBe(200);
    const started = await call('startRun', asked);
    expect([started.status, started.body.inputs]).toEqual([202, { photo: file }]);
    const foreign = await call('startRun', { ...asked, body: { inputs: { photo: { ...photo, id: 'b'.repeat(64) } } } });
    expect([foreign.status, foreign.body.error.code]).toEqual([422, 'file-missing']);
    const odd = await call('startRun', { ...asked, body: { inputs: { photo: { ...photo, path: '/etc/passwd' } } } });
    expect([odd.status, odd.body.error.code]).toEqual([422, 'input-invalid']);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\me.png', 'me.png'],
    ['a\r\nset-cookie: x=1.png', 'aset-cookie: x=1.png'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['..', 'file'],
    ['   ', 'file'],
  ])('called %j is shown as %j', async (given, shown) => {
    const { upload } = await world();
    expect((await upload(given, 'x')).body.name).toBe(shown);
  });

  test('is refused when it is too large, whether it says so or not', async () => {
    const { app, cookie, upload } = await world({ config: { publicUrl: null, uploadLimitBytes: 1000 } });
    const honest = await upload('a.png', Buffer.alloc(1001));
    expect([honest.status, honest.body.error.code]).toEqual([413, 'too-large']);
    expect((await upload('a.png', Buffer.alloc(1000))).status).toBe(201);
    // Sent in pieces, without a length.
    const { server, port } = await listening(app);
    const req = request({ port, method: 'POST', path: '/api/v1/files?name=a.png', headers: { cookie } });
    for (let piece = 0; piece < 40; piece++) req.write(Buffer.alloc(100));
    const [response] = (await once(req, 'response')) as [{ statusCode: number; resume(): void }];
    expect(response.statusCode).toBe(413);
    req.destroy();
    response.resume();
    server.close();
  });

  test('that breaks off leaves nothing', async () => {
    const seen: unknown[] = [];
    const { app, cookie, call } = await world({
      fileStore: () => ({
        async put(source: AsyncIterable<Uint8Array>) {
          try {
            for await (const _piece of source);
            seen.push('whole');
          } catch (error) {
            seen.push('broken');
            throw error;
          }
        },
      }),
    });
    const { server, port } = await listening(app);
    const headers = { cookie, 'content-length': '1000' };
    const req = request({ port, method: 'POST', path: '/api/v1/files?name=a.png', headers }).on(
      'error',
      () => undefined,
    );
    req.write('half');
    await new Promise((resolve) => setTimeout(resolve, 100));
    req.destroy();
    await expect.poll(() => seen).toEqual(['broken']);
    expect((await call('listFiles')).body.files).toEqual([]);
    server.close();
  });

  test('is refused in words for what is wrong with it', async () => {
    const refused = (reason: 'empty' | 'broken' | 'too-large') =>
      world({
        fileStore: () => ({ put: async () => Promise.reject(new FileRefusedError(reason, `photo.png is ${reason}.`)) }),
      });
    const broken = await (await refused('broken')).upload('photo.png', 'x');
    expect([broken.status, broken.body.error.code, broken.body.error.message]).toEqual([
      422,
      'bad-file',
      'photo.png is broken.',
    ]);
    expect((await (await refused('too-large')).upload('photo.png', 'x')).status).toBe(413);
    const { app, cookie, upload } = await world();
    expect((await upload('empty.png', '')).body.error.code).toBe('bad-file');
    const form = await supertest(app)
      .post('/api/v1/files?name=a.png')
      .set('cookie', cookie)
      .attach('file', Buffer.from('x'), 'a.png');
    expect([form.status, form.body.error.code]).toEqual([415, 'unsupported-media-type']);
    const noName = await supertest(app).post('/api/v1/files').set('cookie', cookie).send('x');
    expect(noName.status).toBe(400);
    const draining = await (await world({ isDraining: () => true })).upload('a.png', 'x');
    expect([draining.status, draining.body.error.code, draining.headers['retry-after']]).toEqual([
      503,
      'shutting-down',
      '5',
    ]);
  });
});

describe('a download', () => {
  test('shows pictures in the page and sends everything else as an attachment that can execute nothing', async () => {
    const { call, upload } = await world();
    const png = (await upload('me.png', 'pixels')).body;
    const shown = await call('getFileContent', { params: { id: png.id } });
    expect(shown.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `inline; filename="me.png"; filename*=UTF-8''me.png`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      etag: `"${png.id}"`,
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const saved = await call('getFileContent', {
      params: { id: png.id },
      query: { download: '1', name: 'Grüße "1".png' },
    });
    expect(saved.headers['content-disposition']).toBe(
      `attachment; filename="Gr__e _1_.png"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.png`,
    );
    for (const name of ['page.html', 'drawing.svg']) {
      const file = (await upload(name, `<script>${name}</script>`)).body;
      const { headers } = await call('getFileContent', { params: { id: file.id } });
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toMatch(/^attachment;/);
    }
  });

  test('may be one range, a condition, or only the headers', async () => {
    const { call, upload } = await world();
    const { id } = (await upload('digits.png', '0123456789')).body;
    const get = (headers: Record<string, string>) => call('getFileContent', { params: { id }, headers });
    const part = async (range: string) => {
      const response = await get({ range });
      return [response.status, response.text, response.headers['content-range']];
    };
    expect(await part('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await part('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await part('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await part('bytes=-99')).toEqual([206, '0123456789', 'bytes 0-9/10']);
    expect(await part('bytes=0-0,5-6')).toEqual([200, '0123456789', undefined]);
    expect(await part('bytes=5-2')).toEqual([200, '0123456789', undefined]);
    const outside = await get({ range: 'bytes=10-' });
    expect([outside.status, outside.body.error.code, outside.headers['cache-control']]).toEqual([
      416,
      'range-not-satisfiable',
      undefined,
    ]);
    expect(outside.headers['content-range']).toBe('bytes */10');
    expect((await get({ range: 'bytes=2-4', 'if-range': '"other"' })).status).toBe(200);
    expect((await get({ 'if-none-match': `"${id}"` })).status).toBe(304);
  });

  test('of HEAD tells the length and sends nothing', async () => {
    const { app, cookie, upload } = await world();
    const { id } = (await upload('digits.png', '0123456789')).body;
    const head = await supertest(app).head(`/api/v1/files/${id}/content`).set('cookie', cookie);
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '10', undefined]);
  });

  test('of a file whose bytes are gone is an answer, not a hang', async () => {
    const [stored, empty] = [new NamedFileStore(), new MemoryFileStore()];
    const forgetful = { put: stored.put.bind(stored), open: empty.open.bind(empty) };
    const other = await world({ fileStore: () => forgetful });
    const { id } = (await other.upload('a.png', 'x')).body;
    const response = await other.call('getFileContent', { params: { id } });
    expect([response.status, response.body.error.code]).toEqual([404, 'not-found']);
  });
});

test('a thumbnail is a WebP of one of three sizes, and of pictures only', async () => {
  const { call, upload } = await world();
  const { id } = (await upload('me.png', 'pixels')).body;
  const small = await call('getFileThumbnail', { params: { id }, query: { size: 160 } });
  expect([small.status, small.headers['content-type'], small.headers.etag]).toEqual([200, 'image/webp', `"${id}-160"`]);
  expect(small.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
  expect((await call('getFileThumbnail', { params: { id }, query: { size: 161 } })).status).toBe(400);
  const text = (await upload('notes.txt', 'words')).body;
  expect((await call('getFileThumbnail', { params: { id: text.id } })).status).toBe(404);
});
