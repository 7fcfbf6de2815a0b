import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { BUILT_IN_PRICES } from '../credits/built-in-prices.ts';
import { closeTestApps } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';
import { creditWorld } from './testing/credit-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (startGrant?: number) => creditWorld(kind, startGrant);

  test('a run is charged what it was quoted, also when the price has changed since', async () => {
    const { call, id, start, save } = await world(100);
    expect((await call('quoteRun', { params: { id }, body: {} })).body).toMatchObject({
      ...{ total: 3, least: 3, most: 3, currency: 'IDR', amount: 300, wallet: { available: 100, after: 97 } },
    });
    const saved = await save(0, 7);
    expect(saved.body).toMatchObject({ version: 1, history: [{ version: 1, createdBy: 'Ada' }, { version: 0 }] });
    const agreed = await start({ maxCredits: 3 });
    expect([agreed.status, agreed.body.error.code, agreed.body.error.details]).toEqual([
      409,
      'price-changed',
      { total: 7 },
    ]);
    const run = await start({ maxCredits: 7 });
    expect([run.status, run.body.creditsQuoted]).toEqual([202, 7]);
    await save(1, 9);
    const receipt = await call('getReceipt', { params: { id: run.body.id } });
    expect(receipt.body).toMatchObject({ account: 'wallet', state: 'open', reserved: 7, spent: 0, priceVersion: 1 });
    expect((await call('quoteRun', { params: { id }, body: {} })).body.total).toBe(9);
    const late = await save(1, 8);
    expect([late.status, late.body.error.code]).toEqual([409, 'prices-conflict']);
  });

  test('more items than a price allows at once are refused before the run', async () => {
    const { call, id, start } = await world();
    const { version: _version, ...prices } = BUILT_IN_PRICES;
    const rules = [{ type: 'test.loud', credits: 1, per: 'item', limit: 2 }];
    await call('savePrices', { body: { after: 0, prices: { ...prices, rules } } });
    const graph = sayGraph();
    const node = (key: string, type: string, params: object) => ({
      ...graph.nodes[0],
      id: key,
      name: key,
      type,
      params,
    });
    graph.nodes.push(node('loud', 'test.loud', {}) as never);
    const addOne = async (key: string, revision: number) => {
      if (key !== 'say') graph.nodes.push(node(key, 'test.say', { text: key }) as never);
      graph.edges.push({ id: key, from: { node: key, port: 'text' }, to: { node: 'loud', port: 'text' } });
      await call('saveDraft', { params: { id }, body: { graph, revision } });
    };
    await addOne('say', 1);
    await addOne('b', 2);
    expect((await call('quoteRun', { params: { id }, body: {} })).body.total).toBe(8);
    await addOne('c', 3);
    const refused = await start();
    expect([refused.status, refused.body.error.code, refused.body.error.details]).toEqual([
      422,
      'batch-too-large',
      { node: 'loud', limit: 2, items: 3 },
    ]);
  });

  test('the owner sees what prices would change before they publish them, and goes back to older ones', async () => {
    const { call, id, start, save } = await world(100);
    const { version: _version, ...prices } = BUILT_IN_PRICES;
    const rules = [{ type: 'test.say', credits: 8, per: 'item', limit: 1 }];
    const preview = await call('previewPrices', { body: { prices: { ...prices, rules } } });
    const free = { total: 3, least: 3, most: 3, refused: null };
    expect(preview.body).toEqual({
      version: 0,
      workflows: [{ id, name: 'Greeting', before: free, after: { total: 8, least: 8, most: 8, refused: null } }],
    });
    expect((await call('getPrices')).body.version).toBe(0);
    await save(0, 5);
    await save(1, 6);
    expect((await call('getPrices')).body).toMatchObject({ version: 2, rules: [{ credits: 6 }] });
    const first = (await call('getPrices', { query: { version: 1 } })).body;
    expect(first).toMatchObject({ version: 1, rules: [{ type: 'test.say', credits: 5 }] });
    const { rules: old, bundles, currency } = first;
    await call('savePrices', { body: { after: 2, prices: { rules: old, bundles, currency } } });
    expect((await start()).body.creditsQuoted).toBe(5);
    expect((await call('getPrices', { query: { version: 0 } })).body.rules).toEqual(BUILT_IN_PRICES.rules);
    const missing = await call('getPrices', { query: { version: 9 } });
    expect([missing.status, missing.body.error.code]).toEqual([404, 'not-found']);
    const wrong = { ...prices, rules: [{ type: 'test.say', credits: -1, per: 'item' }] };
    const refused = await call('previewPrices', { body: { prices: wrong } });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'bad-request']);
  });
});
