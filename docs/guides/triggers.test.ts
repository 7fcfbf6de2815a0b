import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServer, type RunningServer } from '@imaginarium/server/compose';
import { loadConfig } from '@imaginarium/server/config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readText, root } from '../markdown.ts';

const page = readText('docs/guides/triggers.md');
const blocks = [...page.matchAll(/^```(json|js) (\w+)(?: (\d+))?\n([\s\S]*?)^```$/gm)].map(
  ([, , part = '', status = '', text = '']) => ({ part, status: Number(status), text }),
);
/** Each graph of the page, with what it is sent and what comes back. */
const shown = blocks.flatMap((block, at) =>
  block.part === 'graph'
    ? [{ graph: JSON.parse(block.text), request: blocks[at + 1]?.text ?? '', told: blocks[at + 2] }]
    : [],
);
const nodesBase = { folder: `${root}packages/nodes-base`, entry: './src/index.ts' };

let dataDir: string;
let server: RunningServer;
let address: string;
let headers: Record<string, string>;

async function start(): Promise<void> {
  const config = loadConfig({
    IMAGINARIUM_DATA_DIR: dataDir,
    IMAGINARIUM_WORKFLOW_LIMIT: '0',
    IMAGINARIUM_PORT: '0',
    IMAGINARIUM_LOG_LEVEL: 'error',
  });
  server = await composeServer(config, { packages: [nodesBase], version: '0.0.0', editorFolder: null });
  address = await server.listen();
}

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: { ...headers, origin: address, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return { body: answer.status === 204 ? undefined : await answer.json(), cookie: answer.headers.getSetCookie()[0] };
}

/** Makes a workflow with one version, and lets it listen. */
async function listen(graph: object) {
  const { id } = (await call('POST', '/workflows', { name: 'Shown', graph })).body;
  await call('POST', `/workflows/${id}/versions`, {});
  const { triggers } = (await call('POST', `/workflows/${id}/activation`, { version: 1 })).body;
  return { id, trigger: triggers[0] as { path: string; secret: string } };
}

function deliver(path: string, body: string, more: Record<string, string> = {}) {
  return fetch(address + path, { method: 'POST', headers: { 'content-type': 'application/json', ...more }, body });
}

/** What came back, with `...` for what differs in every run. */
async function told(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (!answer.headers.get('content-type')?.startsWith('application/json')) return text;
  return JSON.parse(text, (key, value) => (key === 'runId' || key === 'value' ? '...' : value));
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'imaginarium-triggers-'));
  await start();
  headers = {};
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  headers = { cookie: (await call('POST', '/setup', owner)).cookie?.split(';')[0] ?? '' };
});
afterAll(async () => {
  await server.stop(0);
  await rm(dataDir, { recursive: true, force: true });
});

describe('docs/guides/triggers.md', () => {
  test('shows with each graph a request and its answer', () => {
    expect(shown).toHaveLength(3);
    for (const { told: answer } of shown) expect(answer?.part).toBe('answer');
  });

  test.each(shown)('shows what a request comes to: $graph.nodes.0.name', async ({ graph, request, told: answer }) => {
    const { trigger } = await listen(graph);
    const came = await deliver(trigger.path, request);
    expect([came.status, await told(came)]).toEqual([answer?.status, JSON.parse(answer?.text ?? '')]);
  });

  test('shows how to sign, and says of repeats and of unsigned requests what holds', async () => {
    const code = blocks.find(({ part }) => part === 'sign')?.text ?? '';
    const { signedHeaders } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const [graph] = structuredClone(shown.map((one) => one.graph));
    graph.nodes[0].params = { signed: true, respond: 'end' };
    const { trigger } = await listen(graph);
    const signed = signedHeaders(trigger.secret, 'order-1', '{"a":1}');
    expect((await deliver(trigger.path, '{"a":1}', signed)).status).toBe(200);
    const again = await deliver(trigger.path, '{"a":1}', signed);
    expect([again.status, await again.json()]).toMatchObject([202, { repeated: true }]);
    expect((await deliver(trigger.path, '{"a":2}', signed)).status).toBe(401);
    expect((await deliver(trigger.path, '{"a":1}')).status).toBe(401);
  });

  test('says that paths and schedules outlive a restart', async () => {
    const { trigger } = await listen(shown[0]?.graph);
    const clock = { id: 'clock', type: 'trigger.schedule', version: 1, name: 'Clock' };
    const { id } = await listen({ schema: 1, nodes: [{ ...clock, params: { cron: '*/10 * * * * *' } }], edges: [] });
    await server.stop(0);
    await start();
    expect((await deliver(trigger.path, '{}')).status).toBe(202);
    const runs = async () => (await call('GET', `/runs?workflowId=${id}`)).body.runs;
    await expect
      .poll(runs, { timeout: 15_000, interval: 250 })
      .toMatchObject([{ trigger: 'schedule', state: 'succeeded' }]);
  }, 30_000);

  test('names times that can be kept', async () => {
    const rows = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cron]) => cron);
    expect(rows).toHaveLength(4);
    for (const cron of rows) {
      const clock = { id: 'clock', type: 'trigger.schedule', version: 1, name: 'Clock', params: { cron } };
      const { trigger } = await listen({ schema: 1, nodes: [clock], edges: [] });
      expect(trigger).toMatchObject({ nextAt: expect.any(String), path: null });
    }
  });
});
