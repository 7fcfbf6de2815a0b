interface PolledWatch<Subject, Answer> {
  subject: Subject;
  tell: (answer: Answer) => void;
  /** What was told last; undefined before anything was. */
  told: Answer | undefined;
}

/**
 * Who wants to hear how something stands, over all connections. Any process may change it, so it is asked for: in one question for all who
 * listen.
 */
export class PolledWatches<Subject, Answer extends string | number> {
  readonly #watches = new Map<string, PolledWatch<Subject, Answer>>();
  readonly #ask: (subjects: readonly Subject[]) => Promise<Answer[]>;

  /** @param ask answers for each of them, in their order. */
  constructor(ask: (subjects: readonly Subject[]) => Promise<Answer[]>) {
    this.#ask = ask;
  }

  /** Tells a connection at once, and from now on each time the answer has changed. */
  async add(socketId: string, subject: Subject, tell: (answer: Answer) => void): Promise<void> {
    const watch: PolledWatch<Subject, Answer> = { subject, tell, told: undefined };
    this.#watches.set(socketId, watch);
    await this.#tell([watch]);
  }

  delete(socketId: string): void {
    this.#watches.delete(socketId);
  }

  /** Asks anew for all who listen. */
  async look(): Promise<void> {
    if (this.#watches.size > 0) await this.#tell([...this.#watches.values()]);
  }

  async #tell(watches: readonly PolledWatch<Subject, Answer>[]): Promise<void> {
    const answers = await this.#ask(watches.map(({ subject }) => subject));
    for (const [index, watch] of watches.entries()) {
      const answer = answers[index];
      if (answer === undefined || answer === watch.told) continue;
      watch.told = answer;
      watch.tell(answer);
    }
  }
}
