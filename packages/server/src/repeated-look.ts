/** Looks for something to do again and again, each time a while after the last look has ended. */
export class RepeatedLook {
  readonly #look: () => Promise<void>;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  /**
   * @param look never rejects: what failed is found by the next look.
   * @param pauseMs milliseconds between two looks.
   */
  constructor(look: () => Promise<void>, pauseMs: number) {
    this.#look = look;
    this.#pauseMs = pauseMs;
  }

  /** Whether a look that takes long should end early. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** @param afterMs milliseconds until the first look. Default 0: at once. */
  start(afterMs = 0): void {
    const next = () => {
      this.#looking = this.#look().finally(() => {
        if (!this.#isStopped) this.#timer = setTimeout(next, this.#pauseMs).unref();
      });
    };
    if (afterMs > 0) this.#timer = setTimeout(next, afterMs).unref();
    else next();
  }

  /** Resolves when the look at work has ended; there is no other. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }
}
