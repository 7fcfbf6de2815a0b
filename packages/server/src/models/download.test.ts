import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modelBytes } from '../testing/test-models.ts';
import { type Download, download } from './download.ts';

const BYTES = modelBytes(200_000);
const SUM = createHash('sha256').update(BYTES).digest('hex');

/** A server on this machine. @returns its address, and the ranges it was asked for. */
async function serve(answer: (req: IncomingMessage, res: ServerResponse, count: number) => void) {
  const ranges: (string | undefined)[] = [];
  const listener: RequestListener = (req, res) => answer(req, res, ranges.push(req.headers.range));
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.onnx`, ranges };
}

/** Answers as a good server does, from the byte that is asked for, to a byte at which the line breaks. */
function send(
  req: IncomingMessage,
  res: ServerResponse,
  { bytes = BYTES, cutAt = BYTES.length }: { bytes?: Buffer; cutAt?: number } = {},
): void {
  const from = Number(/^bytes=(\d+)-$/.exec(req.headers.range ?? '')?.[1] ?? 0);
  if (from >= bytes.length) {
    res.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const headers = { 'content-length': bytes.length - from };
  if (from > 0)
    res.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
  else res.writeHead(200, headers);
  if (cutAt >= bytes.length) res.end(bytes.subarray(from));
  else res.write(bytes.subarray(from, cutAt), () => setTimeout(() => res.destroy(), 20));
}

async function job(url: string, changes: Partial<Download> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-download-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const progress: [number, number | null][] = [];
  const wish: Download = {
    ...{ url, path: join(folder, 'tiny.onnx.part'), sha256: SUM, bytes: BYTES.length, proxyUrl: null, pauseMs: 5 },
    signal: new AbortController().signal,
    onProgress: (bytes, total) => progress.push([bytes, total]),
    ...changes,
  };
  return { wish, path: wish.path, progress };
}

describe('download', () => {
  it('fetches a file, and tells how far it is', async () => {
    const { url, ranges } = await serve((req, res) => send(req, res));
    const { wish, path, progress } = await job(url);
    await download(wish);
    expect((await readFile(path)).equals(BYTES)).toBe(true);
    expect([ranges, progress[0], progress.at(-1)]).toEqual([[undefined], [0, 200_000], [200_000, 200_000]]);
  });

  it('goes on where the line broke, however often that is, as long as it gets further', async () => {
    const { url, ranges } = await serve((req, res, count) => send(req, res, { cutAt: count * 25_000 }));
    const { wish, path } = await job(url);
    await download(wish);
    expect((await readFile(path)).equals(BYTES)).toBe(true);
    // A break may take along what had just been sent: then the next request begins where the one before did.
    const starts = ranges.map((range) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
    expect(starts.filter((at) => at % 25_000 !== 0)).toEqual([]);
    expect(new Set(starts).size).toBeGreaterThan(4);
  });

  it('goes on with what an earlier process left', async () => {
    const { url, ranges } = await serve((req, res) => send(req, res));
    const { wish, path } = await job(url);
    await writeFile(path, BYTES.subarray(0, 150_000));
    await download(wish);
    expect([(await readFile(path)).equals(BYTES), ranges]).toEqual([true, ['bytes=150000-']]);
  });

  it('asks for nothing when all is here already', async () => {
    const { url, ranges } = await serve((req, res) => send(req, res));
    const { wish, path } = await job(url);
    await writeFile(path, BYTES);
    await download(wish);
    expect(ranges).toEqual([]);
  });

  it('begins again where the other side does not go on', async () => {
    const { url, ranges } = await serve((_req, res) =>
      res.writeHead(200, { 'content-length': BYTES.length }).end(BYTES),
    );
    const { wish, path } = await job(url);
    await writeFile(path, BYTES.subarray(0, 1000));
    await download(wish);
    expect([(await readFile(path)).equals(BYTES), ranges]).toEqual([true, ['bytes=1000-']]);
  });

  it('begins again when what is here is not the beginning of what is there', async () => {
    const { url, ranges } = await serve((req, res) => send(req, res));
    const unsized = await job(url, { bytes: null });
    await writeFile(unsized.path, Buffer.alloc(200_000));
    await download(unsized.wish);
    expect([(await readFile(unsized.path)).equals(BYTES), ranges]).toEqual([true, ['bytes=200000-', undefined]]);
    const longer = await job(url);
    await writeFile(longer.path, Buffer.alloc(300_000));
    await download(longer.wish);
    expect((await readFile(longer.path)).equals(BYTES)).toBe(true);
  });

  it('keeps nothing of a file whose checksum is another', async () => {
    const wrong = Buffer.from(BYTES).fill(7, 1000, 1001);
    const { url } = await serve((req, res) => send(req, res, { bytes: wrong }));
    const { wish, path } = await job(url);
    await expect(download(wish)).rejects.toThrow('is not the file that was expected: its SHA-256 is');
    expect(await stat(path).catch(() => null)).toBeNull();
  });

  it('refuses a file of another length before it is fetched', async () => {
    const { url } = await serve((req, res) => send(req, res, { bytes: modelBytes(300_000) }));
    const { wish } = await job(url);
    await expect(download(wish)).rejects.toThrow(`${url} has 300000 bytes; 200000 were expected`);
  });

  it('refuses more bytes than were announced', async () => {
    const { url } = await serve((_req, res) => {
      res.writeHead(200, { 'transfer-encoding': 'chunked' });
      res.end(modelBytes(250_000));
    });
    const { wish } = await job(url);
    await expect(download(wish)).rejects.toThrow('sends more than the 200000 bytes it has');
  });

  it('says that a file is not there any more, and what to do', async () => {
    const { url, ranges } = await serve((_req, res) => res.writeHead(404).end());
    const { wish } = await job(url);
    await expect(download(wish)).rejects.toThrow(
      `${url} answers with 404: the file is not there any more. Get the file in another way and import it`,
    );
    expect(ranges).toHaveLength(1);
  });

  it('tries again when the other side is not well, and gives up with what is kept', async () => {
    const well = await serve((req, res, count) => (count < 3 ? res.writeHead(503).end() : send(req, res)));
    await download((await job(well.url)).wish);
    expect(well.ranges).toHaveLength(3);
    const ill = await serve((req, res, count) =>
      count === 1 ? send(req, res, { cutAt: 5000 }) : res.writeHead(502).end(),
    );
    const { wish, path } = await job(ill.url);
    await expect(download(wish)).rejects.toThrow('5000 bytes are kept, and the next try goes on from there.');
    expect((await stat(path)).size).toBe(5000);
  });

  it('says what to do when nobody answers', async () => {
    const { wish } = await job('http://127.0.0.1:1/tiny.onnx');
    await expect(download(wish)).rejects.toThrow(/ECONNREFUSED.*Check the network, or set a proxy/s);
  });

  it('names the proxy that does not answer, without its password', async () => {
    const { wish } = await job('http://models.example/tiny.onnx', { proxyUrl: 'http://ada:secret@127.0.0.1:1' });
    const error: Error = await download(wish).catch((cause) => cause);
    expect(error.message).toMatch(/through the proxy 127\.0\.0\.1:1: .*ECONNREFUSED.*Check the proxy/);
    expect(error.message).not.toContain('secret');
  });

  it('knows a page from a file that broke off', async () => {
    const { url } = await serve((_req, res) => {
      res.write('<html>Sign in');
      res.end('</html>');
    });
    const { wish, path } = await job(url);
    await expect(download(wish)).rejects.toThrow(
      /sends 20 bytes; \d+ were expected, so it is another file, such as a page/,
    );
    expect((await stat(path)).size).toBe(0);
  });

  it('keeps what has come when it is cancelled', async () => {
    const controller = new AbortController();
    const { url } = await serve((_req, res) => {
      res.writeHead(200, { 'content-length': BYTES.length });
      res.write(BYTES.subarray(0, 40_000));
    });
    const { wish, path } = await job(url, {
      signal: controller.signal,
      onProgress: (bytes) => bytes >= 40_000 && controller.abort(new Error('enough')),
    });
    await expect(download(wish)).rejects.toThrow('enough');
    expect((await stat(path)).size).toBe(40_000);
  });

  it('follows redirects, and not for ever', async () => {
    const { url } = await serve((req, res) => send(req, res));
    const sent = await serve((_req, res) => res.writeHead(302, { location: url }).end());
    const { wish, path } = await job(sent.url);
    await download(wish);
    expect((await readFile(path)).equals(BYTES)).toBe(true);
    const circle = await serve((_req, res) => res.writeHead(302, { location: '/again' }).end());
    await expect(download((await job(circle.url)).wish)).rejects.toThrow('sent on more than 5 times');
  });

  it('goes through a proxy', async () => {
    const proxy = await serve((req, res) => {
      expect(req.url).toBe('http://models.example/tiny.onnx');
      send(req, res);
    });
    const { wish, path } = await job('http://models.example/tiny.onnx', { proxyUrl: new URL(proxy.url).origin });
    await download(wish);
    expect((await readFile(path)).equals(BYTES)).toBe(true);
  });
});
