import type { Checkpoint } from '@imaginarium/engine';
import type { RunCredits } from '../books/run-credits.ts';
import { tellEnd } from '../books/tell.ts';
import type { Transaction } from '../database/database.ts';
import type { RunEnd } from './begun-run.ts';
import { noteFailure } from './failed-runs.ts';
import { forgetParked, storeParked } from './run-parking.ts';
import { storeProgress } from './run-writes.ts';
import type { StepTimes } from './step-times.ts';

/** A run, as far as what hangs on it has to be known by it. */
interface RunKey {
  id: string;
  workspaceId: string;
}

/** Stores what goes with a run beside its own row. The caller has checked the lease in the same transaction. */
export class RunCheckpoints {
  readonly #times: StepTimes;
  readonly #credits: RunCredits;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(times: StepTimes, credits: RunCredits, now: () => number) {
    this.#times = times;
    this.#credits = credits;
    this.#now = now;
  }

  /** Stores steps and events, how long steps took, what is waited for, and what was charged. */
  async store(transaction: Transaction, { id, workspaceId }: RunKey, progress: Checkpoint): Promise<void> {
    await storeProgress(transaction, id, progress);
    await this.#times.keep(transaction, workspaceId, progress.steps);
    if (progress.parked) await storeParked(transaction, { id, workspaceId }, progress.parked);
    const at = new Date(this.#now()).toISOString();
    await this.#credits.charge(transaction, { id, workspaceId }, progress.charges ?? [], at);
  }

  /** Stores the last of a run, and what follows from its end. */
  async storeEnd(transaction: Transaction, run: RunKey, { outcome, checkpoint, at }: RunEnd): Promise<void> {
    const { parked, ...progress } = checkpoint;
    await this.store(transaction, run, progress);
    if (parked) await forgetParked(transaction, run.id);
    if (outcome.state === 'failed') await noteFailure(transaction, run.id);
    await tellEnd(transaction, run.id, outcome, checkpoint.steps, at);
  }
}
