import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { aCharge } from '../adapters/typeorm/testing/a-charge.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { BUILT_IN_PRICES } from '../credits/built-in-prices.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  async function world(startGrant = 10) {
    const app = await testApp({ config: { credits: { mode: 'metered', startGrant } } }, kind);
    const { call } = await setUpOwner(app);
    const { id } = (await call('createWorkflow', { body: { name: 'Greeting', graph: sayGraph() } })).body;
    const start = async (body: object = {}) => call('startRun', { params: { id }, body });
    const move = (
      name: 'grantCredits' | 'recordPurchase' | 'withdrawCredits',
      body: object,
      key: string = randomUUID(),
    ) => call(name, { body, headers: { 'idempotency-key': key } });
    const { version: _version, ...prices } = BUILT_IN_PRICES;
    const save = (after: number, credits: number) => {
      const rules = [{ type: 'test.say', credits, per: 'item' }];
      return call('savePrices', { body: { after, prices: { ...prices, rules } } });
    };
    return { ...app, call, id, start, move, save };
  }

  test('a wallet starts with its grant, and its owner gives, sells and takes credits with a reason', async () => {
    const { call, move } = await world();
    expect((await call('getWallet')).body).toEqual({
      ...{ mode: 'metered', balance: 10, reserved: 0, available: 10, spent: 0, mayManage: true },
      currency: { code: 'IDR', perCredit: 100 },
    });
    const granted = await move('grantCredits', { amount: 5, reason: 'Welcome' }, 'g-1');
    expect([granted.status, granted.body]).toMatchObject([
      201,
      { kind: 'grant', change: 5, balance: 15, actorName: 'Ada' },
    ]);
    expect((await move('grantCredits', { amount: 5, reason: 'Welcome' }, 'g-1')).body).toEqual(granted.body);
    const other = await move('grantCredits', { amount: 6, reason: 'Welcome' }, 'g-1');
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency-mismatch']);
    await move('recordPurchase', { amount: 100, reason: 'Invoice 7' });
    await move('withdrawCredits', { amount: 15, reason: 'Mistake' });
    const tooMuch = await move('withdrawCredits', { amount: 101, reason: 'Mistake' });
    expect([tooMuch.status, tooMuch.body.error.details]).toEqual([402, { missing: 1 }]);
    const { transfers } = (await call('listTransfers', { query: { limit: 9 } })).body;
    expect(transfers.map(({ kind: why, balance }: { kind: string; balance: number }) => [why, balance])).toEqual([
      ['withdrawal', 100],
      ['purchase', 115],
      ['grant', 15],
      ['grant', 10],
    ]);
  });

  test.each([-1, 0, 0.1, '1', '1e3', null, 2 ** 53])(
    'refuses %j as an amount, and says what is expected',
    async (amount) => {
      const { call, move } = await world();
      for (const name of ['grantCredits', 'recordPurchase', 'withdrawCredits'] as const) {
        const answer = await move(name, { amount, reason: 'Because' });
        expect([answer.status, answer.body.error.code]).toEqual([400, 'bad-request']);
        expect(answer.body.error.message).toContain('expected a whole number of credits from 1');
      }
      expect((await call('getWallet')).body.balance).toBe(10);
    },
  );

  test('asks for a key, a reason, a workspace that is there, and for the owner of the server', async () => {
    const app = await world();
    const keyless = await app.call('grantCredits', { body: { amount: 1, reason: 'Because' } });
    expect([keyless.status, keyless.body.error.message]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
    expect((await app.move('grantCredits', { amount: 1, reason: ' ' })).status).toBe(400);
    const nowhere = await app.move('grantCredits', { amount: 1, reason: 'Because', workspaceId: randomUUID() });
    expect([nowhere.status, nowhere.body.error.code]).toEqual([404, 'not-found']);
    const { call } = await strangerOf(app);
    const headers = { 'idempotency-key': 'mine' };
    const stranger = await call('grantCredits', { body: { amount: 1, reason: 'For me' }, headers });
    expect([stranger.status, stranger.body.error.code]).toEqual([403, 'not-allowed']);
    expect((await call('getWallet')).body).toMatchObject({ balance: 10, mayManage: false });
    expect((await call('savePrices', { body: { after: 0, prices: {} } })).status).toBe(400);
  });

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

  test('a run that costs more than there is is refused before anything happens, with what is missing', async () => {
    const { call, start, save } = await world(10);
    await save(0, 25);
    const refused = await start();
    expect([refused.status, refused.body.error.code, refused.body.error.details]).toEqual([
      402,
      'insufficient-credits',
      { missing: 15 },
    ]);
    expect((await call('listRuns')).body.runs).toEqual([]);
    expect((await call('getWallet')).body).toMatchObject({ reserved: 0, available: 10 });
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

  test('a run is refunded up to what it was charged', async () => {
    const { call, start, runStore } = await world(10);
    const { id } = (await start()).body;
    const lease = await runStore.claim(id, 'test', 60_000);
    if (!lease) throw new Error('the run could not be claimed');
    const charges = [aCharge({ node: 'say', name: 'Say', credits: 3 })];
    const outcome = { state: 'succeeded', creditsSpent: 3, error: null, cover: null } as const;
    await runStore.settle(lease, outcome, { steps: [], events: [], charges });
    const refund = (amount: number) =>
      call('refundRun', {
        ...{ params: { id }, body: { amount, reason: 'Not good' } },
        headers: { 'idempotency-key': randomUUID() },
      });
    expect((await refund(2)).body).toMatchObject({ kind: 'refund', change: 2, workflowName: 'Greeting' });
    const more = await refund(2);
    expect([more.status, more.body.error.code]).toEqual([409, 'refund-refused']);
    expect((await call('getReceipt', { params: { id } })).body).toMatchObject({ spent: 3, refunded: 2 });
    const { charges: lines } = (await call('getReceipt', { params: { id } })).body;
    expect(lines).toMatchObject([{ node: 'say', name: 'Say', type: 'test.say', credits: 3 }]);
    const { transfers } = (await call('listTransfers', { query: { kind: 'charge' } })).body;
    expect(transfers).toMatchObject([{ node: 'say', nodeName: 'Say', nodeType: 'test.say' }]);
    expect((await call('getReceipt', { params: { id: randomUUID() } })).status).toBe(404);
  });

  test('the ledger is exported as CSV, with nothing in it that a table program would execute', async () => {
    const { call, move } = await world();
    await move('grantCredits', { amount: 5, reason: '=HYPERLINK("http://x","y"), "quoted"' });
    const { text, headers } = await call('exportTransfers');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = text.split('\r\n');
    expect(lines[0]).toBe(
      'createdAt,kind,amount,change,balance,workflowName,runId,node,nodeName,nodeType,iteration,actorName,reason,id',
    );
    expect(lines[1]).toContain(`,grant,5,5,15,,,,,,,Ada,"'=HYPERLINK(""http://x"",""y""), ""quoted""",`);
    expect(lines).toHaveLength(4);
  });
});
