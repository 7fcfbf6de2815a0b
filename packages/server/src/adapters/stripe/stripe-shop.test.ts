import { createHmac } from 'node:crypto';
import { IdempotencyMismatchError } from '@imaginarium/engine';
import { afterEach, expect, test } from 'vitest';
import { BillingAwayError, type Order, WrongSaleSignatureError } from '../../billing/billing.ts';
import { StripeShop } from './stripe-shop.ts';
import { signed } from './testing/signed-event.ts';
import { STRIPE_KEY, StripeServer } from './testing/stripe-server.ts';

const servers: StripeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

const SECRET = 'whsec_test';
const WORKSPACE = '018f2f65-7a3b-7c4d-8e5f-0000000000a1';
const NOW = Date.parse('2026-11-21T10:00:00.000Z');
const order: Order = {
  ...{ workspaceId: WORKSPACE, credits: 500, price: { amount: 50_000, currency: 'IDR' } },
  ...{ idempotencyKey: 'k-1', returnUrl: 'https://images.example.com/wallet', customer: undefined },
};

async function shop() {
  const server = new StripeServer();
  servers.push(server);
  const url = await server.listen();
  return { server, shop: new StripeShop({ key: STRIPE_KEY, url }, SECRET, () => NOW) };
}

test('begins a checkout for the price of the credits, once for a key', async () => {
  const { server, shop: sells } = await shop();
  const { url } = await sells.checkout(order);
  expect(url).toBe('https://checkout.example/cs_test_1');
  expect((await sells.checkout(order)).url).toBe(url);
  expect(server.checkouts).toEqual([
    {
      mode: 'payment',
      'line_items[0][quantity]': '1',
      // Stripe counts rupiah in hundredths.
      'line_items[0][price_data][currency]': 'idr',
      'line_items[0][price_data][unit_amount]': '5000000',
      'line_items[0][price_data][product_data][name]': '500 credits',
      'metadata[imaginarium_workspace]': WORKSPACE,
      'metadata[imaginarium_credits]': '500',
      success_url: 'https://images.example.com/wallet?bought=500',
      cancel_url: 'https://images.example.com/wallet',
    },
  ]);
  await expect(sells.checkout({ ...order, credits: 501 })).rejects.toBeInstanceOf(IdempotencyMismatchError);
  const yen = { amount: 1000, currency: 'JPY' };
  await sells.checkout({ ...order, price: yen, idempotencyKey: 'k-2', customer: 'cus_ana' });
  expect(server.checkouts[1]).toMatchObject({
    'line_items[0][price_data][unit_amount]': '1000',
    customer: 'cus_ana',
  });
  server.faults.push({ status: 500, done: false });
  await expect(sells.checkout({ ...order, idempotencyKey: 'k-3' })).rejects.toBeInstanceOf(BillingAwayError);
});

const paid = {
  ...{ id: 'cs_1', payment_status: 'paid', payment_intent: 'pi_1' },
  metadata: { imaginarium_workspace: WORKSPACE, imaginarium_credits: '500' },
};

test('reads what was paid for and what went back, and nothing else', async () => {
  const { shop: sells } = await shop();
  const read = (type: string, object: object) => {
    const { body, signature } = signed({ type, object }, SECRET, NOW);
    return sells.read(body, signature);
  };
  const sale = { kind: 'paid', id: 'cs_1', payment: 'pi_1', workspaceId: WORKSPACE, credits: 500 };
  expect(read('checkout.session.completed', paid)).toEqual(sale);
  expect(read('checkout.session.async_payment_succeeded', paid)).toEqual(sale);
  expect(read('checkout.session.completed', { ...paid, payment_status: 'unpaid' })).toBeUndefined();
  expect(read('checkout.session.completed', { ...paid, metadata: {} })).toBeUndefined();
  for (const credits of ['0', '-5', '1e3', '0.5', '9'.repeat(16), ''])
    expect(
      read('checkout.session.completed', {
        ...paid,
        metadata: { ...paid.metadata, imaginarium_credits: credits },
      }),
    ).toBeUndefined();
  expect(read('charge.refunded', { payment_intent: 'pi_1', amount: 100, amount_refunded: 40 })).toEqual({
    ...{ kind: 'refunded', payment: 'pi_1', refunded: 40, of: 100 },
  });
  expect(read('charge.refunded', { payment_intent: null, amount: 100, amount_refunded: 40 })).toBeUndefined();
  expect(read('invoice.paid', paid)).toBeUndefined();
});

test('believes nothing that Stripe did not sign, or signed long ago', async () => {
  const { shop: sells } = await shop();
  const event = { type: 'checkout.session.completed', object: paid };
  const { body, signature } = signed(event, SECRET, NOW);
  const refused = (bytes: Buffer, header: string | undefined) =>
    expect(() => sells.read(bytes, header), header).toThrow(WrongSaleSignatureError);
  refused(body, undefined);
  refused(body, '');
  refused(body, 't=,v1=');
  refused(
    body,
    signature.replace(/v1=(.)/, (_, first) => (first === '0' ? 'v1=1' : 'v1=0')),
  );
  refused(body, signature.replace('v1=', 'v0='));
  refused(Buffer.from(body.toString().replace('500', '501')), signature);
  for (const off of [-301_000, 301_000]) {
    const other = signed(event, SECRET, NOW + off);
    refused(other.body, other.signature);
  }
  refused(body, signed(event, 'whsec_other', NOW).signature);
  const time = Math.floor(NOW / 1000);
  const old = createHmac('sha256', 'whsec_old').update(`${time}.`).update(body).digest('hex');
  // While a secret is changed there are two signatures.
  expect(sells.read(body, `t=${time},v1=${old},${signature.split(',')[1]}`)).toBeDefined();
});
