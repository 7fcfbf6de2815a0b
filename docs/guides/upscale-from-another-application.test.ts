import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { composeServer, type RunningServer } from '@imaginarium/server/compose';
import { loadConfig } from '@imaginarium/server/config';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readText, root } from '../markdown.ts';

const page = readText('docs/guides/upscale-from-another-application.md');
const block = (kind: string, name: string) =>
  new RegExp(`^\`\`\`${kind} ${name}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
const packages = ['nodes-base', 'nodes-upscaler'].map((name) => ({
  folder: `${root}packages/${name}`,
  entry: './src/index.ts',
}));

let folder: string;
let server: RunningServer;
let app: Server;
let env: Record<string, string>;
/** What the application was told. */
const told: { headers: IncomingHttpHeaders; body: Buffer }[] = [];

/** Runs a command of the page as somebody types it, and reads the JSON that it prints. */
async function type(name: string, more: Record<string, string> = {}) {
  const command = block('sh', name);
  expect(command).not.toBe('');
  const variables = { ...process.env, ...env, ...more };
  const { stdout } = await promisify(execFile)('bash', ['-euc', command], { cwd: folder, env: variables });
  return stdout === '' ? undefined : JSON.parse(stdout);
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'imaginarium-shop-')));
  await writeFile(join(folder, 'ada.png'), samplePng(8, 6));
  await writeFile(join(folder, 'broken.png'), samplePng(8, 6).subarray(0, 60));
  app = createServer(async (req, res) => {
    told.push({ headers: req.headers, body: await buffer(req) });
    res.end();
  });
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  const dataDir = await mkdtemp(join(tmpdir(), 'imaginarium-upscales-'));
  const config = loadConfig({
    ...{ IMAGINARIUM_DATA_DIR: dataDir, IMAGINARIUM_PORT: '0', IMAGINARIUM_LOG_LEVEL: 'error' },
    ...{ IMAGINARIUM_HTTP_ALLOW: '127.0.0.1', IMAGINARIUM_LEGACY_FOLDERS: folder },
  });
  server = await composeServer(config, { packages, version: '0.0.0', editorFolder: null });
  const SERVER = await server.listen();
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${SERVER}/api/v1${path}`, {
      method: 'POST',
      headers: { origin: SERVER, 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const owner = await post('/setup', { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' });
  const cookie = owner.headers.getSetCookie()[0]?.split(';')[0];
  const { key } = await (await post('/api-keys', { name: 'Shop' }, cookie)).json();
  const APP = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  env = { SERVER, API_KEY: key, APP, AVATARS: folder };
  return () => rm(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await server.stop(0);
  app.close();
  await rm(folder, { recursive: true, force: true });
});

test('docs/guides/upscale-from-another-application.md shows the way of a picture, from the upload to the webhook', async () => {
  const { id: FILE } = await type('upload');
  const started = await type('upscale', { FILE });
  expect(started).toMatchObject({
    asset: { sourceApp: 'shop', sourceId: 'avatar-7', originalState: 'kept' },
    version: {
      number: 1,
      tier: 'standard',
      leftOut: [expect.stringContaining('imaginarium models pull'), expect.anything()],
    },
    ...{ estimate: { credits: 15 }, webhook: { state: 'waiting' } },
  });
  expect((await type('upscale', { FILE })).version.id).toBe(started.version.id);
  const STATUS_URL = started.statusUrl;
  await expect
    .poll(async () => (await type('status', { STATUS_URL })).webhook.state, { timeout: 60_000, interval: 250 })
    .toBe('sent');
  const ended = await type('status', { STATUS_URL });
  expect(ended.version).toMatchObject({
    state: 'succeeded',
    width: 32,
    height: 24,
    credits: 15,
    leftOut: started.version.leftOut,
  });
  await type('download', { RESULT: ended.version.file.id });
  expect((await readFile(join(folder, 'ada-4x.png'))).length).toBe(ended.version.file.bytes);

  const { isOurs } = await import(`data:text/javascript,${encodeURIComponent(block('js', 'verify'))}`);
  const { secret } = await type('secret');
  expect(told).toHaveLength(1);
  const [{ headers, body }] = told as [(typeof told)[number]];
  expect(isOurs(secret, headers, body)).toBe(true);
  expect(isOurs(secret, headers, Buffer.concat([body, Buffer.from(' ')]))).toBe(false);
  const { asset, version, statusUrl } = ended;
  const message = JSON.parse(body.toString());
  expect(Object.keys(message)).toEqual(Object.keys(JSON.parse(block('json', 'webhook'))));
  expect([message.type, message.data]).toEqual(['upscale.ended', { asset, version, statusUrl }]);
}, 120_000);

test('it says that what was upscaled in the same way before costs nothing', async () => {
  const { id: FILE } = await type('upload');
  const headers = { authorization: `Bearer ${env.API_KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ fileId: FILE, tier: 'standard', params: { format: 'png' } });
  const again = await (await fetch(`${env.SERVER}/api/v1/upscales`, { method: 'POST', headers, body })).json();
  expect(again).toMatchObject({ asset: { sourceApp: null }, version: { number: 1 }, estimate: { credits: 0 } });
  const version = async () => (await type('status', { STATUS_URL: again.statusUrl })).version;
  await expect.poll(async () => (await version()).state, { timeout: 30_000, interval: 250 }).toBe('succeeded');
  expect(await version()).toMatchObject({ width: 32, height: 24, credits: 0 });
}, 60_000);

test('it shows how several are sent that lie on the disk of the server, of which one is broken', async () => {
  const { items, statusUrl: STATUS_URL } = await type('batch');
  expect(items).toMatchObject([{ error: null }, { upscale: null, error: { code: 'bad-file' } }]);
  const states = async () =>
    (await type('status', { STATUS_URL })).upscales.map(({ version }: { version: { state: string } }) => version.state);
  await expect.poll(states, { timeout: 60_000, interval: 250 }).toEqual(['succeeded']);
}, 120_000);
