import { createHmac } from 'node:crypto';

/** An event as Stripe sends it to an endpoint, and the header that it signs it with. */
export function signed(
  { type, object }: { type: string; object: object },
  secret: string,
  now: number,
): { body: Buffer; signature: string } {
  const body = Buffer.from(JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } }));
  const time = Math.floor(now / 1000);
  const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  return { body, signature: `t=${time},v1=${signature}` };
}
