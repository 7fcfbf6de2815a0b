import type Stripe from 'stripe';
import { BillingAwayError, BillingRefusedError } from '../../billing/billing.ts';

/** How Stripe is reached. */
export interface StripeSettings {
  /** A secret key: `sk_...`, or a restricted one. */
  key: string;
  /** The address of its API. */
  url: string;
}

/** Loads Stripe's library when it is first needed: most servers bill nobody. */
export async function openStripe({ key, url }: StripeSettings, timeoutMs: number): Promise<Stripe> {
  const { default: StripeLibrary } = await import('stripe');
  const { protocol, hostname, port } = new URL(url);
  return new StripeLibrary(key, {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port === '' ? {} : { port: Number(port) }),
    // Tries are counted and spaced by who asks.
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
  });
}

/** What an error of Stripe's library means for what was asked. */
export function billingError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { statusCode, headers, type, code } = error as Stripe.errors.StripeError & { code?: string };
  if (statusCode === 429) {
    const seconds = Number(headers?.['retry-after']);
    const afterMs = Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 86_400) * 1000 : null;
    return new BillingAwayError('Stripe has had too many requests.', { afterMs, mayHaveArrived: false });
  }
  if (statusCode !== undefined && statusCode >= 500)
    return new BillingAwayError(`Stripe failed with ${statusCode}.`, { mayHaveArrived: true });
  // Another request under the same key is at work.
  if (statusCode === 409) return new BillingAwayError('Stripe is at work on it.', { mayHaveArrived: true });
  if (type === 'StripeConnectionError') {
    const refused = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(`${causeOf(error)}`);
    return new BillingAwayError(`Stripe could not be reached: ${error.message}`, { mayHaveArrived: !refused });
  }
  // A key that is wrong is set right by a person, and then all that waits can be sent.
  if (statusCode === 401 || statusCode === 403)
    return new BillingAwayError(`Stripe does not take the key of this server: ${error.message}`, {
      mayHaveArrived: false,
    });
  if (statusCode !== undefined) return new BillingRefusedError(`${code ? `${code}: ` : ''}${error.message}`);
  return error;
}

function causeOf(error: Error): string {
  const { detail, cause } = error as Error & { detail?: unknown };
  const inner = (detail ?? cause) as { code?: unknown; message?: unknown } | undefined;
  return `${inner?.code ?? ''} ${inner?.message ?? ''} ${error.message}`;
}
