import type { OpenSession } from './open-session.ts';

/**
 * A session that is there while it is used. What the runtime needed for a tile it keeps for the next one, and gives back only with the
 * session: one that nobody uses for a while can be put to rest.
 */
export class RestingSession {
  readonly #open: () => Promise<OpenSession>;
  #opened: Promise<OpenSession> | undefined;
  #users = 0;

  constructor(open: () => Promise<OpenSession>) {
    this.#open = open;
  }

  /** Works with it; it is opened when it is not. @throws what opening it throws. It is tried again the next time. */
  async use<Result>(work: (opened: OpenSession) => Promise<Result>): Promise<Result> {
    this.#users++;
    try {
      this.#opened ??= this.#open();
      const opened = await this.#opened.catch((error: unknown) => {
        this.#opened = undefined;
        throw error;
      });
      return await work(opened);
    } finally {
      this.#users--;
    }
  }

  /** Closes it until it is used again, unless somebody is at work with it. */
  async rest(): Promise<void> {
    const opened = this.#opened;
    if (!opened || this.#users > 0) return;
    this.#opened = undefined;
    await (await opened).session.release();
  }
}
