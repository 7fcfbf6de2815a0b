/** A change of the wall clock against time itself that is no drift any more. */
const SET_MS = 1000;

/**
 * Notices when the clock of the machine was set. Leases are judged by it: when it jumps ahead, those of workers that live seem to have
 * lapsed until they renew them.
 */
export class ClockWatch {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #difference: number;
  #setAt = Number.NEGATIVE_INFINITY;

  /** @param wall milliseconds since 1970. @param steady milliseconds since some moment, which nobody sets. */
  constructor(wall: () => number = Date.now, steady: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#difference = wall() - steady();
  }

  /** Whether the clock was set within the last `ms` milliseconds, as far as looks every second or so can tell. */
  wasSetWithin(ms: number): boolean {
    const difference = this.#wall() - this.#steady();
    if (Math.abs(difference - this.#difference) > SET_MS) this.#setAt = this.#steady();
    // Drift is not added up.
    this.#difference = difference;
    return this.#steady() - this.#setAt < ms;
  }
}
