import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@imaginarium/client';
import type { Graph, GraphNode } from '@imaginarium/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type CliProcess, printed, runCli, startCli } from '../testing/run-cli.ts';

const started: CliProcess[] = [];
const folders: string[] = [];
const scratch = join(realpathSync(import.meta.dirname), '../../../../.cache');
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.child.kill('SIGKILL');
    await cli.ended;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Two nodes: a light one that takes its time, and one that says a word in a media process. */
const nodes = (word: string) => `
import { defineNode, definePackage, port } from '@imaginarium/node-sdk';
const common = { version: 1, summary: 'S.', group: 'processing', icon: 'type', effects: 'idempotent' } as const;
const wait = defineNode({
  ...common, type: 'acme.wait', title: 'Wait', inputs: {}, outputs: { done: port.text() },
  execute: async () => { await new Promise((resolve) => setTimeout(resolve, 4000)); return { done: 'yes' }; },
});
const say = defineNode({
  ...common, type: 'acme.say', title: 'Say', inputs: { after: port.text() }, outputs: { word: port.text() },
  resources: { pool: 'media', memoryMb: 50 }, execute: () => ({ word: ${JSON.stringify(word)} }),
});
export default definePackage({ nodes: [wait, say] });
`;

function aPackage(): { folder: string; save(text: string): void } {
  // Inside the project, from where the kit is found.
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, 'node-dev-'));
  folders.push(folder);
  mkdirSync(join(folder, 'src'));
  const manifest = {
    name: 'my-nodes',
    version: '0.1.0',
    type: 'module',
    imaginarium: { api: 1, entry: './dist/index.js' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const save = (text: string) => writeFileSync(join(folder, 'src/index.ts'), text);
  save(nodes('old'));
  return { folder, save };
}

async function anApiKey(address: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: address };
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const setUp = await fetch(`${address}/api/v1/setup`, { method: 'POST', headers, body: JSON.stringify(owner) });
  const cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const request = { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify({ name: 'test' }) };
  return ((await (await fetch(`${address}/api/v1/api-keys`, request)).json()) as { key: string }).key;
}

const placed = (id: string, type: string): GraphNode => ({
  ...{ id, type, version: 1, name: id, params: {}, position: { x: 0, y: 0 } },
});
const graph: Graph = {
  ...{ schema: 1, nodes: [placed('wait', 'acme.wait'), placed('say', 'acme.say')] },
  edges: [{ id: 'e', from: { node: 'wait', port: 'done' }, to: { node: 'say', port: 'after' } }],
  ...{ inputs: [], notes: [], settings: {} },
};

describe('imaginarium node dev', () => {
  it('serves what is saved, ends runs with what they began with, and tells editors', { timeout: 90_000 }, async () => {
    const { folder, save } = aPackage();
    const cli = startCli(['node', 'dev', folder, '--port', '0']);
    started.push(cli);
    await printed(cli, /loaded my-nodes 0\.1\.0 in \d+ ms: acme\.wait@1, acme\.say@1/, 60_000);
    const [, address = ''] = await printed(cli, /ready at (http:\/\/\S+)/, 30_000);
    const client = createClient({ baseUrl: address, apiKey: await anApiKey(address) });
    let told = 0;
    const stop = client.live.onNodeTypes(() => told++);
    await expect.poll(() => told, { timeout: 10_000 }).toBe(1);

    const { id } = await client.call('createWorkflow', { body: { name: 'Say', graph } });
    const run = async () => (await client.call('startRun', { params: { id }, body: {} })).id;
    const wordOf = async (runId: string) => {
      const { state, steps } = await client.call('getRun', { params: { id: runId } });
      return state === 'succeeded' ? steps.find(({ node }) => node === 'say')?.outputs.word?.[0]?.value : state;
    };
    const before = await run();
    await expect.poll(() => wordOf(before), { timeout: 10_000 }).toBe('running');
    save(nodes('new'));
    await expect.poll(() => cli.output().match(/loaded my-nodes/g)?.length, { timeout: 20_000 }).toBe(2);
    await expect.poll(() => told, { timeout: 10_000 }).toBe(2);
    const after = await run();
    await expect.poll(() => wordOf(before), { timeout: 30_000 }).toBe('old');
    await expect.poll(() => wordOf(after), { timeout: 30_000 }).toBe('new');

    save('export default {{;');
    await printed(cli, /not loaded my-nodes: src\/index\.ts:1: .+\n.*The nodes stay as they were before\./, 20_000);
    const { packages } = await client.call('listNodeTypes', {});
    expect(packages.at(-1)).toMatchObject({
      ...{ name: 'my-nodes', state: 'loaded', development: true },
      error: expect.stringMatching(/^src\/index\.ts:1: /),
    });
    stop();
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
  });

  it('says what is wrong with the folder or the settings', { timeout: 60_000 }, async () => {
    const missing = await runCli(['node', 'dev', '/nowhere', '--data', aPackage().folder]);
    expect(missing.output).toContain(
      '/nowhere cannot be loaded as a node package: There is no package.json in /nowhere.',
    );
    const settings = { IMAGINARIUM_QUEUE: 'redis', IMAGINARIUM_REDIS_URL: 'redis://127.0.0.1:1' };
    const shared = await runCli(['node', 'dev', aPackage().folder], settings);
    expect([missing.code, shared.code]).toEqual([1, 2]);
    expect(shared.output).toContain('IMAGINARIUM_QUEUE is redis: other workers would not have what you save.');
  });
});
