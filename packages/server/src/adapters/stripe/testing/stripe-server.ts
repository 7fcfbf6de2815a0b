import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How it fails for one request: busy for so many seconds, broken before or after it did what was asked; it never answers, before (silent) or
 * after (mute); or the line breaks after it (gone).
 */
export type StripeFault =
  | { status: 429; retryAfter: number }
  | { status: 500; done: boolean }
  | 'silent'
  | 'mute'
  | 'gone';

export const STRIPE_KEY = 'sk_test_imaginarium';
export const METER = 'imaginarium_credits';

interface MeterEvent {
  customer: string;
  value: number;
  timestamp: number;
}

interface Answer {
  status: number;
  body: object;
}

/**
 * Speaks the part of Stripe's protocol that is used here: meter events that are known by their identifiers, checkouts, idempotency keys that
 * repeat the first answer, whatever it was, and refuse other params; and the errors, as its documentation has them.
 */
export class StripeServer implements AsyncDisposable {
  readonly customers = new Set(['cus_ana']);
  readonly events = new Map<string, MeterEvent>();
  readonly checkouts: Record<string, string>[] = [];
  /** One for each request to come. */
  readonly faults: StripeFault[] = [];
  /** Requests that came, by method and path. */
  readonly requests: string[] = [];
  readonly #answered = new Map<string, { params: string; answer: Answer }>();
  readonly #server = createServer((req, res) => void this.#take(req, res));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  used(customer: string): number {
    const own = [...this.events.values()].filter((event) => event.customer === customer);
    return own.reduce((sum, { value }) => sum + value, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    this.requests.push(`${req.method} ${req.url}`);
    const fault = this.faults.shift();
    if (fault === 'silent') return;
    if (typeof fault === 'object' && fault.status === 429) {
      res.setHeader('retry-after', String(fault.retryAfter));
      return send(res, errorOf(429, 'rate_limit', 'Too many requests.'));
    }
    const answer = this.#answer(req, text, typeof fault === 'object' && !fault.done);
    if (fault === 'mute') return;
    if (fault === 'gone') return void req.socket.destroy();
    send(res, typeof fault === 'object' ? errorOf(500, undefined, 'Something went wrong.') : answer);
  }

  #answer(req: IncomingMessage, text: string, breaks: boolean): Answer {
    if (req.headers.authorization !== `Bearer ${STRIPE_KEY}`)
      return errorOf(401, undefined, 'Invalid API Key provided.', 'invalid_request_error');
    const key = String(req.headers['idempotency-key'] ?? '');
    const known = this.#answered.get(key);
    if (known && known.params !== text)
      return errorOf(
        400,
        'idempotency_key_in_use',
        'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        'idempotency_error',
      );
    if (known) return known.answer;
    const answer = breaks ? errorOf(500, undefined, 'Something went wrong.') : this.#act(`${req.url}`, text);
    if (key !== '') this.#answered.set(key, { params: text, answer });
    return answer;
  }

  #act(path: string, text: string): Answer {
    const params = Object.fromEntries(new URLSearchParams(text));
    if (path === '/v1/billing/meter_events') return this.#meter(params);
    if (path !== '/v1/checkout/sessions') return errorOf(404, 'resource_missing', `Unrecognized request URL: ${path}`);
    this.checkouts.push(params);
    const id = `cs_test_${this.checkouts.length}`;
    return { status: 200, body: { id, object: 'checkout.session', url: `https://checkout.example/${id}` } };
  }

  #meter(params: Record<string, string>): Answer {
    const { event_name: name, identifier = '', timestamp = '' } = params;
    const customer = params['payload[stripe_customer_id]'] ?? '';
    const value = params['payload[value]'] ?? '';
    if (name !== METER) return errorOf(400, 'resource_missing', `No active meter found for event name ${name}.`);
    if (!this.customers.has(customer)) return errorOf(400, 'resource_missing', `No such customer: '${customer}'`);
    if (!/^-?\d+$/.test(value)) return errorOf(400, 'parameter_invalid', 'payload[value] is not a whole number.');
    const age = Date.now() / 1000 - Number(timestamp);
    if (!(age > -300 && age < 35 * 86_400)) return errorOf(400, 'timestamp_invalid', 'The timestamp is out of range.');
    if (this.events.has(identifier))
      return errorOf(400, 'duplicate_meter_event', `An event already exists with identifier ${identifier}.`);
    this.events.set(identifier, { customer, value: Number(value), timestamp: Number(timestamp) });
    return { status: 200, body: { object: 'billing.meter_event', event_name: name, identifier } };
  }
}

function errorOf(status: number, code: string | undefined, message: string, type?: string): Answer {
  const kind = type ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { status, body: { error: { type: kind, message, ...(code === undefined ? {} : { code }) } } };
}

function send(res: ServerResponse, { status, body }: Answer): void {
  res.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_test' });
  res.end(JSON.stringify(body));
}
