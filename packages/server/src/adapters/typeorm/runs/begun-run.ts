import {
  type AcceptedRun,
  type BegunRun,
  type Checkpoint,
  type Lease,
  LeaseLostError,
  type NewRun,
  type ParkedRun,
  type RunOutcome,
  type RunProgress,
  runOfNew,
} from '@imaginarium/engine';
import type { Run } from '@imaginarium/protocol';

/** The end of a run, as it is written down. */
export interface RunEnd {
  outcome: RunOutcome;
  checkpoint: Checkpoint;
  /** ISO 8601. */
  at: string;
}

/** What is known of a run that begins before it is stored. */
export interface Beginning {
  /** When it was accepted and began, as ISO 8601. */
  at: string;
  /** Whether it has ended meanwhile: asked in the transaction that stores it, again where that is done again. */
  end(): RunEnd | undefined;
}

/** The first lease of a run has this token. */
const FIRST_TOKEN = 1;

/**
 * A run that begins while the transaction that accepts it waits for its turn. Light runs have ended by then, and are stored with their end:
 * one row in place of a row that is changed at once. All else is written as ever, once it is stored that the run began.
 */
export class BegunSqlRun implements BegunRun {
  readonly run: Run;
  readonly lease: Lease;
  readonly stored: Promise<AcceptedRun>;
  readonly #store: RunProgress;
  readonly #now: () => number;
  #end: RunEnd | undefined;
  #isEndStored = false;

  /**
   * @param accept stores the run, with what is known of it.
   * @param now milliseconds since 1970.
   */
  constructor(
    asked: NewRun,
    store: RunProgress,
    { accept, now }: { accept: (beginning: Beginning) => Promise<AcceptedRun>; now: () => number },
  ) {
    const at = new Date(now()).toISOString();
    this.run = { ...runOfNew(asked, at), state: 'running', startedAt: at };
    this.lease = { runId: asked.id, token: FIRST_TOKEN };
    this.#store = store;
    this.#now = now;
    this.stored = accept({
      at,
      end: () => {
        this.#isEndStored = this.#end !== undefined;
        return this.#end;
      },
    });
  }

  async settle(lease: Lease, outcome: RunOutcome, checkpoint: Checkpoint): Promise<void> {
    this.#end = { outcome, checkpoint, at: new Date(this.#now()).toISOString() };
    await this.#begins();
    if (!this.#isEndStored) await this.#store.settle(lease, outcome, checkpoint);
  }

  async checkpoint(lease: Lease, checkpoint: Checkpoint): Promise<void> {
    await this.#begins();
    await this.#store.checkpoint(lease, checkpoint);
  }

  async park(lease: Lease, checkpoint: Checkpoint & { parked: ParkedRun }): Promise<boolean> {
    await this.#begins();
    return this.#store.park(lease, checkpoint);
  }

  async setAside(lease: Lease, credits: number): Promise<void> {
    await this.#begins();
    await this.#store.setAside(lease, credits);
  }

  async release(lease: Lease): Promise<void> {
    await this.#begins();
    await this.#store.release(lease);
  }

  /** Resolves once it is stored that the run began. @throws {LeaseLostError} when it may not, and what accepting it threw. */
  async #begins(): Promise<void> {
    const { lease } = await this.stored;
    if (!lease) throw new LeaseLostError(this.lease.runId);
  }
}
