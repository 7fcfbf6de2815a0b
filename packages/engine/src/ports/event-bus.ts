import type { RunEvent, Step } from '@imaginarium/protocol';

/**
 * Hears of a run.
 * @param events of one run, in order.
 * @param steps those that were stored with the events, where they are at hand or somebody wants them.
 */
export type EventListener = (events: readonly RunEvent[], steps?: readonly Step[]) => void;

/** Tells what was stored to those who watch. Delivery is not promised: a watcher that misses a number asks the run store. */
export interface EventBus {
  /** Tells events of one run, in order, after they were stored, and the steps that were stored with them. */
  publish(events: readonly RunEvent[], steps?: readonly Step[]): void;
  /**
   * Calls the listener for every run's events.
   * @param wantsSteps asked about a run that another process told of, whose steps have to be read. Default: they are not.
   * @returns a function that ends it.
   */
  subscribe(listener: EventListener, wantsSteps?: (runId: string) => boolean): () => void;
}
