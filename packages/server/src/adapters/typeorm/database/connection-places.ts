import { Limiter } from '@imaginarium/engine';
import { DatabaseAwayError } from './database-away.ts';

/**
 * The connections of a pool. Who finds none free waits here, in the order of coming: to the pool, waiting for one of its own connections is
 * the same as a server that does not answer, and it is given up as fast.
 */
export class ConnectionPlaces {
  readonly #places: Limiter;
  readonly #patienceMs: number;

  /**
   * @param count connections of the pool.
   * @param patienceMs how long anybody waits for one.
   */
  constructor(count: number, patienceMs: number) {
    this.#places = new Limiter(count);
    this.#patienceMs = patienceMs;
  }

  /** Does work that needs a connection. @throws {DatabaseAwayError} when none became free in time, and what the work throws. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    const leave = this.#places.tryTake();
    if (!leave) return this.#wait(work);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  #wait<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(new DatabaseAwayError(new Error(`each connection to it was busy for ${this.#patienceMs / 1000} s`)));
      }, this.#patienceMs);
      const begin = async () => {
        clearTimeout(timer);
        if (!isLate) resolve(await work());
      };
      this.#places.run(begin).catch(reject);
    });
  }
}
