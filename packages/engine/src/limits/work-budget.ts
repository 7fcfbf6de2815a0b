import type { PoolLoad } from '@imaginarium/protocol';
import { raceAbort } from './race-abort.ts';

/** What one call of a node needs of the machine it executes on. */
export interface WorkNeeds {
  /** The pool of heavy work it belongs to; null for work in the worker itself. */
  pool: string | null;
  /** Memory at its peak, in megabytes. */
  memoryMb: number;
  nodeType: string;
  /** Most calls of its node type at the same time. */
  concurrency?: number | undefined;
}

export interface WorkBudgetOptions {
  /** Memory that calls at work may need in all, in megabytes. */
  memoryMb: number;
  /** Calls at the same time, by pool; a pool that is not named has no limit of its own. */
  places: Readonly<Record<string, number>>;
  /** Memory that the machine has free now, in megabytes. Left out: it is not asked. */
  freeMb?: () => number;
  /** Memory that the processes of a pool hold already, in megabytes; undefined where nobody knows: then it is taken for all that was promised. */
  heldMb?: (pool: string) => number | undefined;
  /** How long others may pass one that waits, in milliseconds. Default ten seconds. */
  patienceMs?: number;
  /** Milliseconds on a clock that only goes forward. */
  now?: () => number;
}

interface Waiting {
  needs: WorkNeeds;
  since: number;
  enter(): void;
}

/** What is taken, or kept for somebody. */
class Taken {
  memoryMb = 0;
  readonly pools = new Map<string, { running: number; memoryMb: number }>();
  readonly types = new Map<string, number>();

  add({ pool, memoryMb, nodeType }: WorkNeeds, sign: 1 | -1 = 1): void {
    this.memoryMb += sign * memoryMb;
    this.types.set(nodeType, (this.types.get(nodeType) ?? 0) + sign);
    if (pool === null) return;
    const load = this.pools.get(pool) ?? { running: 0, memoryMb: 0 };
    this.pools.set(pool, { running: load.running + sign, memoryMb: load.memoryMb + sign * memoryMb });
  }
}

const PATIENCE_MS = 10_000;
/** How soon memory is seen that something else on the machine has freed. */
const LOOK_AGAIN_MS = 500;

/**
 * Lets calls of nodes in while the memory they declare, the places of their pools and the limits of their node types allow. Who needs
 * little passes who needs much, for a while; then everything that the one who waits needs is kept for it. Who needs more than all memory
 * there is takes it all, and executes alone.
 */
export class WorkBudget {
  readonly #options: WorkBudgetOptions;
  readonly #taken = new Taken();
  #running = 0;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkBudgetOptions) {
    this.#options = options;
  }

  /**
   * Waits until a call may begin.
   * @param onWait told when it has to wait, in a sentence.
   * @returns what gives back what was taken; to be called once.
   * @throws the signal's reason when it is aborted first.
   */
  async take(asked: WorkNeeds, signal: AbortSignal, onWait: (message: string) => void): Promise<() => void> {
    signal.throwIfAborted();
    const needs = { ...asked, memoryMb: Math.min(asked.memoryMb, this.#options.memoryMb) };
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting: Waiting = { needs, since: this.#now(), enter: resolve };
    this.#waiting.push(waiting);
    this.#letIn();
    if (this.#waiting.includes(waiting)) {
      onWait(this.#whatFor(needs));
      await raceAbort(promise, signal).catch((error: unknown) => {
        // It may have been let in while it was given up.
        if (this.#waiting.includes(waiting)) this.#waiting = this.#waiting.filter((other) => other !== waiting);
        else this.#giveBack(needs);
        this.#letIn();
        throw error;
      });
    }
    return () => {
      this.#giveBack(needs);
      this.#letIn();
    };
  }

  /** What is at work and waits, by pool. */
  load(): PoolLoad[] {
    const pools = new Set([...Object.keys(this.#options.places), ...this.#taken.pools.keys()]);
    return [...pools].map((pool) => ({
      ...{ pool, running: 0, memoryMb: 0, ...this.#taken.pools.get(pool) },
      waiting: this.#waiting.filter(({ needs }) => needs.pool === pool).length,
    }));
  }

  #letIn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { patienceMs = PATIENCE_MS } = this.#options;
    // What those who have waited long will take: others behave as if they had it already.
    const kept = new Taken();
    const stay: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (this.#fits(waiting.needs, kept)) {
        this.#taken.add(waiting.needs);
        this.#running++;
        waiting.enter();
        continue;
      }
      stay.push(waiting);
      if (this.#now() - waiting.since >= patienceMs) kept.add(waiting.needs);
    }
    this.#waiting = stay;
    // Nobody tells when the machine has memory again.
    if (stay.length > 0 && this.#options.freeMb) this.#timer = setTimeout(() => this.#letIn(), LOOK_AGAIN_MS).unref();
  }

  #fits({ pool, memoryMb, nodeType, concurrency }: WorkNeeds, kept: Taken): boolean {
    const { memoryMb: budgetMb, places, freeMb } = this.#options;
    const type = (this.#taken.types.get(nodeType) ?? 0) + (kept.types.get(nodeType) ?? 0);
    if (concurrency !== undefined && type >= concurrency) return false;
    if (pool !== null) {
      const running = (this.#taken.pools.get(pool)?.running ?? 0) + (kept.pools.get(pool)?.running ?? 0);
      if (running >= (places[pool] ?? Number.POSITIVE_INFINITY)) return false;
    }
    if (this.#taken.memoryMb + kept.memoryMb + memoryMb > budgetMb) return false;
    // Where nothing is at work, nothing will free memory: it may try.
    return this.#running === 0 || freeMb === undefined || memoryMb + this.#promisedMb() <= freeMb();
  }

  /** What calls at work have been let in with and do not hold yet: it is free only until they take it. */
  #promisedMb(): number {
    const { heldMb } = this.#options;
    let promised = 0;
    for (const [pool, { memoryMb }] of this.#taken.pools)
      promised += Math.max(0, memoryMb - (heldMb?.(pool) ?? memoryMb));
    return promised;
  }

  #giveBack(needs: WorkNeeds): void {
    this.#taken.add(needs, -1);
    this.#running--;
  }

  #whatFor({ memoryMb, pool, nodeType, concurrency }: WorkNeeds): string {
    const { memoryMb: budgetMb } = this.#options;
    if (this.#taken.memoryMb + memoryMb > budgetMb)
      return `Waits for memory: it needs ${memoryMb} MB, and others use ${this.#taken.memoryMb} of ${budgetMb} MB.`;
    if (concurrency !== undefined && (this.#taken.types.get(nodeType) ?? 0) >= concurrency)
      return `Waits for its turn: ${concurrency} at the same time ${concurrency === 1 ? 'is' : 'are'} the most of its kind.`;
    if (
      pool !== null &&
      (this.#taken.pools.get(pool)?.running ?? 0) >= (this.#options.places[pool] ?? Number.POSITIVE_INFINITY)
    )
      return `Waits for a place in the pool ${pool}.`;
    return `Waits for memory: it needs ${memoryMb} MB, and the machine has less free or keeps it for another step.`;
  }

  #now(): number {
    return (this.#options.now ?? (() => performance.now()))();
  }
}
