import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@imaginarium/client';
import type { Graph, GraphNode } from '@imaginarium/protocol';
import { afterEach, expect, it } from 'vitest';
import { anApiKey } from '../testing/an-api-key.ts';
import { type CliProcess, printed, runCli, startCli } from '../testing/run-cli.ts';

let cli: CliProcess | undefined;
let folder = '';
let service: Server | undefined;
const scratch = join(realpathSync(import.meta.dirname), '../../../../.cache');
afterEach(async () => {
  cli?.child.kill('SIGKILL');
  await cli?.ended;
  service?.close();
  rmSync(folder, { recursive: true, force: true });
});

const nodesThatCall = (service: string) => `
import { defineNode, definePackage, port } from '@imaginarium/node-sdk';
const common = { version: 1, summary: 'S.', group: 'processing', icon: 'type', effects: 'idempotent', inputs: {} };
const look = defineNode({
  ...common, type: 'acme.look', title: 'Look', outputs: { pid: port.number(), refused: port.text(), said: port.text() },
  async execute({ http }) {
    const refused = await fetch('${service}').then(() => 'no', (error) => error.cause?.code ?? error.code);
    const { body } = await http.fetch('${service}');
    return { pid: process.pid, refused, said: new TextDecoder().decode(body) };
  },
});
const hang = defineNode({ ...common, type: 'acme.hang', title: 'Hang', outputs: {}, execute: () => { for (;;); } });
export default definePackage({ nodes: [look, hang] });
`;

const graphOf = (type: string): Graph => {
  const node: GraphNode = { id: 'n', type, version: 1, name: 'N', params: {}, position: { x: 0, y: 0 } };
  return { schema: 1, nodes: [node], edges: [], inputs: [], notes: [], settings: {} };
};

it('a server executes nodes of confined packages outside of itself, calls what they were granted, and goes on while one hangs', {
  timeout: 90_000,
}, async () => {
  // Inside the project, from where the kit is found.
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, 'confined-'));
  mkdirSync(join(folder, 'nodes'));
  service = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  const imaginarium = { api: 1, entry: './index.js', permissions: { net: [host] } };
  const manifest = { name: 'strange', version: '1.0.0', type: 'module', imaginarium };
  writeFileSync(join(folder, 'nodes/package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'nodes/index.js'), nodesThatCall(`http://${host}`));
  const settings = {
    IMAGINARIUM_CONFINED_PACKAGES: join(folder, 'nodes'),
    IMAGINARIUM_CONFINED_NET: `strange:${host}`,
    IMAGINARIUM_HTTP_ALLOW: '127.0.0.1',
  };
  const listed = await runCli(['node', 'list'], settings);
  expect([listed.code, listed.output]).toEqual([
    0,
    expect.stringMatching(/^@imaginarium\/nodes-base.* {2}trusted {3}\d+ node types$/m),
  ]);
  expect(listed.output).toContain(`confined  2 node types, may call ${host}`);
  cli = startCli(['start', '--port', '0', '--data', join(folder, 'data')], settings);
  const [, address = ''] = await printed(cli, /ready at (http:\/\/\S+)/, 60_000);
  const client = createClient({ baseUrl: address, apiKey: await anApiKey(address) });
  const { packages } = await client.call('listNodeTypes', {});
  expect(packages.at(-1)).toEqual({
    name: 'strange',
    version: '1.0.0',
    state: 'loaded',
    confined: { net: [host] },
    types: ['acme.look', 'acme.hang'],
  });

  const start = async (type: string) => {
    const { id } = await client.call('createWorkflow', { body: { name: type, graph: graphOf(type) } });
    return (await client.call('startRun', { params: { id }, body: {} })).id;
  };
  const runOf = (id: string) => client.call('getRun', { params: { id } });
  const stateOf = async (id: string) => (await runOf(id)).steps[0]?.state;
  const hanging = await start('acme.hang');
  await expect.poll(() => stateOf(hanging), { timeout: 20_000 }).toBe('running');
  const looking = await start('acme.look');
  await expect.poll(async () => (await runOf(looking)).state, { timeout: 40_000 }).toBe('succeeded');
  const { pid, refused, said } = (await runOf(looking)).steps[0]?.outputs ?? {};
  expect([refused?.[0]?.value, said?.[0]?.value]).toEqual(['ERR_ACCESS_DENIED', 'hello']);
  expect(pid?.[0]?.value).not.toBe(cli.child.pid);
  await client.call('cancelRun', { params: { id: hanging } });
  await expect.poll(async () => (await runOf(hanging)).state, { timeout: 20_000 }).toBe('cancelled');

  // A process that loops does not outlive a server that was killed.
  const again = await start('acme.hang');
  await expect.poll(() => stateOf(again), { timeout: 20_000 }).toBe('running');
  const children = () => childrenOf(folder);
  await expect.poll(() => children().length, { timeout: 40_000 }).toBeGreaterThan(0);
  cli.child.kill('SIGKILL');
  await cli.ended;
  await expect.poll(children, { timeout: 20_000 }).toEqual([]);
});

/** Processes that were started for a package in a folder. */
function childrenOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes('confined-main') && command.includes(folder);
    } catch {
      return false; // It has ended meanwhile.
    }
  });
}
