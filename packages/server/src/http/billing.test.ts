import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { StripeShop } from '../adapters/stripe/stripe-shop.ts';
import { signed } from '../adapters/stripe/testing/signed-event.ts';
import { STRIPE_KEY, StripeServer } from '../adapters/stripe/testing/stripe-server.ts';
import { SqlBillingOutbox } from '../adapters/typeorm/books/billing-outbox.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { createApp } from './app.ts';
import { createMetrics } from './metrics.ts';

const servers: StripeServer[] = [];
afterEach(async () => {
  await closeTestApps();
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

const SECRET = 'whsec_test';

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  async function world() {
    const server = new StripeServer();
    servers.push(server);
    const url = await server.listen();
    const base = await testApp(
      {
        config: { credits: { mode: 'metered', startGrant: 10 }, publicUrl: 'https://images.example.com' },
        shop: new StripeShop({ key: STRIPE_KEY, url }, SECRET),
      },
      kind,
    );
    const app = {
      ...base,
      app: createApp({ ...base.deps, metrics: createMetrics(), billing: new SqlBillingOutbox(base.database) }),
    };
    const { call } = await setUpOwner(app);
    const { id } = (await call('getSession')).body.workspace;
    const tell = (type: string, object: object, secret = SECRET) => {
      const { body, signature } = signed({ type, object }, secret, Date.now());
      return supertest(app.app)
        .post('/billing/stripe')
        .set({ 'content-type': 'application/json', 'stripe-signature': signature })
        .send(body.toString());
    };
    const paid = (session: string, credits = 500, workspaceId: string = id) =>
      tell('checkout.session.completed', {
        ...{ id: session, payment_status: 'paid', payment_intent: `pi_${session}` },
        metadata: { imaginarium_workspace: workspaceId, imaginarium_credits: String(credits) },
      });
    const refunded = (session: string, amount_refunded: number) =>
      tell('charge.refunded', { payment_intent: `pi_${session}`, amount: 50_000, amount_refunded });
    const balance = async () => (await call('getWallet')).body.balance;
    return { ...app, server, call, id, tell, paid, refunded, balance };
  }

  test('credits that were paid for come once, however often the service tells', async () => {
    const { call, paid, balance, tell } = await world();
    expect((await paid('cs_1')).status).toBe(200);
    await Promise.all([paid('cs_1'), paid('cs_1')]);
    expect(await balance()).toBe(510);
    await paid('cs_2', 40);
    const { transfers } = (await call('listTransfers', { query: { kind: 'purchase' } })).body;
    expect(transfers).toMatchObject([
      { kind: 'purchase', amount: 40, actor: 'server', reason: 'Bought: cs_2' },
      { kind: 'purchase', amount: 500, actor: 'server', reason: 'Bought: cs_1' },
    ]);
    // Of other things that the same account sells, and of workspaces of another server, nothing comes of it.
    expect((await tell('checkout.session.completed', { id: 'cs_3', payment_status: 'paid' })).status).toBe(200);
    expect((await paid('cs_4', 5, randomUUID())).status).toBe(200);
    expect(await balance()).toBe(550);
  });

  test('the same checkout with other credits is refused: it was changed on the way', async () => {
    const { paid, balance } = await world();
    await paid('cs_1');
    const other = await paid('cs_1', 501);
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency-mismatch']);
    expect(await balance()).toBe(510);
  });

  test('money that goes back takes its credits along, once, and never more than are left', async () => {
    const { call, id, paid, refunded, balance, logLines } = await world();
    await paid('cs_1');
    await refunded('cs_1', 10_000);
    expect(await balance()).toBe(410);
    await refunded('cs_1', 10_000);
    expect(await balance()).toBe(410);
    const headers = { 'idempotency-key': randomUUID() };
    await call('withdrawCredits', { body: { amount: 350, reason: 'Spent' }, headers });
    expect((await refunded('cs_1', 50_000)).status).toBe(200);
    expect(await balance()).toBe(0);
    expect(logLines.some((line) => line.includes('"missing":340'))).toBe(true);
    // Two people can see it: whoever looks after the workspace, and the owner of the server.
    expect((await call('listNotices')).body.notices).toMatchObject([
      { about: { kind: 'refund-short', purchase: 'cs_1', taken: 60, missing: 340 } },
    ]);
    const { short } = (await call('getBilling')).body;
    expect(short).toEqual([{ purchase: 'cs_1', workspaceId: id, name: "Ada's workspace", missing: 340 }]);
    await call('grantCredits', { body: { amount: 70, reason: 'More' }, headers: { 'idempotency-key': 'more' } });
    // Told once more: it is done, and credits that came since stay.
    await refunded('cs_1', 50_000);
    expect(await balance()).toBe(70);
    expect((await refunded('cs_9', 50_000)).status).toBe(200);
  });

  test('believes nobody but the service', async () => {
    const { app, tell, balance, id } = await world();
    const object = {
      ...{ id: 'cs_1', payment_status: 'paid', payment_intent: 'pi_1' },
      metadata: { imaginarium_workspace: id, imaginarium_credits: '500' },
    };
    const forged = await tell('checkout.session.completed', object, 'whsec_mine');
    expect([forged.status, forged.body.error.code]).toEqual([401, 'wrong-signature']);
    const bare = await supertest(app).post('/billing/stripe').send({ type: 'checkout.session.completed' });
    expect(bare.status).toBe(401);
    expect((await supertest(app).get('/billing/stripe')).status).not.toBe(200);
    expect(await balance()).toBe(10);
  });

  test('a checkout begins once for a key, for the workspace of whoever asks', async () => {
    const { call, server, id, app, database } = await world();
    expect((await call('getWallet')).body.mayBuy).toBe(true);
    const buy = (credits: unknown, key?: string) =>
      call('buyCredits', { body: { credits }, headers: key === undefined ? {} : { 'idempotency-key': key } });
    const first = await buy(200, 'k');
    expect([first.status, first.body]).toEqual([201, { url: 'https://checkout.example/cs_test_1' }]);
    expect((await buy(200, 'k')).body).toEqual(first.body);
    expect(server.checkouts).toMatchObject([
      {
        'metadata[imaginarium_workspace]': id,
        'metadata[imaginarium_credits]': '200',
        'line_items[0][price_data][unit_amount]': '2000000',
      },
    ]);
    const other = await buy(201, 'k');
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency-mismatch']);
    expect((await buy(200)).status).toBe(400);
    for (const amount of [-1, 0, 0.1, '1', '1e3', null, 2 ** 53]) expect((await buy(amount, 'bad')).status).toBe(400);
    // The same key of another workspace is another key.
    const stranger = await strangerOf({ app, database });
    const headers = { 'idempotency-key': 'k' };
    await stranger.call('buyCredits', { body: { credits: 3 }, headers });
    expect(server.checkouts).toHaveLength(2);
    server.faults.push({ status: 500, done: false });
    const away = await buy(5, 'later');
    expect([away.status, away.body.error.code]).toEqual([503, 'billing-away']);
  });

  test('the owner of the server says whom a workspace is billed as, and sees how it stands', async () => {
    const { call, id, app, database } = await world();
    const nothing = { due: 0, sent: 0, refused: 0, unknown: 0 };
    expect((await call('getBilling')).body).toEqual({ reports: nothing, open: [], short: [], customers: [] });
    const set = (customerId: unknown, workspaceId: string = id) =>
      call('setBillingCustomer', { params: { id: workspaceId }, body: { customerId } });
    const { customers } = (await set('cus_ana')).body;
    expect(customers).toEqual([{ workspaceId: id, name: "Ada's workspace", customerId: 'cus_ana' }]);
    expect((await set('cus_ana', randomUUID())).status).toBe(404);
    for (const wrong of ['', ' ', 5, 'c'.repeat(256)]) expect((await set(wrong)).status).toBe(400);
    const stranger = await strangerOf({ app, database });
    expect((await stranger.call('getBilling')).status).toBe(403);
    const theirs = (await stranger.call('getSession')).body.workspace.id;
    const taken = await set('cus_ana', theirs);
    expect([taken.status, taken.body.error.code]).toEqual([409, 'customer-taken']);
    expect((await set(null)).body.customers).toEqual([]);
  });
});

test('where nothing is billed or sold, that is said with the setting', async () => {
  const { call } = await setUpOwner(await testApp());
  expect((await call('getWallet')).body.mayBuy).toBe(false);
  const billing = await call('getBilling');
  expect([billing.status, billing.body.error.message]).toEqual([404, expect.stringContaining('BILLING_STRIPE_KEY')]);
  const buy = await call('buyCredits', { body: { credits: 5 }, headers: { 'idempotency-key': 'k' } });
  expect([buy.status, buy.body.error.message]).toEqual([404, expect.stringContaining('WEBHOOK_SECRET')]);
});
