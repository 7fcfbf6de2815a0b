import { LRUCache } from 'lru-cache';
import type { StoredTrigger, TriggerStore } from './trigger-store.ts';

/** How long a trigger is believed without asking: as long, a server may not know what another one changed. */
const BELIEVED_MS = 1_000;

/**
 * Remembers triggers of active versions by their token for a moment, so that a busy webhook does not ask the database for each delivery.
 * What changes in this process is forgotten at once.
 */
export class RememberedTriggers implements TriggerStore {
  readonly #store: TriggerStore;
  readonly #found = new LRUCache<string, StoredTrigger>({ max: 10_000, ttl: BELIEVED_MS });
  #changes = 0;

  constructor(store: TriggerStore) {
    this.#store = store;
  }

  /** Forgets everything, because a trigger or its workflow changed. */
  forget(): void {
    this.#changes++;
    this.#found.clear();
  }

  findByToken(tokenHash: string): Promise<StoredTrigger | undefined> | StoredTrigger {
    return this.#found.get(tokenHash) ?? this.#find(tokenHash);
  }

  async #find(tokenHash: string): Promise<StoredTrigger | undefined> {
    const before = this.#changes;
    const found = await this.#store.findByToken(tokenHash);
    // Those that try a draft out end at a time of their own, and what changed while it was read may be out of date already.
    if (found && found.version !== null && before === this.#changes) this.#found.set(tokenHash, found);
    return found;
  }

  due(now: string, limit: number): Promise<StoredTrigger[]> {
    return this.#store.due(now, limit);
  }

  advance(id: string, from: string, to: string | null): Promise<boolean> {
    return this.#store.advance(id, from, to);
  }
}
