import { randomUUID } from 'node:crypto';
import type { RunStore } from '@imaginarium/engine';
import supertest from 'supertest';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { aCharge } from '../adapters/typeorm/testing/a-charge.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { BUILT_IN_PRICES } from '../credits/built-in-prices.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

/** Charges a run for its only step, and ends it. */
async function spend(runStore: RunStore, id: string): Promise<void> {
  const lease = await runStore.claim(id, 'test', 60_000);
  if (!lease) throw new Error('the run could not be claimed');
  const charges = [aCharge({ node: 'say', name: 'Say', credits: 3 })];
  const outcome = { state: 'succeeded', creditsSpent: 3, error: null, cover: null } as const;
  await runStore.settle(lease, outcome, { steps: [], events: [], charges });
}

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  async function world(startGrant = 10) {
    const app = await testApp({ config: { credits: { mode: 'metered', startGrant } } }, kind);
    const { call, cookie } = await setUpOwner(app);
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
    return { ...app, call, cookie, id, start, move, save };
  }

  test('a wallet starts with its grant, and its owner gives, sells and takes credits with a reason', async () => {
    const { call, move } = await world();
    // Whatever is looked at first.
    expect((await call('listTransfers')).body.transfers).toMatchObject([{ kind: 'grant', amount: 10 }]);
    expect((await call('getWallet')).body).toEqual({
      ...{
        mode: 'metered',
        balance: 10,
        reserved: 0,
        available: 10,
        spent: 0,
        mayBuy: false,
        mayManage: true,
        mayBill: false,
      },
      budget: { month: expect.any(String), amount: null, used: 0, left: null, beginsAgain: expect.any(String) },
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

  const AMOUNTS = [-1, 0, 0.1, '1', '1e3', null, 2 ** 53, true, [1], {}];

  test('refuses amounts that are none as a refund, and as the most that a run may cost', async () => {
    const { call, start, id } = await world();
    for (const amount of AMOUNTS) {
      const headers = { 'idempotency-key': randomUUID() };
      const refund = await call('refundRun', { params: { id }, body: { amount, reason: 'Because' }, headers });
      expect([amount, refund.status, refund.body.error.code]).toEqual([amount, 400, 'bad-request']);
      // At most nothing is a wish like another.
      const refused = amount === 0 ? [409, 'price-changed'] : [400, 'bad-request'];
      const run = await start({ maxCredits: amount });
      expect([amount, run.status, run.body.error.code]).toEqual([amount, ...refused]);
    }
    expect((await call('getWallet')).body).toMatchObject({ balance: 10, reserved: 0, spent: 0 });
  });

  test('refuses amounts that are none wherever credits are moved, and says what is expected', async () => {
    const { app, cookie, call } = await world();
    const numbers = AMOUNTS.map((amount) => JSON.stringify(amount));
    const written = ['NaN', 'Infinity', '1_000', '0x10', '1e999', ...numbers];
    for (const path of ['grants', 'purchases', 'withdrawals'])
      for (const amount of written) {
        const answer = await supertest(app)
          .post(`/api/v1/credits/${path}`)
          .set({ cookie, 'content-type': 'application/json', 'idempotency-key': randomUUID() })
          .send(`{"amount": ${amount}, "reason": "Because"}`);
        expect([path, amount, answer.status, answer.body.error.code]).toEqual([path, amount, 400, 'bad-request']);
        if (numbers.includes(amount))
          expect(answer.body.error.message).toContain('expected a whole number of credits from 1');
      }
    expect((await call('getWallet')).body.balance).toBe(10);
  });

  test('takes a number for what it is, however it is written', async () => {
    const { app, cookie, call } = await world();
    const answer = await supertest(app)
      .post('/api/v1/credits/grants')
      .set({ cookie, 'content-type': 'application/json', 'idempotency-key': randomUUID() })
      .send('{"amount": 1e3, "reason": "Because"}');
    expect([answer.status, answer.body.amount]).toEqual([201, 1000]);
    expect((await call('getWallet')).body.balance).toBe(1010);
  });

  test('every way to move credits wants a key, moves once for it, and refuses it for anything else', async () => {
    const { call, start, runStore } = await world(50);
    const run = (await start()).body;
    await spend(runStore, run.id);
    const routes = [
      ['grantCredits', {}],
      ['recordPurchase', {}],
      ['withdrawCredits', {}],
      ['refundRun', { params: { id: run.id } }],
    ] as const;
    for (const [name, target] of routes) {
      const send = (amount: number, key?: string, reason = 'Because') =>
        call(name, {
          ...target,
          body: { amount, reason },
          headers: key === undefined ? {} : { 'idempotency-key': key },
        });
      const keyless = await send(1);
      expect([name, keyless.status]).toEqual([name, 400]);
      const key = randomUUID();
      const first = await send(1, key);
      expect([name, first.status]).toEqual([name, 201]);
      expect((await send(1, key)).body).toEqual(first.body);
      for (const other of [await send(2, key), await send(1, key, 'Another')])
        expect([name, other.status, other.body.error.code]).toEqual([name, 409, 'idempotency-mismatch']);
      // The key is the workspace's: it cannot be used for another kind of move either.
      const kind = await call(name === 'grantCredits' ? 'recordPurchase' : 'grantCredits', {
        body: { amount: 1, reason: 'Because' },
        headers: { 'idempotency-key': key },
      });
      expect([name, kind.status, kind.body.error.code]).toEqual([name, 409, 'idempotency-mismatch']);
    }
    expect((await call('getWallet')).body).toMatchObject({ balance: 50 - 3 + 1 + 1 - 1 + 1, spent: 2 });
  });

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

  test('a run that goes over the budget of the month is refused before anything happens, and its quote says so', async () => {
    const { call, id, start, save } = await world(1000);
    await save(0, 25);
    const quoted = async () => (await call('quoteRun', { params: { id }, body: {} })).body.budget;
    expect(await quoted()).toBeNull();
    const budget = await call('setBudget', { body: { amount: 40 } });
    expect([budget.status, budget.body]).toMatchObject([200, { amount: 40, used: 0, left: 40 }]);
    expect((await start()).status).toBe(202);
    const { beginsAgain } = budget.body;
    expect(await quoted()).toEqual({ left: 15, after: -10, beginsAgain });
    const refused = await start();
    expect([refused.status, refused.body.error.code, refused.body.error.details]).toEqual([
      402,
      'budget-spent',
      { missing: 10, beginsAgain },
    ]);
    expect((await call('getWallet')).body).toMatchObject({ reserved: 25, budget: { used: 25, left: 15 } });
    expect((await call('setBudget', { body: { amount: null } })).body.left).toBeNull();
    expect((await start()).status).toBe(202);
  });

  test.each([-1, 0, 0.1, '1', '1e3', 2 ** 53, undefined])('refuses a budget of %j', async (amount) => {
    const { call } = await world();
    const answer = await call('setBudget', { body: { amount } });
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringMatching(/amount: expected a whole number of credits from 1/),
    ]);
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

  test('the owner of the server sees every wallet by its name and gives to any of them; nobody else does', async () => {
    const app = await world();
    const stranger = await strangerOf(app);
    for (const name of ['listWallets', 'previewPrices'] as const) {
      const { version: _version, ...prices } = BUILT_IN_PRICES;
      const refused = await stranger.call(name, name === 'previewPrices' ? { body: { prices } } : {});
      expect([name, refused.status, refused.body.error.code]).toEqual([name, 403, 'not-allowed']);
    }
    const { wallets } = (await app.call('listWallets')).body;
    expect(wallets.map(({ name, balance }: { name: string; balance: number }) => [name, balance])).toEqual([
      ["Ada's workspace", 0],
      ['Elsewhere', 0],
    ]);
    const { workspaceId } = wallets[1];
    const given = await app.move('grantCredits', { amount: 7, reason: 'For the trial', workspaceId });
    expect([given.status, given.body.actorName]).toEqual([201, 'Ada']);
    expect((await stranger.call('getWallet')).body.balance).toBe(17);
    const { transfers } = (await stranger.call('listTransfers')).body;
    expect(transfers[0]).toMatchObject({ kind: 'grant', amount: 7, actorName: 'Ada', reason: 'For the trial' });
  });

  test('a run is refunded up to what it was charged', async () => {
    const { call, start, runStore } = await world(10);
    const { id } = (await start()).body;
    await spend(runStore, id);
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
