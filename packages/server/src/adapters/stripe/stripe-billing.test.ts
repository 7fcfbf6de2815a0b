import { afterEach, describe, expect, test } from 'vitest';
import { BillingAwayError, BillingRefusedError } from '../../billing/billing.ts';
import { MemoryBilling } from '../../billing/memory-billing.ts';
import { aReport, billingConformance } from '../../billing/testing/billing-conformance.ts';
import { StripeBilling } from './stripe-billing.ts';
import { METER, STRIPE_KEY, StripeServer } from './testing/stripe-server.ts';

const servers: StripeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});
const calm = new AbortController().signal;

async function stripe({ key = STRIPE_KEY, meter = METER, timeoutMs = 5000 } = {}) {
  const server = new StripeServer();
  servers.push(server);
  const url = await server.listen();
  return { server, billing: new StripeBilling({ key, url }, meter, timeoutMs) };
}

describe.each([
  [
    'MemoryBilling',
    async () => {
      const billing = new MemoryBilling(['cus_ana']);
      return { billing, used: async (customer: string) => billing.used(customer) };
    },
  ],
  [
    'StripeBilling',
    async () => {
      const { server, billing } = await stripe();
      return { billing, used: async (customer: string) => server.used(customer) };
    },
  ],
])('%s', (_name, make) => {
  test.each(billingConformance.map((check) => [check.name, check] as const))('%s', (_check, { run }) => run(make));
});

describe('Stripe', () => {
  const failure = async (promise: Promise<void>) => promise.then(() => undefined).catch((error: unknown) => error);

  test('is told what was used, by whom and when, under an identifier of its own', async () => {
    const { server, billing } = await stripe();
    const at = new Date(Date.now() - 86_400_000).toISOString();
    await billing.report(aReport({ id: 'the-run', at }), calm);
    expect([...server.events]).toEqual([
      ['the-run', { customer: 'cus_ana', value: 5, timestamp: Math.floor(Date.parse(at) / 1000) }],
    ]);
  });

  test('is given the time it asks for when it has had too many requests', async () => {
    const { server, billing } = await stripe();
    server.faults.push({ status: 429, retryAfter: 7 });
    const error = await failure(billing.report(aReport(), calm));
    expect(error).toBeInstanceOf(BillingAwayError);
    expect(error).toMatchObject({ afterMs: 7000, mayHaveArrived: false });
    expect(server.used('cus_ana')).toBe(0);
  });

  test.each([
    ['broken', { status: 500, done: false } as const, true],
    ['broken after it had counted', { status: 500, done: true } as const, true],
    ['silent', 'silent' as const, true],
  ])('is away when it is %s, and counts the next try once', async (_how, fault, mayHaveArrived) => {
    const { server, billing } = await stripe({ timeoutMs: 300 });
    server.faults.push(fault);
    const report = aReport();
    const error = await failure(billing.report(report, calm));
    expect(error).toBeInstanceOf(BillingAwayError);
    expect(error).toMatchObject({ afterMs: null, mayHaveArrived });
    await billing.report({ ...report, attempt: 2 }, calm);
    expect(server.used('cus_ana')).toBe(5);
    // Tries are counted by who asks, and not made behind their back.
    expect(server.requests).toHaveLength(2);
  });

  test('counts once what it had counted before the line broke', async () => {
    const { server, billing } = await stripe();
    server.faults.push('gone', 'gone');
    const report = aReport();
    // Its library asks once more by itself, under the same key.
    expect(await failure(billing.report(report, calm))).toMatchObject({
      name: 'BillingAwayError',
      mayHaveArrived: true,
    });
    await billing.report({ ...report, attempt: 2 }, calm);
    expect(server.used('cus_ana')).toBe(5);
  });

  test('is away where nobody listens, and then nothing can have arrived', async () => {
    const { server, billing } = await stripe();
    await server[Symbol.asyncDispose]();
    servers.length = 0;
    const error = await failure(billing.report(aReport(), calm));
    expect(error).toBeInstanceOf(BillingAwayError);
    expect(error).toMatchObject({ mayHaveArrived: false });
  });

  test('is let go when the server stops', async () => {
    const { server, billing } = await stripe();
    server.faults.push('silent');
    const stop = new AbortController();
    const failed = failure(billing.report(aReport(), stop.signal));
    setTimeout(() => stop.abort(new Error('stop')), 50);
    expect(await failed).toMatchObject({ name: 'BillingAwayError', mayHaveArrived: true });
  });

  test('says why it refuses, and a key that is wrong is no refusal of the report', async () => {
    const unknown = await stripe({ meter: 'other' });
    const refused = await failure(unknown.billing.report(aReport(), calm));
    expect(refused).toBeInstanceOf(BillingRefusedError);
    expect((refused as Error).message).toBe('resource_missing: No active meter found for event name other.');
    const old = new Date(Date.now() - 40 * 86_400_000).toISOString();
    const late = await stripe();
    expect(await failure(late.billing.report(aReport({ at: old }), calm))).toBeInstanceOf(BillingRefusedError);
    const keyless = await stripe({ key: 'sk_test_wrong' });
    const error = await failure(keyless.billing.report(aReport(), calm));
    expect(error).toBeInstanceOf(BillingAwayError);
    expect((error as Error).message).not.toContain('sk_test_wrong');
  });
});
