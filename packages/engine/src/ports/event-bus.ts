import type { RunEvent } from '@imaginarium/protocol';

/** Tells what was stored to those who watch. Delivery is not promised: a watcher that misses a number asks the run store. */
export interface EventBus {
  /** Events of one run, in order, after they were stored. */
  publish(events: readonly RunEvent[]): void;
  /** Calls the listener for every run's events. @returns a function that ends it. */
  subscribe(listener: (events: readonly RunEvent[]) => void): () => void;
}
