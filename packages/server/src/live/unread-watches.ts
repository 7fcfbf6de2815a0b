import type { Person, UnreadCounts } from '../notices/notice-list.ts';

interface UnreadWatch {
  person: Person;
  tell: (unread: number) => void;
  /** What was told last; undefined before anything was. */
  told: number | undefined;
}

/** Who wants to hear how much they were told and have not read, over all connections. Notices are written by any process, so they are counted. */
export class UnreadWatches {
  readonly #watches = new Map<string, UnreadWatch>();
  readonly #counts: UnreadCounts;

  constructor(counts: UnreadCounts) {
    this.#counts = counts;
  }

  /** Tells a connection at once, and from now on each time the number has changed. */
  async add(socketId: string, person: Person, tell: (unread: number) => void): Promise<void> {
    const watch: UnreadWatch = { person, tell, told: undefined };
    this.#watches.set(socketId, watch);
    await this.#tell([watch]);
  }

  delete(socketId: string): void {
    this.#watches.delete(socketId);
  }

  /** Counts anew for all who listen, in one question. */
  async look(): Promise<void> {
    if (this.#watches.size > 0) await this.#tell([...this.#watches.values()]);
  }

  async #tell(watches: readonly UnreadWatch[]): Promise<void> {
    const counted = await this.#counts.of(watches.map(({ person }) => person));
    for (const [index, watch] of watches.entries()) {
      const unread = counted[index] ?? 0;
      if (unread === watch.told) continue;
      watch.told = unread;
      watch.tell(unread);
    }
  }
}
