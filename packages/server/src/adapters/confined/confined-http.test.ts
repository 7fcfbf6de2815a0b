import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { TestHttp } from '@imaginarium/node-sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardedHttp } from '../http/guarded-http.ts';
import { ConfinedWorld, node } from './testing/confined-world.ts';

let world: ConfinedWorld;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  world = new ConfinedWorld();
});
afterEach(async () => {
  world.close();
  for (const close of closing.splice(0)) await close();
});

/** A service on loopback, and what was asked of it. */
async function service(answer: RequestListener = (_req, res) => res.end('hello')) {
  const seen: string[] = [];
  const server = createServer((req, res) => {
    seen.push(`${req.method} ${req.url}`);
    answer(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, host, url: `http://${host}` };
}

/** As a run has it: the one guarded way out. */
function guarded(allowed = ['127.0.0.1']) {
  const client = new GuardedHttp({ allowed, fileLimitBytes: 1_000_000 });
  closing.push(() => client.close());
  const never = new AbortController().signal;
  const fetch: Parameters<ConfinedWorld['load']>[1] = {
    http: { fetch: (url, request = {}, limits) => client.fetch('w', url, request, never, limits) },
  };
  return fetch;
}

const get = node(
  'get',
  '({ http, input }) => http.fetch(input.item).then((a) => ({ told: [a.status, new TextDecoder().decode(a.body)] }))',
);

describe('a confined package that calls services', { timeout: 60_000 }, () => {
  it('reaches the hosts that it asks for and was granted, and no others: not by a redirect, nor by itself', async () => {
    const other = await service();
    const own = await service((req, res) => {
      if (req.url === '/away') res.writeHead(307, { location: `${other.url}/stolen` });
      if (req.url === '/around') res.writeHead(302, { location: '/' });
      res.end('hello');
    });
    const folder = world.aPackage('caller', [get, node('direct', `() => fetch('${own.url}')`)], {
      permissions: { net: [own.host.toUpperCase()] },
    });
    const { registry, told } = await world.load([folder], {
      ...guarded(),
      granted: { caller: [own.host, other.host], 'another-package': [other.host] },
    });
    expect(registry.packages()).toMatchObject([{ name: 'caller', state: 'loaded', confined: { net: [own.host] } }]);
    expect(await told('get', { item: `${own.url}/around` })).toEqual([200, 'hello']);
    for (const item of [other.url, `${own.url}/away`])
      await expect(told('get', { item })).rejects.toThrow(
        `${other.host} is not among the hosts that this package may call: ${own.host}.`,
      );
    await expect(told('direct')).rejects.toThrow();
    expect([own.seen, other.seen]).toEqual([['GET /around', 'GET /', 'GET /away'], []]);
  });

  it('goes the guarded way: what no workflow may call, no grant opens', async () => {
    const { url, host, seen } = await service();
    const folder = world.aPackage('caller', [get], { permissions: { net: [host] } });
    const { told } = await world.load([folder], { ...guarded([]), granted: { caller: [host] } });
    await expect(told('get', { item: url })).rejects.toThrow('an address of a private network');
    expect(seen).toEqual([]);
  });

  it('sends bytes and files of its own folder, saves answers there, and neither takes nor leaves one elsewhere', async () => {
    const { url, host } = await service(async (req, res) => {
      const body = await buffer(req);
      res.setHeader('x-bytes', body.length);
      res.end(body.reverse());
    });
    const folder = world.aPackage(
      'caller',
      [
        node(
          'bytes',
          `({ http, input }) => http.fetch(input.item, { method: 'PUT', body: new Uint8Array([0, 255, 7]) })
            .then(({ body, headers, bytes }) => ({ told: [[...body], headers['x-bytes'], bytes] }))`,
        ),
        node(
          'files',
          `async ({ http, files, input }) => {
            const fs = await import('node:fs/promises');
            const folder = await files.folder();
            await fs.writeFile(folder + '/sent', 'abc');
            const { body } = await http.fetch(input.item, { method: 'POST', body: { path: folder + '/sent' }, saveTo: folder + '/saved' });
            return { told: [body.length, await fs.readFile(folder + '/saved', 'utf8')] };
          }`,
        ),
        node(
          'take',
          `async ({ http, files, input }) => { await files.folder(); return http.fetch(input.item, { method: 'POST', body: { path: '/etc/passwd' } }); }`,
        ),
        node(
          'leave',
          `async ({ http, files, input }) => {
            const folder = await files.folder();
            return http.fetch(input.item, { saveTo: folder + '/../../left' });
          }`,
        ),
        node('nonsense', `({ http, input }) => http.fetch(input.item, { headers: { accept: 7 } })`),
      ],
      { permissions: { net: [host] } },
    );
    const { told } = await world.load([folder], { ...guarded(), granted: { caller: [host] } });
    expect(await told('bytes', { item: url })).toEqual([[7, 255, 0], '3', 3]);
    expect(await told('files', { item: url })).toEqual([0, 'cba']);
    await expect(told('take', { item: url })).rejects.toThrow('Expected a file directly in files.folder().');
    await expect(told('leave', { item: url })).rejects.toThrow('a new file directly in files.folder()');
    await expect(told('nonsense', { item: url })).rejects.toThrow('http.fetch: headers.accept');
  });

  it('calls nobody unless it asks: what was granted without being asked for stays closed', async () => {
    const http = new TestHttp();
    const folder = world.aPackage('quiet', [get]);
    const { told } = await world.load([folder], { http, granted: { quiet: ['api.acme.com'] } });
    await expect(told('get', { item: 'https://api.acme.com' })).rejects.toThrow(
      'calls no services, unless its package',
    );
    expect(http.requests).toEqual([]);
  });

  it('is not loaded with less than it asks for, nor with what is no host', async () => {
    const net = {
      some: ['api.acme.com', 'cdn.acme.com'],
      star: ['*'],
      path: ['api.acme.com/v1'],
      text: 'api.acme.com',
    };
    const folders = Object.entries(net).map(([name, net]) => world.aPackage(name, [get], { permissions: { net } }));
    const { registry } = await world.load(folders, { granted: { some: ['api.acme.com'], star: ['*'] } });
    expect(registry.packages().map(({ error }) => error)).toEqual([
      'It asks to call cdn.acme.com, which it was not granted. To grant it, add some:cdn.acme.com to IMAGINARIUM_CONFINED_NET.',
      'imaginarium.permissions.net: expected hosts such as api.acme.com or api.acme.com:8443, received "*".',
      'imaginarium.permissions.net: expected hosts such as api.acme.com or api.acme.com:8443, received "api.acme.com/v1".',
      'imaginarium.permissions.net: expected a list of texts, received "api.acme.com".',
    ]);
  });
});
