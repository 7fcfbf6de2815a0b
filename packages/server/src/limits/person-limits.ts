import { HttpError } from '../http/http-error.ts';
import type { Use, UseStore } from './use-store.ts';

/** What each person may do in a while; the owner of the server sets it. */
export interface LimitPolicy {
  /** Workflows created in 15 minutes; null for any number. */
  workflows: number | null;
  /** Items that nodes of a type may take on in an hour, by type; a type that is not named may take any number. */
  hourlyItems: Readonly<Record<string, number>>;
}

/** Items that a run asks nodes of one type to work on. */
export interface AskedItems {
  type: string;
  /** What a person calls the nodes. */
  name: string;
  items: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CREATION_MS = 15 * MINUTE_MS;

/** Holds each person to the limits of the server, whichever of its processes they reach. */
export class PersonLimits {
  readonly #policy: LimitPolicy;
  readonly #store: UseStore;

  constructor(policy: LimitPolicy, store: UseStore) {
    this.#policy = policy;
    this.#store = store;
  }

  /** Counts the creation of a workflow. @throws {HttpError} `too-many-requests`, with the time to wait. */
  async countWorkflow(userId: string): Promise<void> {
    const { workflows: most } = this.#policy;
    if (most === null) return;
    const full = await this.#store.take({ userId, what: 'workflow', amount: 1, most, windowMs: CREATION_MS });
    if (full)
      throw tooSoon(`One person may create at most ${most} workflows in 15 minutes.`, full.waitMs, {
        limit: most,
        used: full.used,
      });
  }

  /** Whether nodes of a type are counted at all. */
  counts(type: string): boolean {
    return Object.hasOwn(this.#policy.hourlyItems, type);
  }

  /**
   * Counts the items of a run by the types of its nodes: all of them, or nothing.
   * @returns takes them back, for a run that is not accepted after all.
   * @throws {HttpError} `batch-too-large` for more than an hour allows; `too-many-requests` with the time to wait.
   */
  async takeItems(userId: string, asked: readonly AskedItems[]): Promise<() => Promise<void>> {
    const taken: Use[] = [];
    const giveBack = async () => {
      for (const use of taken.splice(0)) await this.#store.giveBack(use);
    };
    for (const { type, name, items } of asked) {
      const most = this.#policy.hourlyItems[type];
      if (most === undefined || items === 0) continue;
      const use = { userId, what: `items of ${type}`, amount: items, most, windowMs: HOUR_MS };
      const refusal = items > most ? tooMany(name, items, most) : await this.#refusalOf(use, name);
      if (refusal) {
        await giveBack();
        throw refusal;
      }
      taken.push(use);
    }
    return giveBack;
  }

  async #refusalOf(use: Use, name: string): Promise<HttpError | undefined> {
    const full = await this.#store.take(use);
    if (!full) return undefined;
    const { most, amount } = use;
    const words = `${name}: one person may run at most ${most} items in an hour; ${full.used} are taken, and this run has ${amount}.`;
    return tooSoon(words, full.waitMs, { limit: most, used: full.used });
  }
}

function tooMany(name: string, items: number, most: number): HttpError {
  return new HttpError(
    'batch-too-large',
    `${name}: expected at most ${most} items, which is what one person may run in an hour, received ${items}. Run them in several batches.`,
    { limit: most, items },
  );
}

function tooSoon(words: string, waitMs: number, details: { limit: number; used: number }): HttpError {
  const minutes = Math.ceil(waitMs / MINUTE_MS);
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  const message = `${words} Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
  return new HttpError('too-many-requests', message, details, { retryAfterSeconds });
}
