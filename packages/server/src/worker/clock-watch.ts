/** A change of the clock against time itself that is no drift any more. */
const SET_MS = 1000;
/** An answer that took longer says too little about when it was right. */
const LATE_MS = 500;

/**
 * Notices when the clock was set that leases are judged by. When it jumps ahead, those of workers that live seem to have lapsed until they
 * renew them.
 */
export class ClockWatch {
  readonly #read: () => Promise<number>;
  readonly #steady: () => number;
  #difference: number | undefined;
  #setAt = Number.NEGATIVE_INFINITY;

  /** @param read the clock that is watched, in milliseconds since 1970. @param steady milliseconds since some moment, which nobody sets. */
  constructor(read: () => Promise<number>, steady: () => number = () => performance.now()) {
    this.#read = read;
    this.#steady = steady;
  }

  /**
   * Whether the clock was set within the last `ms` milliseconds, as far as looks every second or so can tell.
   * @throws what reading the clock throws.
   */
  async wasSetWithin(ms: number): Promise<boolean> {
    const askedAt = this.#steady();
    const time = await this.#read();
    const now = this.#steady();
    if (now - askedAt < LATE_MS) {
      const difference = time - now;
      if (Math.abs(difference - (this.#difference ?? difference)) > SET_MS) this.#setAt = now;
      // Drift is not added up.
      this.#difference = difference;
    }
    return now - this.#setAt < ms;
  }
}
