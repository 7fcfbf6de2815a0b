import { createHmac, timingSafeEqual } from 'node:crypto';
import { IdempotencyMismatchError } from '@imaginarium/engine';
import { creditAmountSchema } from '@imaginarium/protocol';
import type Stripe from 'stripe';
import { z } from 'zod';
import { type CreditShop, type Order, type Sale, WrongSaleSignatureError } from '../../billing/billing.ts';
import { billingError, openStripe, type StripeSettings } from './stripe-client.ts';

const TIMEOUT_MS = 20_000;
/** How far the clocks may be apart. */
const TOLERANCE_MS = 5 * 60_000;
/** Currencies whose smallest unit is the unit itself; Stripe counts all others in hundredths. */
const WHOLE = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));

/** Sells credits on a page of Stripe. */
export class StripeShop implements CreditShop {
  readonly #settings: StripeSettings;
  readonly #secret: string;
  readonly #now: () => number;
  #stripe: Promise<Stripe> | undefined;

  /** @param secret what Stripe signs its messages with: `whsec_...`. */
  constructor(settings: StripeSettings, secret: string, now: () => number = Date.now) {
    this.#settings = settings;
    this.#secret = secret;
    this.#now = now;
  }

  async checkout({
    workspaceId,
    credits,
    price,
    idempotencyKey,
    returnUrl,
    customer,
  }: Order): Promise<{ url: string }> {
    this.#stripe ??= openStripe(this.#settings, TIMEOUT_MS);
    const stripe = await this.#stripe;
    const metadata = { imaginarium_workspace: workspaceId, imaginarium_credits: String(credits) };
    const product = { currency: price.currency.toLowerCase(), unit_amount: smallestUnits(price) };
    try {
      const session = await stripe.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [{ quantity: 1, price_data: { ...product, product_data: { name: `${credits} credits` } } }],
          ...(customer === undefined ? {} : { customer }),
          metadata,
          success_url: `${returnUrl}?bought=${credits}`,
          cancel_url: returnUrl,
        },
        { idempotencyKey },
      );
      if (session.url === null) throw new Error(`Stripe made the checkout ${session.id} without an address.`);
      return { url: session.url };
    } catch (error) {
      if (error instanceof Error && (error as Stripe.errors.StripeError).type === 'StripeIdempotencyError')
        throw new IdempotencyMismatchError(idempotencyKey);
      throw billingError(error);
    }
  }

  read(body: Buffer, signature: string | undefined): Sale | undefined {
    this.#verify(body, signature);
    const { type, data } = eventSchema.parse(JSON.parse(body.toString('utf8')));
    if (type === 'checkout.session.completed' || type === 'checkout.session.async_payment_succeeded') {
      const session = sessionSchema.safeParse(data.object).data;
      // Others may sell things by the same account, and some payments take days.
      if (session?.payment_status !== 'paid') return undefined;
      const { id, payment_intent: payment, metadata } = session;
      return {
        ...{ kind: 'paid', id, payment, workspaceId: metadata.imaginarium_workspace },
        credits: metadata.imaginarium_credits,
      };
    }
    const charge = type === 'charge.refunded' ? chargeSchema.safeParse(data.object).data : undefined;
    if (!charge) return undefined;
    return { kind: 'refunded', payment: charge.payment_intent, refunded: charge.amount_refunded, of: charge.amount };
  }

  /** Stripe signs `time.body` with HMAC-SHA256; while a secret is being changed there are several signatures. */
  #verify(body: Buffer, header = ''): void {
    const parts = header.split(',').map((part) => part.trim().split('=') as [string, string | undefined]);
    const time = parts.find(([key]) => key === 't')?.[1] ?? '';
    if (!/^\d{1,12}$/.test(time) || !(Math.abs(this.#now() - Number(time) * 1000) <= TOLERANCE_MS))
      throw new WrongSaleSignatureError('Stripe-Signature: expected a time at most five minutes from now.');
    const expected = createHmac('sha256', this.#secret).update(`${time}.`).update(body).digest();
    const fits = parts.some(([key, value = '']) => {
      const given = key === 'v1' ? Buffer.from(value, 'hex') : Buffer.alloc(0);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
    if (!fits)
      throw new WrongSaleSignatureError('Stripe-Signature: does not fit the body and the secret of this server.');
  }
}

const eventSchema = z.object({ type: z.string(), data: z.object({ object: z.unknown() }) });
const sessionSchema = z.object({
  id: z.string().min(1).max(255),
  payment_status: z.string(),
  payment_intent: z.string().max(255).nullable(),
  metadata: z.object({
    imaginarium_workspace: z.uuid(),
    imaginarium_credits: z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .pipe(creditAmountSchema),
  }),
});
const chargeSchema = z.object({
  payment_intent: z.string().max(255),
  amount: z.int().min(1),
  amount_refunded: z.int().min(0),
});

/** An amount as Stripe counts it. */
function smallestUnits({ amount, currency }: Order['price']): number {
  return Math.round(amount * (WHOLE.has(currency) ? 1 : 100));
}
