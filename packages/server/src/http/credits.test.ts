import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { BUILT_IN_PRICES } from '../credits/built-in-prices.ts';
import { closeTestApps, strangerOf } from '../testing/test-app.ts';
import { creditWorld, spend } from './testing/credit-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (startGrant?: number) => creditWorld(kind, startGrant);

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
