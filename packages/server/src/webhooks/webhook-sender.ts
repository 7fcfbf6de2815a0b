import type { HttpClient } from '@imaginarium/engine';
import { expectOk, isNonRetryable, retryAfterMs } from '@imaginarium/node-sdk';
import { RepeatedLook } from '../repeated-look.ts';
import { signedHeaders } from './sign-webhook.ts';
import type { DeliveryOutcome, DueDelivery, WebhookOutbox } from './webhook-outbox.ts';

const LOOK_MS = 1000;
/** A try may take less time than a delivery is its sender's. */
const TRY_MS = 20_000;
/** Tries at the same time: one receiver that is slow does not keep the others waiting. */
const LANES = 4;
const GONE = 410;
/** Pauses after each try, in milliseconds: about 18 hours in all. After the last one nobody tries again. */
export const WEBHOOK_PAUSES_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000];

export interface WebhookSenderDeps {
  outbox: WebhookOutbox;
  http: HttpClient;
  /** What deliveries of a workspace are signed with. */
  keyOf(workspaceId: string): Buffer;
  log: { warn(data: object, message: string): void; error(data: object, message: string): void };
  /** Milliseconds since 1970, for signatures. */
  now?: () => number;
}

/**
 * Tells other applications what they asked to be told: what is due is sent, and what is not taken is sent again after longer and longer
 * pauses. Any number of servers may send at once; a delivery that comes twice, because a server died in the middle, has the same id.
 */
export class WebhookSender {
  readonly #deps: WebhookSenderDeps;
  readonly #stopped = new AbortController();
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(deps: WebhookSenderDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being sent. */
  stop(): Promise<void> {
    this.#stopped.abort(new Error('The server stops.'));
    return this.#looks.stop();
  }

  /** Sends all that is due. Never rejects: what failed is tried again. */
  async look(): Promise<void> {
    await Promise.all(Array.from({ length: LANES }, () => this.#sendAll()));
  }

  async #sendAll(): Promise<void> {
    const { outbox, log } = this.#deps;
    try {
      while (!this.#stopped.signal.aborted) {
        const delivery = await outbox.next();
        if (!delivery) return;
        await outbox.settle(delivery.id, await this.#send(delivery));
      }
    } catch (error) {
      log.error({ err: error }, 'webhooks could not be sent; it is tried again');
    }
  }

  async #send(delivery: DueDelivery): Promise<DeliveryOutcome> {
    const { http, keyOf, now = Date.now } = this.#deps;
    const { id, workspaceId, url } = delivery;
    const body = Buffer.from(delivery.body);
    const headers = { 'content-type': 'application/json', ...signedHeaders({ id, body }, keyOf(workspaceId), now()) };
    let isForGood = isNonRetryable;
    try {
      const request = { method: 'POST', headers, body, timeoutMs: TRY_MS };
      const answer = await http.fetch(workspaceId, url, request, this.#stopped.signal);
      // A receiver that answers with an error may be mended; one that says it is gone will not come back.
      isForGood = () => answer.status === GONE;
      expectOk(answer);
      return { kind: 'sent' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // It was not the receiver: the next server tries.
      if (this.#stopped.signal.aborted) return { kind: 'later', afterMs: 0, error: message };
      const pauseMs = WEBHOOK_PAUSES_MS[delivery.attempt - 1];
      if (pauseMs !== undefined && !isForGood(error))
        return { kind: 'later', afterMs: Math.max(pauseMs, retryAfterMs(error) ?? 0), error: message };
      this.#deps.log.warn({ delivery: id, err: error }, 'a webhook was given up');
      return { kind: 'dead', error: message };
    }
  }
}
