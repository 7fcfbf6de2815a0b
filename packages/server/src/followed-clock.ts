import { type Clock, systemClock } from '@imaginarium/engine';
import { RepeatedLook } from './repeated-look.ts';

/** How often the other clock is asked, in milliseconds. */
const ASK_MS = 10_000;
/** A difference this small, in milliseconds, is left: the times of one process do not go back for it. */
const SMALL_MS = 20;

/**
 * A clock that goes as another one does, which takes a while to ask: that of a database which several machines share. Between two answers it
 * goes by itself, and nobody who sets the clock of this machine changes it.
 */
export class FollowedClock implements Clock {
  readonly #read: () => Promise<number>;
  readonly #steady: () => number;
  readonly #looks: RepeatedLook;
  /** How far the other clock is ahead of the steady one. */
  #ahead: number;

  /**
   * Goes by the clock of this machine until it has asked.
   * @param read the other clock, in milliseconds since 1970.
   * @param steady milliseconds since some moment, which nobody sets.
   */
  constructor(read: () => Promise<number>, steady: () => number = () => performance.now()) {
    this.#read = read;
    this.#steady = steady;
    this.#ahead = Date.now() - steady();
    // What was known goes on to hold while the other clock cannot be asked.
    this.#looks = new RepeatedLook(() => this.ask().catch(() => undefined), ASK_MS);
  }

  readonly now = (): number => Math.round(this.#steady() + this.#ahead);

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  /** Asks the other clock, and goes by it from now on. @throws what reading it throws. */
  async ask(): Promise<void> {
    const askedAt = this.#steady();
    const time = await this.#read();
    // It was right at some moment of these two.
    const [least, most] = [time - this.#steady(), time - askedAt];
    if (this.#ahead < least - SMALL_MS) this.#ahead = least;
    else if (this.#ahead > most + SMALL_MS) this.#ahead = most;
  }

  /** Asks, and then again and again until it is stopped. @throws what reading the other clock throws the first time. */
  async follow(): Promise<void> {
    await this.ask();
    this.#looks.start(ASK_MS);
  }

  /** Resolves when the other clock is not asked any more. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }
}
