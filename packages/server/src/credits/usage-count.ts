import { RepeatedLook } from '../repeated-look.ts';
import type { UsageDays } from './usage.ts';

const LOOK_MS = 5_000;

/**
 * Counts what was charged into the figures of its day, again and again. Any number of servers may count at once: each charge is counted by
 * one of them, however late it comes.
 */
export class UsageCount {
  readonly #days: Pick<UsageDays, 'count'>;
  readonly #log: { error(data: object, message: string): void };
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(days: Pick<UsageDays, 'count'>, log: { error(data: object, message: string): void }) {
    this.#days = days;
    this.#log = log;
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being counted. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Counts all that is there. */
  async look(): Promise<void> {
    try {
      while (!this.#looks.isStopped && (await this.#days.count()) > 0);
    } catch (error) {
      this.#log.error({ err: error }, 'usage could not be counted; it is tried again');
    }
  }
}
