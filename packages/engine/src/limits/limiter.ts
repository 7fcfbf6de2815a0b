/** Lets at most `limit` tasks be under way at once; the others wait in order. */
export class Limiter {
  #free: number;
  /** Those who wait stand from `#next` on: taking the first from a list of thousands would move all the others each time. */
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** For a task that is under way: lets another take its place while it only waits. */
  async rest<Result>(pause: () => Promise<Result>): Promise<Result> {
    this.#leave();
    try {
      return await pause();
    } finally {
      await this.#enter();
    }
  }

  /** A place, for work whose end is elsewhere. @returns what gives it back; undefined when none is free. */
  tryTake(): (() => void) | undefined {
    if (this.#free === 0) return undefined;
    this.#free--;
    return () => this.#leave();
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#takeNext();
    if (next) next();
    else this.#free++;
  }

  #takeNext(): (() => void) | undefined {
    const next = this.#waiting[this.#next];
    if (!next) return undefined;
    this.#next++;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return next;
  }
}
