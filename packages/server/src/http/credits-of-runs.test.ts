import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps } from '../testing/test-app.ts';
import { creditWorld, spend } from './testing/credit-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (startGrant?: number) => creditWorld(kind, startGrant);

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
});
