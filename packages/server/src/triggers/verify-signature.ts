import { timingSafeEqual } from 'node:crypto';
import { signatureOf } from '../webhooks/sign-webhook.ts';

/** How far the clocks of sender and server may be apart, either way. */
const TOLERANCE_MS = 5 * 60 * 1000;

/** The parts of a request that its signature is about. */
export interface SignedRequest {
  /** Header `webhook-id`: the same for every try at one delivery. */
  id: string | undefined;
  /** Header `webhook-timestamp`: seconds since 1970. */
  timestamp: string | undefined;
  /** Header `webhook-signature`: `v1,<base64>`, several with spaces between while a key is being changed. */
  signature: string | undefined;
  /** Exactly the bytes that came. */
  body: Buffer;
}

/**
 * Checks a signature as Standard Webhooks writes it: HMAC-SHA256 over `id.timestamp.body`.
 * @returns what is wrong, in words for the sender; undefined when nothing is.
 */
export function signatureProblem({ id, timestamp, signature, body }: SignedRequest, key: Buffer, now: number) {
  if (!id || !timestamp || !signature)
    return 'Expected the headers webhook-id, webhook-timestamp and webhook-signature: this webhook takes signed requests only.';
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now - seconds * 1000) <= TOLERANCE_MS))
    return 'webhook-timestamp: expected seconds since 1970, at most five minutes from now. Set the clock, and sign anew for every try.';
  const expected = signatureOf({ id, timestamp, body }, key);
  const matches = signature.split(' ').some((entry) => {
    const given = entry.startsWith('v1,') ? Buffer.from(entry.slice(3), 'base64') : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return matches
    ? undefined
    : 'webhook-signature: does not fit. Sign "id.timestamp.body" over the exact bytes of the body with the key of this webhook.';
}
