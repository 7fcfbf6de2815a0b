import type { QueueStore } from './queue-store.ts';

/** Where runs may not begin at the moment, as far as this process knows. The run store has the last word. */
export interface PauseView {
  isPaused(workspaceId: string): boolean;
  /** Calls back when a pause has ended. @returns what ends the calls. */
  onResumed(listener: () => void): () => void;
}

/** How soon a pause that another process made or ended is known here. */
const REFRESH_MS = 1000;

/** Keeps what the database says of pauses at hand, so that a queue need not ask for every run. */
export class Pauses implements PauseView {
  readonly #store: Pick<QueueStore, 'pauses'>;
  readonly #listeners = new Set<() => void>();
  #paused: ReadonlySet<string | null> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<QueueStore, 'pauses'>) {
    this.#store = store;
  }

  isPaused(workspaceId: string): boolean {
    return this.#paused.size > 0 && (this.#paused.has(null) || this.#paused.has(workspaceId));
  }

  onResumed(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps looking until {@link stop}. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now: after a change in this process. A database that is away changes nothing. */
  async refresh(): Promise<void> {
    const pauses = await this.#store.pauses().catch(() => undefined);
    if (!pauses) return;
    const before = this.#paused;
    this.#paused = new Set(pauses.map(({ workspaceId }) => workspaceId));
    if (before.isSubsetOf(this.#paused)) return;
    for (const listener of this.#listeners) listener();
  }
}
