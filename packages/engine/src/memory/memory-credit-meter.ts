import { type Quote, stepKey } from '@imaginarium/protocol';
import { type CreditMeter, InsufficientCreditsError } from '../ports/credit-meter.ts';

interface Reservation {
  credits: number;
  spent: Map<string, number>;
}

/** Counts credits in memory, against a balance that is unlimited unless given. */
export class MemoryCreditMeter implements CreditMeter {
  #available: number;
  readonly #reservations = new Map<string, Reservation>();

  constructor(balance = Number.POSITIVE_INFINITY) {
    this.#available = balance;
  }

  get available(): number {
    return this.#available;
  }

  async quote(quote: Quote): Promise<Quote> {
    return quote;
  }

  async reserve(runId: string, _workspaceId: string, credits: number): Promise<void> {
    if (this.#reservations.has(runId)) return;
    if (credits > this.#available) throw new InsufficientCreditsError(credits, this.#available);
    this.#available -= credits;
    this.#reservations.set(runId, { credits, spent: new Map() });
  }

  async commit(
    runId: string,
    step: { node: string; iteration: string; attempt: number },
    credits: number,
  ): Promise<void> {
    this.#reservations.get(runId)?.spent.set(`${stepKey(step)}/${step.attempt}`, credits);
  }

  async release(runId: string, _reason: string): Promise<void> {
    const reservation = this.#reservations.get(runId);
    if (!reservation) return;
    const spent = [...reservation.spent.values()].reduce((sum, credits) => sum + credits, 0);
    this.#available += Math.max(0, reservation.credits - spent);
    this.#reservations.delete(runId);
  }
}
