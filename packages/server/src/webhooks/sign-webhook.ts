import { createHmac } from 'node:crypto';

/** A signature as Standard Webhooks makes it: HMAC-SHA256 over `id.timestamp.body`, the body being exactly the bytes that travel. */
export function signatureOf(
  { id, timestamp, body }: { id: string; timestamp: string; body: Buffer },
  key: Buffer,
): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The headers that a request is sent with, for its receiver to know who sent it and when. @param now milliseconds since 1970. */
export function signedHeaders(
  { id, body }: { id: string; body: Buffer },
  key: Buffer,
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf({ id, timestamp, body }, key).toString('base64')}`,
  };
}
