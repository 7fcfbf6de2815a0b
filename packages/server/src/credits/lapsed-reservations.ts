import { RepeatedLook } from '../repeated-look.ts';

const LOOK_MS = 600_000;

/** Gives back credits that were set aside for runs that are gone. */
export interface LapsedStore {
  /** @returns how many reservations were over. */
  expire(): Promise<number>;
}

/** What it tells. */
export interface LapsedLog {
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/**
 * Looks every ten minutes for credits that nobody gave back: a safety net, for a run gives them back itself in the transaction that ends it.
 * Any number of servers may look at once.
 */
export class LapsedReservations {
  readonly #store: LapsedStore;
  readonly #log: LapsedLog;
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(store: LapsedStore, log: LapsedLog) {
    this.#store = store;
    this.#log = log;
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being written. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Looks once. */
  async look(): Promise<void> {
    try {
      const expired = await this.#store.expire();
      if (expired > 0)
        this.#log.warn({ expired }, 'credits were given back that were set aside for runs that are gone');
    } catch (error) {
      this.#log.error({ err: error }, 'reservations could not be looked through');
    }
  }
}
