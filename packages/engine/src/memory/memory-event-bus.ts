import type { RunEvent, Step } from '@imaginarium/protocol';
import type { EventBus, EventListener } from '../ports/event-bus.ts';

/** Tells events within one process. */
export class MemoryEventBus implements EventBus {
  readonly #listeners = new Set<EventListener>();

  publish(events: readonly RunEvent[], steps?: readonly Step[]): void {
    if (events.length === 0) return;
    for (const listener of this.#listeners) listener(events, steps);
  }

  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
