import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServer, type RunningServer } from '@imaginarium/server/compose';
import { loadConfig } from '@imaginarium/server/config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readText, root } from '../markdown.ts';

const page = readText('docs/guides/wait-and-approve.md');
const graphs = Object.fromEntries(
  [...page.matchAll(/^```json graph (\w+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [
    name,
    JSON.parse(text),
  ]),
);
const shown = (part: string) => new RegExp(`^\`\`\`json ${part}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
const nodesBase = { folder: `${root}packages/nodes-base`, entry: './src/index.ts' };

let dataDir: string;
let server: RunningServer;
let address: string;
let headers: Record<string, string> = {};

async function start(): Promise<void> {
  const config = loadConfig({
    ...{ IMAGINARIUM_DATA_DIR: dataDir, IMAGINARIUM_PORT: '0', IMAGINARIUM_LOG_LEVEL: 'error' },
    IMAGINARIUM_WORKFLOW_LIMIT: '0',
    // With room for one run, a run that held its place while it waits would wait for ever.
    IMAGINARIUM_CONCURRENCY: '1',
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

/** Makes a workflow with one version. */
async function publish(graph: object, name = 'Shown'): Promise<string> {
  const { id } = (await call('POST', '/workflows', { name, graph })).body;
  await call('POST', `/workflows/${id}/versions`, {});
  return id;
}

async function run(workflow: string, inputs: object = {}): Promise<string> {
  return (await call('POST', `/workflows/${workflow}/runs`, { version: 1, inputs })).body.id;
}

const get = async (id: string) => (await call('GET', `/runs/${id}`)).body;
const reaches = (id: string, state: string) =>
  expect.poll(async () => (await get(id)).state, { timeout: 15_000, interval: 50 }).toBe(state);
const waitsOf = async (runId: string) => (await call('GET', `/waits?runId=${runId}`)).body.waits;
/** What left a node, as `{ value, ...fields }`. */
async function left(id: string, node: string, port = 'item') {
  const { steps } = await get(id);
  const items = steps.find((step: { node: string }) => step.node === node)?.outputs[port] ?? [];
  return items.map(({ value, fields }: { value: unknown; fields: object }) => ({ value, ...fields }));
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'imaginarium-waits-'));
  await start();
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  headers = { cookie: (await call('POST', '/setup', owner)).cookie?.split(';')[0] ?? '' };
});
afterAll(async () => {
  await server.stop(0);
  await rm(dataDir, { recursive: true, force: true });
});

describe('docs/guides/wait-and-approve.md', () => {
  test('shows how a person is asked, across a restart', async () => {
    const workflow = await publish(graphs.approve);
    const [yes, no] = [await run(workflow), await run(workflow)];
    await reaches(yes, 'waiting');
    await reaches(no, 'waiting');
    await server.stop(0);
    await start();
    const { waits, total } = (await call('GET', '/waits?kind=approval')).body;
    expect([total, waits[0]]).toMatchObject([
      2,
      {
        ...{ runId: yes, name: 'Ask Ada', mayAnswer: true, path: null },
        about: { message: 'May this cover be printed?', role: 'admin', items: 1, pictures: [{ kind: 'image' }] },
      },
    ]);
    const answer = (of: string, body: object) =>
      call('POST', `/waits/${waits.find((wait: { runId: string }) => wait.runId === of).id}/answer`, body);
    await answer(yes, { decision: 'approved' });
    await answer(no, { decision: 'rejected', comment: 'Too dark.' });
    await expect(answer(no, { decision: 'approved' })).rejects.toThrow('not-found');
    await reaches(yes, 'succeeded');
    await reaches(no, 'succeeded');
    expect(await left(yes, 'print')).toMatchObject([{ by: 'Ada', decision: 'approved' }]);
    expect([await left(no, 'again'), await left(no, 'print')]).toMatchObject([[{ why: 'Too dark.' }], []]);
  }, 40_000);

  test('shows how a run waits until a moment', async () => {
    const workflow = await publish(graphs.time);
    const id = await run(workflow, { at: new Date(Date.now() + 6_000).toISOString() });
    await reaches(id, 'waiting');
    await reaches(id, 'succeeded');
    expect(await left(id, 'after')).toEqual([{ value: 'Good morning' }]);
    const past = await run(workflow, { at: '2020-01-01' });
    await reaches(past, 'succeeded');
  }, 40_000);

  test('shows how a run waits for a call', async () => {
    const id = await run(await publish(graphs.call));
    await reaches(id, 'waiting');
    const [{ path }] = await waitsOf(id);
    const post = (to: string) =>
      fetch(address + to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: shown('request') });
    expect((await post(`${path}x`)).status).toBe(404);
    const answer = await post(path);
    expect([answer.status, await answer.json()]).toEqual([202, { ...JSON.parse(shown('answer 202')), runId: id }]);
    expect((await post(path)).status).toBe(404);
    await reaches(id, 'succeeded');
    expect(await left(id, 'paid')).toEqual([{ value: { amount: 12 }, amount: 12, sum: 12 }]);
  }, 40_000);

  test('shows how a workflow runs another one, with room for one run at a time', async () => {
    const child = await publish(graphs.child, 'Greeting');
    const graph = structuredClone(graphs.parent);
    graph.nodes[1].params.workflow = `${child}@1`;
    const id = await run(await publish(graph));
    await reaches(id, 'succeeded');
    expect((await left(id, 'run')).map(({ greeting }: { greeting: string }) => greeting)).toEqual([
      'Hello Ada',
      'Hello Grace',
    ]);
    const { runs } = (await call('GET', `/runs?workflowId=${child}`)).body;
    expect(runs).toMatchObject([1, 2].map(() => ({ trigger: 'run', version: 1, parent: { runId: id, node: 'run' } })));
  }, 40_000);

  test('says what becomes of a workflow that fails, is cancelled, or would start itself', async () => {
    const stop = { id: 'stop', type: 'flow.stop', version: 1, name: 'Stop', params: { message: 'No paper.' } };
    const broken = structuredClone(graphs.child);
    broken.nodes.push(stop);
    broken.edges.push({ id: 'e2', from: { node: 'greet', port: 'item' }, to: { node: 'stop', port: 'item' } });
    const parent = (child: string) => {
      const graph = structuredClone(graphs.parent);
      graph.nodes[1].params.workflow = `${child}@1`;
      return graph;
    };
    const failing = await run(await publish(parent(await publish(broken, 'Broken'))));
    await reaches(failing, 'failed');
    expect((await get(failing)).error.message).toMatch(/^The run [0-9a-f-]{36} failed: No paper\.$/);

    const asked = await publish({
      ...graphs.approve,
      inputs: [{ key: 'name', to: [{ node: 'ask', param: 'message' }] }],
    });
    const cancelled = await run(await publish(parent(asked)));
    await expect.poll(async () => (await waitsOf(cancelled)).length, { timeout: 15_000 }).toBe(2);
    const children = (await waitsOf(cancelled)).map((wait: { about: { runId: string } }) => wait.about.runId);
    for (const child of children) await reaches(child, 'waiting');
    await call('POST', `/runs/${cancelled}/cancel`);
    for (const one of [cancelled, ...children]) await reaches(one, 'cancelled');

    const { id: circle } = (await call('POST', '/workflows', { name: 'Circle', graph: graphs.parent })).body;
    await call('PUT', `/workflows/${circle}/draft`, { graph: parent(circle), revision: 1 });
    await call('POST', `/workflows/${circle}/versions`, {});
    const round = await run(circle);
    await reaches(round, 'failed');
    expect((await get(round)).error.message).toContain('would start itself');
  }, 60_000);

  test('shows what starts when a run fails, once each, and never for failures of its own', async () => {
    const stop = { id: 'stop', type: 'flow.stop', version: 1, name: 'Stop', params: { message: 'No paper.' } };
    const text = { id: 'text', type: 'input.text', version: 1, name: 'Text', params: { text: 'x' } };
    const edges = [{ id: 'e1', from: { node: 'text', port: 'text' }, to: { node: 'stop', port: 'item' } }];
    const breaking = { schema: 1, nodes: [text, stop], edges };
    const named = await publish(graphs.failure, 'Named');
    const alarming = structuredClone(graphs.failure);
    alarming.nodes.push({ ...stop, params: { message: 'The alarm is broken.' } });
    alarming.edges.push({ id: 'e2', from: { node: 'line', port: 'item' }, to: { node: 'stop', port: 'item' } });
    const listening = await publish(alarming, 'Listening');
    await call('POST', `/workflows/${listening}/activation`, { version: 1 });
    const failed = await run(await publish({ ...breaking, settings: { onFailure: named } }, 'Printing'));
    const runsOf = async (workflow: string) => (await call('GET', `/runs?workflowId=${workflow}`)).body.runs;
    for (const workflow of [named, listening]) {
      await expect
        .poll(() => runsOf(workflow), { timeout: 15_000 })
        .toMatchObject([
          { trigger: 'failure', inputs: { trigger: { runId: failed, step: { node: 'stop', name: 'Stop' } } } },
        ]);
    }
    const [told] = await runsOf(named);
    await reaches(told.id, 'succeeded');
    expect(await left(told.id, 'line')).toMatchObject([{ line: 'Printing: No paper.' }]);
    const [alarm] = await runsOf(listening);
    await reaches(alarm.id, 'failed');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect([(await runsOf(named)).length, (await runsOf(listening)).length]).toEqual([1, 1]);
  }, 60_000);
});
