import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '@imaginarium/node-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GuardedHttp } from './guarded-http.ts';

let folder: string;
const closing: (() => Promise<unknown> | unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-http-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(folder, { recursive: true });
});

/** A service on loopback that remembers what came. */
async function service(answer: RequestListener = (_req, res) => res.end('hello')) {
  const seen: { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((req, res) => {
    seen.push({ method: req.method, url: req.url, headers: req.headers });
    answer(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { seen, port, url: `http://127.0.0.1:${port}` };
}

function client(allowed: string[] = ['127.0.0.1']) {
  const http = new GuardedHttp({ allowed, fileLimitBytes: 50_000 });
  closing.push(() => http.close());
  const never = new AbortController().signal;
  return {
    fetch: (url: string, request: HttpRequest = {}, signal = never) => http.fetch('w', url, request, signal),
    refusal: (url: string, request: HttpRequest = {}) =>
      http.fetch('w', url, request, never).then(
        () => 'none',
        (error: Error) => `${error.name}: ${error.message}`,
      ),
  };
}

describe('GuardedHttp', () => {
  test('sends what it is given and gives what came', async () => {
    const { url, seen } = await service(async (req, res) => {
      const body = await text(req);
      res.setHeader('x-seen', `${body.length}`);
      res.setHeader('content-encoding', 'gzip');
      res.statusCode = 201;
      res.end(gzipSync(body.toUpperCase()));
    });
    const { fetch } = client();
    const answer = await fetch(`${url}/things?a=1`, { method: 'post', headers: { 'X-Key': 'k' }, body: 'quiet' });
    expect([answer.status, answer.url, new TextDecoder().decode(answer.body), answer.bytes]).toEqual([
      ...[201, `${url}/things?a=1`, 'QUIET', 5],
    ]);
    expect(answer.headers['x-seen']).toBe('5');
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/things?a=1', headers: { 'x-key': 'k' } });
  });

  test('takes a body from a file, and writes an answer to one', async () => {
    const { url } = await service((req, res) => void req.pipe(res));
    await writeFile(join(folder, 'body'), 'x'.repeat(40_000));
    const saveTo = join(folder, 'answer');
    const answer = await client().fetch(url, { method: 'PUT', body: { path: join(folder, 'body') }, saveTo });
    expect([answer.bytes, answer.body.length, (await readFile(saveTo)).length]).toEqual([40_000, 0, 40_000]);
  });

  test('reaches no address of a private network, however it is written and whatever leads to it', async () => {
    const inside = await service();
    const { refusal } = client([]);
    const spellings = [
      ...['127.0.0.1', 'localhost', 'LocalHost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0.0.0.0', '0'],
      ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '127.0.0.1.', '①②⑦.0.0.1', '[::]'],
    ];
    for (const host of spellings)
      expect([host, await refusal(`http://${host}:${inside.port}/`)]).toEqual([
        host,
        expect.stringMatching(/^NonRetryableError: .*address of a private network/),
      ]);
    expect(inside.seen).toEqual([]);
  });

  test('follows redirects only where it may go itself, and takes no secret to another origin', async () => {
    const inside = await service();
    const other = await service();
    const from = await service((req, res) => {
      const [, to = ''] = (req.url ?? '').split('?to=');
      res.statusCode = Number(req.url?.slice(1, 4));
      res.setHeader('location', decodeURIComponent(to));
      res.end();
    });
    const to = (status: number, url: string) => `${from.url}/${status}?to=${encodeURIComponent(url)}`;
    const { fetch, refusal } = client();
    const headers = {
      authorization: 'secret',
      'x-api-key': 'secret',
      accept: 'text/plain',
      'content-type': 'text/csv',
    };
    await fetch(to(302, `${other.url}/a`), { method: 'POST', body: 'x', headers });
    await fetch(to(307, `${other.url}/b`), { method: 'POST', body: 'x', headers });
    expect(
      other.seen.map(({ method, url, headers: { authorization, accept, 'x-api-key': key } }) => [
        method,
        url,
        authorization,
        key,
        accept,
      ]),
    ).toEqual([
      ['GET', '/a', undefined, undefined, 'text/plain'],
      ['POST', '/b', undefined, undefined, 'text/plain'],
    ]);
    expect(await refusal(to(302, `http://127.0.0.2:${inside.port}/`))).toContain('private network');
    expect(await refusal(to(302, `http://[::1]:${inside.port}/`))).toContain('private network');
    expect(await refusal(to(302, 'file:///etc/passwd'))).toContain('no address of the web');
    expect(inside.seen).toEqual([]);
    const circle = await service((_req, res) => res.writeHead(302, { location: '/' }).end());
    expect(await refusal(circle.url)).toContain('redirects more than 5 times');
    expect(circle.seen).toHaveLength(6);
  });

  test('ends answers that are too large or too slow, also when they are small on the way', async () => {
    const bomb = await service((_req, res) => {
      res.setHeader('content-encoding', 'gzip');
      res.end(gzipSync(Buffer.alloc(20_000_000)));
    });
    const slow = await service((_req, res) => void res.write('a'));
    const { refusal, fetch } = client();
    expect(await refusal(bomb.url)).toBe(
      `NonRetryableError: The answer of 127.0.0.1:${bomb.port} is larger than the limit of 10 MB.`,
    );
    expect(await refusal(bomb.url, { saveTo: join(folder, 'bomb') })).toContain('larger than the limit of 0.05 MB');
    expect(await refusal(slow.url, { timeoutMs: 200 })).toBe(
      `OutageError: 127.0.0.1:${slow.port} did not answer in 0.2 s.`,
    );
    const controller = new AbortController();
    const called = fetch(slow.url, {}, controller.signal);
    setTimeout(() => controller.abort(new Error('called off')), 100);
    await expect(called).rejects.toThrow('called off');
  });

  test('refuses what is no request before anything is sent', async () => {
    const { url, seen } = await service();
    const { refusal } = client();
    const refused: [string, HttpRequest][] = [
      ...['file:///etc/passwd', 'ftp://example.com', 'javascript:alert(1)', 'example.com', '', 'unix:/var/run/x'].map(
        (address): [string, HttpRequest] => [address, {}],
      ),
      ['http://me:secret@127.0.0.1/', {}],
      [url, { method: 'CONNECT' }],
      [url, { method: 'GET /admin HTTP/1.1\r\nX: ' }],
      [url, { method: 'GET', body: 'x' }],
      [url, { headers: { Host: 'other.example.com' } }],
      [url, { headers: { 'Transfer-Encoding': 'chunked' } }],
      [url, { headers: { 'X-A': 'b\r\nX-C: d' } }],
      [url, { headers: { 'X A': 'b' } }],
    ];
    for (const [address, request] of refused)
      expect(await refusal(address, request)).toMatch(/^NonRetryableError: (url|method|headers)/);
    expect(seen).toEqual([]);
  });

  test('says which service cannot be reached and why, and then leaves it alone', async () => {
    const { url, port } = await service((req) => void req.socket.destroy());
    const { refusal } = client();
    for (let count = 0; count < 5; count++)
      expect(await refusal(url)).toMatch(new RegExp(`^OutageError: 127.0.0.1:${port} cannot be reached: .+\\.$`));
    expect(await refusal(url)).toBe(
      `RetryLaterError: 127.0.0.1:${port} has failed 5 times in a row; the next try is in 30 s.`,
    );
  });

  test('leaves a service alone for the key that it fails with, and for no other', async () => {
    const { url, port } = await service((req, res) =>
      res.writeHead(req.headers['x-api-key'] === 'old' ? 502 : 200).end(),
    );
    const { fetch, refusal } = client();
    for (let count = 0; count < 5; count++) await fetch(`${url}/${count}`, { headers: { 'X-Api-Key': 'old' } });
    expect(await refusal(`${url}/6`, { headers: { 'x-api-key': 'old', 'Idempotency-Key': 'a' } })).toBe(
      `RetryLaterError: 127.0.0.1:${port} has failed 5 times in a row with this key; the next try is in 30 s.`,
    );
    expect((await fetch(`${url}/7`, { headers: { 'X-Api-Key': 'new' } })).status).toBe(200);
    expect((await fetch(`${url}/8`)).status).toBe(200);
  });

  test('calls no port of another service, and says so for good', async () => {
    const { refusal } = client();
    for (let count = 0; count < 6; count++)
      expect(await refusal('http://127.0.0.1:25/')).toBe(
        'NonRetryableError: 127.0.0.1:25: expected a port for the web, such as 443, received one of another service.',
      );
  });
});
