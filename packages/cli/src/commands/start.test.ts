import { spawnSync } from 'node:child_process';
import { statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@imaginarium/client';
import type { Graph, JsonObject, RunDetail } from '@imaginarium/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliProcess, printed, startCli } from '../testing/run-cli.ts';

let data: string;
const started: CliProcess[] = [];
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'imaginarium-start-'));
});
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.child.kill('SIGKILL');
    await cli.ended;
  }
  await rm(data, { recursive: true, force: true });
});

async function aServer(env: Record<string, string> = {}): Promise<{ cli: CliProcess; address: string }> {
  const cli = startCli(['start', '--port', '0', '--data', data], env);
  started.push(cli);
  const [, address = ''] = await printed(cli, /ready at (http:\/\/\S+)/);
  return { cli, address };
}

/** Becomes the owner over HTTP and makes an API key, as the account page does. */
async function anOwner(address: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: address };
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const setUp = await fetch(`${address}/api/v1/setup`, { method: 'POST', headers, body: JSON.stringify(owner) });
  const cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const answer = await fetch(`${address}/api/v1/api-keys`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ name: 'test' }),
  });
  return ((await answer.json()) as { key: string }).key;
}

/** Mounts a disk of a few megabytes at a folder; false where this user may not. */
function mountSmallDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]).status === 0;
}

/** Fills the disk of a folder until so many bytes are left. */
function leaveRoomFor(bytes: number, folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(bavail * bsize - bytes));
}

/** Works for many seconds: more patterns than one moment makes. */
const slow: Graph = {
  schema: 1,
  nodes: [
    {
      ...{ id: 'pattern', type: 'generator.pattern', version: 1, name: 'Pattern', position: { x: 0, y: 0 } },
      params: { count: 20, width: 2000, height: 2000 },
    },
  ],
  ...{ edges: [], inputs: [], notes: [], settings: {} },
};

/** Patterns that depend on nothing, each with its params. */
function withNodes(nodes: Record<string, JsonObject>): Graph {
  const [pattern] = slow.nodes as [Graph['nodes'][number]];
  return { ...slow, nodes: Object.entries(nodes).map(([id, params]) => ({ ...pattern, id, name: id, params })) };
}

type GetRun = () => Promise<RunDetail>;

