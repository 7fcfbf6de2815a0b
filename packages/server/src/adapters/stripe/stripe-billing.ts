import { raceAbort } from '@imaginarium/engine';
import type Stripe from 'stripe';
import { type Billing, BillingAwayError, type UseReport } from '../../billing/billing.ts';
import { billingError, openStripe, type StripeSettings } from './stripe-client.ts';

const TIMEOUT_MS = 15_000;

/** Bills by a meter of Stripe: each report is an event, known by its identifier, and the meter adds them up. */
export class StripeBilling implements Billing {
  readonly #settings: StripeSettings;
  readonly #meter: string;
  readonly #timeoutMs: number;
  #stripe: Promise<Stripe> | undefined;

  /** @param meter the event name of the meter. */
  constructor(settings: StripeSettings, meter: string, timeoutMs = TIMEOUT_MS) {
    this.#settings = settings;
    this.#meter = meter;
    this.#timeoutMs = timeoutMs;
  }

  async report({ id, attempt, customer, credits, at }: UseReport, signal: AbortSignal): Promise<void> {
    this.#stripe ??= openStripe(this.#settings, this.#timeoutMs);
    const stripe = await this.#stripe;
    const event = {
      event_name: this.#meter,
      payload: { stripe_customer_id: customer, value: String(credits) },
      // It is this that keeps it from being counted twice.
      identifier: id,
      timestamp: Math.floor(Date.parse(at) / 1000),
    };
    try {
      // Stripe answers a key with what it first answered, a failure of its own too: each try has its own.
      const idempotencyKey = `${id}-${attempt}`;
      await raceAbort(stripe.billing.meterEvents.create(event, { idempotencyKey }), signal);
    } catch (error) {
      if (isKnownAlready(error)) return;
      if (signal.aborted && error === signal.reason)
        throw new BillingAwayError('Stripe took too long.', { mayHaveArrived: true });
      throw billingError(error);
    }
  }
}

/** Whether the event was counted before: then all is well. */
function isKnownAlready(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { statusCode, code } = error as Error & { statusCode?: number; code?: string };
  if (statusCode !== 400 && statusCode !== 409) return false;
  return code === 'duplicate_meter_event' || /already exists with identifier/i.test(error.message);
}
