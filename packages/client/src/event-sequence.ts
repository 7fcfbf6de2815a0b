import type { RunEvent } from '@imaginarium/protocol';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/**
 * Puts the events of one run in order: each number once, none left out. What arrives early waits; what is missing is fetched,
 * again and again until it is there.
 */
export class EventSequence {
  #last: number;
  #filling = false;
  readonly #early = new Map<number, RunEvent>();
  readonly #deliver: (events: RunEvent[]) => void;
  readonly #fetchAfter: (after: number, signal: AbortSignal) => Promise<RunEvent[]>;
  readonly #stopped = new AbortController();

  constructor(
    last: number,
    deliver: (events: RunEvent[]) => void,
    fetchAfter: (after: number, signal: AbortSignal) => Promise<RunEvent[]>,
  ) {
    this.#last = last;
    this.#deliver = deliver;
    this.#fetchAfter = fetchAfter;
  }

  /** Number of the last event that was delivered. */
  get last(): number {
    return this.#last;
  }

  receive(events: readonly RunEvent[]): void {
    if (this.#stopped.signal.aborted) return;
    for (const event of events) if (event.seq > this.#last) this.#early.set(event.seq, event);
    const ready: RunEvent[] = [];
    for (let next = this.#early.get(this.#last + 1); next; next = this.#early.get(this.#last + 1)) {
      this.#early.delete(next.seq);
      this.#last = next.seq;
      ready.push(next);
    }
    if (ready.length > 0) this.#deliver(ready);
    if (this.#early.size > 0) void this.#fill();
  }

  stop(): void {
    this.#stopped.abort();
    this.#early.clear();
  }

  async #fill(): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    const { signal } = this.#stopped;
    for (
      let delayMs = FIRST_RETRY_MS;
      this.#early.size > 0 && !signal.aborted;
      delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)
    ) {
      const before = this.#last;
      // A fetch that failed is tried again: without the missing events nothing later may be shown.
      this.receive(await this.#fetchAfter(before, signal).catch(() => []));
      if (this.#last > before) delayMs = FIRST_RETRY_MS;
      else await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
    this.#filling = false;
  }
}
