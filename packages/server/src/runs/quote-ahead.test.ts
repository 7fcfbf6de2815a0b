import { executeRun, type NodeRegistry } from '@imaginarium/engine';
import { noFiles, RunHarness } from '@imaginarium/engine/testing';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { SqlStepCache } from '../adapters/typeorm/runs/step-cache.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { BUILT_IN_PRICES } from '../credits/built-in-prices.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph, testNodes } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

/** Says something louder, which costs 40 credits and is kept; saying it is free. */
function loudGraph() {
  const graph = sayGraph();
  const [say] = graph.nodes;
  graph.nodes.push({ ...say, id: 'loud', name: 'Loud', type: 'test.loud', version: 1, params: {} } as never);
  graph.edges.push({ id: 'e', from: { node: 'say', port: 'text' }, to: { node: 'loud', port: 'text' } });
  return graph;
}

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  test('what the cache has is free in the quote, when the run is accepted and where a price was agreed to', async () => {
    const app = await testApp({ config: { credits: { mode: 'metered', startGrant: 50 } } }, kind);
    const { call } = await setUpOwner(app);
    const { version: _version, ...prices } = BUILT_IN_PRICES;
    const rules = [
      { type: 'test.say', credits: 0, per: 'item' },
      { type: 'test.loud', credits: 40, per: 'item' },
    ];
    await call('savePrices', { body: { after: 0, prices: { ...prices, rules } } });
    const body = { name: 'Loud', graph: loudGraph() };
    const { id } = (await call('createWorkflow', { body })).body;
    const quote = async (inputs = {}) => (await call('quoteRun', { params: { id }, body: { inputs } })).body;
    const start = (more: object = {}) => call('startRun', { params: { id }, body: more });
    expect(await quote()).toMatchObject({ total: 40, wallet: { available: 50, after: 10 } });

    const execute = async (runId: string) => {
      const lease = await app.runStore.claim(runId, 'test', 60_000);
      const record = await app.runStore.load(runId);
      if (!lease || !record) throw new Error('the run could not be claimed');
      const { services } = new RunHarness(testNodes, {
        ...{ registry: app.deps.catalogue as NodeRegistry, store: app.runStore, openFiles: () => noFiles },
        cache: new SqlStepCache(app.database),
      });
      await executeRun(record, lease, services, new AbortController().signal);
    };
    await execute((await start()).body.id);

    expect(await quote()).toMatchObject({ total: 0, most: 0, wallet: { available: 10, after: 10 } });
    expect((await quote()).nodes).toMatchObject([{ cache: 'no' }, { node: 'loud', credits: 0, cache: 'yes' }]);
    const again = await start({ maxCredits: 0 });
    expect([again.status, again.body.creditsQuoted]).toEqual([202, 0]);
    expect(await quote({ greeting: 'something else' })).toMatchObject({ total: 40, wallet: { after: -30 } });
    const other = await start({ inputs: { greeting: 'something else' } });
    expect([other.status, other.body.error.details]).toEqual([402, { missing: 30 }]);

    // Its kept result is forgotten before it begins: nobody agreed to pay for that step.
    await call('grantCredits', { body: { amount: 100, reason: 'More' }, headers: { 'idempotency-key': 'more' } });
    await app.database.write(({ sql }) => sql`DELETE FROM step_cache`);
    await execute(again.body.id);
    expect((await call('getRun', { params: { id: again.body.id } })).body).toMatchObject({
      ...{ state: 'failed', creditsSpent: 0, error: { code: 'price-changed', node: 'loud' } },
    });
    expect((await call('getWallet')).body).toMatchObject({ balance: 110, reserved: 0 });
  });

  test('a quote says what nodes say of themselves before a run', async () => {
    const { call } = await setUpOwner(await testApp({}, kind));
    const graph = sayGraph();
    graph.nodes.push({ ...graph.nodes[0], id: 'show', name: 'Show', type: 'test.show', params: {} } as never);
    const { id } = (await call('createWorkflow', { body: { name: 'Show', graph } })).body;
    const { nodes } = (await call('quoteRun', { params: { id }, body: { inputs: {} } })).body;
    expect(nodes).toMatchObject([{ node: 'say' }, { node: 'show', remarks: ['There is no photo to show.'] }]);
    expect(nodes[0]).not.toHaveProperty('remarks');
  });

  test('nothing is said of what another workspace has kept', async () => {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    const { id } = (await call('createWorkflow', { body: { name: 'Loud', graph: loudGraph() } })).body;
    const stranger = await strangerOf(app);
    expect((await stranger.call('quoteRun', { params: { id }, body: {} })).status).toBe(404);
  });
});
