import type { RunEvent } from '@imaginarium/protocol';
import type { EventBus } from '../ports/event-bus.ts';

/** Tells events within one process. */
export class MemoryEventBus implements EventBus {
  readonly #listeners = new Set<(events: readonly RunEvent[]) => void>();

  publish(events: readonly RunEvent[]): void {
    if (events.length === 0) return;
    for (const listener of this.#listeners) listener(events);
  }

  subscribe(listener: (events: readonly RunEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
