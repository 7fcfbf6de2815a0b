import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { afterEach, describe, expect, test } from 'vitest';
import { callerOf, closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

async function builtEditor(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-editor-'));
  folders.push(folder);
  await mkdir(join(folder, 'static'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Editor</title>');
  await writeFile(join(folder, 'static', 'index-abc123.js'), 'export {};');
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  return folder;
}

describe('the editor', () => {
  test('is the same page at every address of the app, and never from a cache', async () => {
    const { app } = await testApp({ staticFolder: await builtEditor() });
    for (const path of ['/', '/workflows/0193f000-0000-7000-8000-000000000001', '/assets', '/runs?state=failed']) {
      const page = await supertest(app).get(path);
      expect([page.status, page.text.includes('Editor'), page.headers['cache-control']]).toEqual([
        200,
        true,
        'no-cache',
      ]);
    }
  });

  test('has scripts that are kept for ever, and no page where a file is missing', async () => {
    const { app } = await testApp({ staticFolder: await builtEditor() });
    const asset = await supertest(app).get('/static/index-abc123.js');
    expect([asset.status, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await supertest(app).get('/favicon.svg')).status).toBe(200);
    for (const path of [
      '/static/old-123.js',
      '/static',
      '/logo.png',
      '/socket.io/x',
      '/api',
      '/api/v2/x',
      '/..%2f..%2fpackage.json',
    ])
      expect([path, (await supertest(app).get(path)).status]).toEqual([path, 404]);
  });

  test('that is not built says so, and the API answers all the same', async () => {
    const { app } = await testApp();
    const page = await supertest(app).get('/');
    expect([page.status, page.text.includes('npm run build')]).toEqual([503, true]);
    expect((await callerOf(app)('getSetup')).status).toBe(200);
  });
});

test('answers carry a policy without inline script, an id, and nothing about what made them', async () => {
  const { app } = await testApp();
  const { headers } = await supertest(app).get('/').set('host', '127.0.0.1:4680');
  const policy = headers['content-security-policy'] as string;
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self' ws://127.0.0.1:4680 wss://127.0.0.1:4680");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('upgrade-insecure-requests');
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['strict-transport-security']).toBeUndefined();
  const odd = await supertest(app).get('/').set({ host: "a;script-src 'unsafe-inline'", 'x-request-id': 'bad id\tx' });
  expect(odd.headers['content-security-policy']).not.toContain("script-src 'unsafe-inline'");
  expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect((await supertest(app).get('/').set('x-request-id', 'proxy-1.2')).headers['x-request-id']).toBe('proxy-1.2');
});

describe('health', () => {
  test('is alive always, ready while the database answers and nobody stops it', async () => {
    let draining = false;
    let reachable = true;
    const pingDatabase = async () => {
      if (!reachable) throw new Error('no line');
    };
    const world = await testApp({ isDraining: () => draining, pingDatabase });
    expect((await supertest(world.app).get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await supertest(world.app).get('/readyz')).status).toBe(200);
    reachable = false;
    expect((await supertest(world.app).get('/readyz')).body).toEqual({ status: 'not-ready', reason: 'database' });
    draining = true;
    const response = await supertest(world.app).get('/readyz');
    expect([response.status, response.body.reason, response.headers.connection]).toEqual([503, 'draining', 'close']);
    expect((await supertest(world.app).get('/healthz')).status).toBe(200);
  });

  test('measures requests by route, runs and the event loop', async () => {
    const world = await testApp();
    const { call } = await setUpOwner(world);
    await call('listWorkflows');
    world.eventBus.publish([
      { type: 'run.finished', runId: 'r', seq: 2, at: '', state: 'succeeded', creditsSpent: 0, error: null },
    ]);
    const { text } = await supertest(world.app).get('/metrics');
    expect(text).toContain(
      'imaginarium_http_request_duration_seconds_count{route="listWorkflows",method="GET",status="200"} 1',
    );
    expect(text).toContain('imaginarium_runs_finished_total{state="succeeded"} 1');
    expect(text).toContain('imaginarium_nodejs_eventloop_lag_p99_seconds');
  });

  test('tells its figures to other machines only for an API key', async () => {
    const world = await testApp({ config: { publicUrl: 'http://images.example.com', uploadLimitBytes: 1 } });
    const from = (headers: Record<string, string>) =>
      supertest(world.app)
        .get('/metrics')
        .set({ 'x-forwarded-for': '203.0.113.7', ...headers });
    expect((await from({})).status).toBe(401);
    const { key } = await strangerOf(world);
    expect((await from({ authorization: `Bearer ${key}` })).status).toBe(200);
  });
});
