import { spawnSync } from 'node:child_process';
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

async function aServer(): Promise<{ cli: CliProcess; address: string }> {
  const cli = startCli(['start', '--port', '0', '--data', data]);
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

async function untilState(get: () => Promise<RunDetail>, states: string[], limitMs = 20_000): Promise<RunDetail> {
  const end = performance.now() + limitMs;
  for (;;) {
    const run = await get();
    if (states.includes(run.state)) return run;
    if (performance.now() > end) throw new Error(`the run is ${run.state}, not ${states.join(' or ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('imaginarium start', () => {
  it('shows a run as interrupted after the server was killed in the middle of it, and runs it again', async () => {
    const first = await aServer();
    const apiKey = await anOwner(first.address);
    const before = createClient({ baseUrl: first.address, apiKey });
    const { id } = await before.call('createWorkflow', { body: { name: 'Slow', graph: slow } });
    const run = await before.call('startRun', { params: { id }, body: {} });
    await untilState(() => before.call('getRun', { params: { id: run.id } }), ['running']);
    first.cli.child.kill('SIGKILL');
    await first.cli.ended;

    const second = await aServer();
    const after = createClient({ baseUrl: second.address, apiKey });
    const ended = await untilState(() => after.call('getRun', { params: { id: run.id } }), ['failed']);
    expect(ended.error).toMatchObject({ code: 'run-interrupted' });
    expect((await after.call('getWorkflow', { params: { id } })).draft.nodes).toHaveLength(1);
    const again = await after.call('repeatRun', { params: { id: run.id } });
    expect(again).toMatchObject({ state: 'queued', workflowId: id });
    await after.call('cancelRun', { params: { id: again.id } });
    await untilState(() => after.call('getRun', { params: { id: again.id } }), ['cancelled']);
  });

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
