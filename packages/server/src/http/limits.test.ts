import type { Graph } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { type AppChanges, closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('limits on $name', (kind) => {
  async function world(changes: AppChanges) {
    const app = await testApp(changes, kind);
    const { call } = await setUpOwner(app);
    const create = (graph: Graph = sayGraph(), by = call) =>
      by('createWorkflow', { body: { name: 'Greeting', graph } });
    return { ...app, call, create };
  }

  /** A graph that says as many texts as it has names. */
  function saying(...names: string[]): Graph {
    const [node] = sayGraph().nodes;
    if (!node) throw new Error('The graph has no node.');
    return { ...sayGraph(), inputs: [], nodes: names.map((id) => ({ ...node, id, name: id })) };
  }

  test('a person creates so many workflows in 15 minutes, then is told for how long to wait', async () => {
    const { create, call } = await world({ limits: { workflows: 2 } });
    const statuses = [await create(), await create()].map(({ status }) => status);
    expect(statuses).toEqual([201, 201]);
    const refused = await create();
    expect([refused.status, refused.body.error]).toMatchObject([
      429,
      {
        code: 'too-many-requests',
        message: 'One person may create at most 2 workflows in 15 minutes. Try again in 15 minutes.',
        details: { limit: 2, used: 2 },
      },
    ]);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(800);
    expect(seconds).toBeLessThanOrEqual(900);
    expect((await call('listWorkflows')).body.workflows).toHaveLength(2);
  });

  test('a graph that is refused counts for nothing', async () => {
    const { create } = await world({ limits: { workflows: 1 } });
    expect((await create({ schema: 99 } as never)).status).toBe(422);
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
  });

  test('items of a limited node type are counted when a run is accepted, all of them or none', async () => {
    const { create, call } = await world({ limits: { hourlyItems: { 'test.say': 3 } } });
    const start = (id: string, headers = {}) => call('startRun', { params: { id }, body: {}, headers });
    const [one, two, four] = await Promise.all(
      [saying('a'), saying('a', 'b'), saying('a', 'b', 'c', 'd')].map(async (graph) => (await create(graph)).body.id),
    );
    const tooLarge = await start(four);
    expect([tooLarge.status, tooLarge.body.error.code]).toEqual([422, 'batch-too-large']);
    expect(tooLarge.body.error.message).toBe(
      'a: expected at most 3 items, which is what one person may run in an hour, received 4. Run them in several batches.',
    );
    expect((await start(two, { 'idempotency-key': 'k' })).status).toBe(202);
    // The same request again is the same run.
    expect((await start(two, { 'idempotency-key': 'k' })).status).toBe(202);
    const refused = await start(two);
    expect([refused.status, refused.body.error.message]).toEqual([
      429,
      'a: one person may run at most 3 items in an hour; 2 are taken, and this run has 2. Try again in 60 minutes.',
    ]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500);
    expect((await start(one)).status).toBe(202);
    expect((await start(one)).status).toBe(429);
    expect((await call('listRuns')).body.runs).toHaveLength(2);
  });

  test('a node that is turned off counts for nothing, and neither does a run that nobody can pay', async () => {
    const { create, call } = await world({
      config: { credits: { mode: 'metered', startGrant: 3 } },
      limits: { hourlyItems: { 'test.say': 2 } },
    });
    const start = async (graph: Graph) =>
      (await call('startRun', { params: { id: (await create(graph)).body.id }, body: {} })).status;
    expect([await start(saying('a', 'b')), await start(saying('a', 'b'))]).toEqual([402, 402]);
    const partlyOff = saying('a', 'b', 'c');
    const nodes = partlyOff.nodes.map((node) => (node.id === 'a' ? node : { ...node, disabled: true }));
    expect(await start({ ...partlyOff, nodes })).toBe(202);
  });
});