async function until<Seen>(get: () => Promise<Seen>, isSo: (seen: Seen) => boolean, limitMs = 40_000): Promise<Seen> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await get();
    if (isSo(seen)) return seen;
    if (performance.now() > end) throw new Error(`after ${limitMs / 1000} s it is ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function untilState(get: GetRun, states: string[], limitMs?: number): Promise<RunDetail> {
  return until(get, ({ state }) => states.includes(state), limitMs);
}

describe('imaginarium start', () => {
  it('goes on with a run after the server was killed in the middle of it', { timeout: 60_000 }, async () => {
    const graph = withNodes({
      quick: { count: 1, width: 64, height: 64 },
      slow: { count: 2, width: 2000, height: 2000 },
    });
    const first = await aServer();
    const apiKey = await anOwner(first.address);
    const before = createClient({ baseUrl: first.address, apiKey });
    const { id } = await before.call('createWorkflow', { body: { name: 'Slow', graph } });
    const run = await before.call('startRun', { params: { id }, body: {} });
    const get = () => before.call('getRun', { params: { id: run.id } });
    const halfway = await until(get, ({ steps }) => steps.some(({ state }) => state === 'succeeded'));
    expect(halfway).toMatchObject({ state: 'running', steps: [{ state: 'succeeded' }, { state: 'running' }] });
    first.cli.child.kill('SIGKILL');
    await first.cli.ended;

    const second = await aServer();
    const after = createClient({ baseUrl: second.address, apiKey });
    const ended = await untilState(
      () => after.call('getRun', { params: { id: run.id } }),
      ['succeeded', 'failed'],
      40_000,
    );
    expect(ended).toMatchObject({ state: 'succeeded', error: null, startedAt: halfway.startedAt });
    expect(ended.steps[0]).toEqual(halfway.steps[0]);
    expect(ended.steps[1]).toMatchObject({ state: 'succeeded', attempts: 1 });
    const { events } = await after.call('listRunEvents', { params: { id: run.id }, query: {} });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  });

  it('lets go of a run that does not end in time when it is stopped, and goes on with it at once', async () => {
    const graph = withNodes({ slow: { count: 50, width: 4000, height: 4000 } });
    const first = await aServer({ IMAGINARIUM_MEDIA_CONCURRENCY: '1' });
    const apiKey = await anOwner(first.address);
    const before = createClient({ baseUrl: first.address, apiKey });
    const { id } = await before.call('createWorkflow', { body: { name: 'Slow', graph } });
    const run = await before.call('startRun', { params: { id }, body: {} });
    await untilState(() => before.call('getRun', { params: { id: run.id } }), ['running']);
    first.cli.child.kill('SIGTERM');
    expect(await first.cli.ended).toBe(0);

    const second = await aServer();
    const after = createClient({ baseUrl: second.address, apiKey });
    const log = () => after.call('listRunEvents', { params: { id: run.id }, query: {} });
    await until(log, ({ events }) => events.some((event) => event.type === 'log' && event.message.includes('goes on')));
    await after.call('cancelRun', { params: { id: run.id } });
    await untilState(() => after.call('getRun', { params: { id: run.id } }), ['cancelled']);
  }, 40_000);

  it('keeps a starter workflow ready for a new owner', async () => {
    const { address } = await aServer();
    const client = createClient({ baseUrl: address, apiKey: await anOwner(address) });
    const { workflows } = await client.call('listWorkflows', {});
    expect(workflows).toMatchObject([{ name: 'Photo to carousel', nodeCount: 4 }]);
  });

  it('fails a step when the disk is full, lives on, and works again once there is room', async ({ skip }) => {
    if (!mountSmallDisk(data)) skip('only root may mount the small disk this needs');
    try {
      const { cli, address } = await aServer();
      const client = createClient({ baseUrl: address, apiKey: await anOwner(address) });
      const run = async (params: JsonObject) => {
        const graph = { ...slow, nodes: slow.nodes.map((node) => ({ ...node, params })) };
        const { id } = await client.call('createWorkflow', { body: { name: 'Patterns', graph } });
        const { id: runId } = await client.call('startRun', { params: { id }, body: {} });
        return untilState(() => client.call('getRun', { params: { id: runId } }), ['succeeded', 'failed']);
      };
      leaveRoomFor(4_000_000, data);
      expect(await run({ count: 30, width: 2000, height: 2000 })).toMatchObject({
        state: 'failed',
        error: { code: 'disk-full' },
      });
      const big = client.uploadFile(Buffer.alloc(30_000_000, 'a,b\n1,2\n'), { name: 'big.csv' });
      await expect(big).rejects.toMatchObject({ status: 507, code: 'disk-full' });
      expect(await run({ count: 1, width: 200, height: 200 })).toMatchObject({ state: 'succeeded', error: null });
      expect(await readdir(join(data, 'work'))).toEqual([]);
      cli.child.kill('SIGTERM');
      expect(await cli.ended).toBe(0);
    } finally {
      spawnSync('umount', ['--lazy', data]);
    }
  });

  it('ends by itself when it is asked to, with nothing left behind', async () => {
    const { cli, address } = await aServer();
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });

  it('says in a sentence that a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const cli = startCli(['start', '--port', String(port), '--data', data]);
    expect(await cli.ended).toBe(1);
    expect(cli.output()).toContain(`Port ${port} is taken`);
    expect(cli.output()).not.toContain('    at ');
    other.close();
  });

  it('says in a sentence that the data folder cannot be used, and lists every wrong setting', async () => {
    const file = join(data, 'a-file');
    await writeFile(file, '');
    const unwritable = startCli(['start', '--data', file]);
    expect(await unwritable.ended).toBe(1);
    expect(unwritable.output()).toContain(`The data folder ${file} cannot be used`);
    const wrong = startCli(['start', '--port', 'ninety'], { IMAGINARIUM_LOG_LEVEL: 'loud' });
    expect(await wrong.ended).toBe(1);
    expect(wrong.output()).toContain('IMAGINARIUM_PORT');
    expect(wrong.output()).toContain('IMAGINARIUM_LOG_LEVEL');
  });

  it('asks for the code in its terminal when other machines can reach it', async () => {
    const cli = startCli(['start', '--host', '0.0.0.0', '--port', '0', '--data', data]);
    started.push(cli);
    const [, code = ''] = await printed(cli, /Set-up code: \S*?([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})/);
    const [, port = ''] = await printed(cli, /ready at http:\/\/0\.0\.0\.0:(\d+)/);
    const address = `http://127.0.0.1:${port}`;
    const attempt = (given?: string) =>
      fetch(`${address}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: address },
        body: JSON.stringify({
          name: 'Ada',
          email: 'ada@example.com',
          password: 'correct horse battery',
          ...(given ? { code: given } : {}),
        }),
      });
    expect((await attempt()).status).toBe(403);
    expect((await attempt(code)).status).toBe(201);
  });
});
