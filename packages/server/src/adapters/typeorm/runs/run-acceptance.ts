import {
  type AcceptedRun,
  type Idempotency,
  IdempotencyMismatchError,
  type NewRun,
  type RunStart,
  runOfNew,
} from '@imaginarium/engine';
import type { Run } from '@imaginarium/protocol';
import { joinCeiling } from '../books/ceilings.ts';
import type { FundedRun, RunCredits } from '../books/run-credits.ts';
import { tellLow } from '../books/tell.ts';
import type { Database, Transaction } from '../database/database.ts';
import { storableText } from '../database/identifiers.ts';
import { isKeyViolation } from '../database/violations.ts';
import { affordableWrite } from './affordable-write.ts';
import type { Beginning } from './begun-run.ts';
import { begunAt, endedRun } from './ended-run.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { RunCheckpoints } from './run-checkpoints.ts';
import { type RunRow, runColumns, runOf } from './run-rows.ts';
import { insertRun } from './run-writes.ts';
import type { StepTimes } from './step-times.ts';

/** What accepting a run needs. */
interface AcceptanceParts {
  credits: RunCredits;
  clock: LeaseClock;
  times: StepTimes;
  checkpoints: RunCheckpoints;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Takes runs into the database: their rows, their graphs, the credits set aside for them, all in one transaction. */
export class RunAcceptance {
  readonly #database: Database;
  readonly #parts: AcceptanceParts;

  constructor(database: Database, parts: AcceptanceParts) {
    this.#database = database;
    this.#parts = parts;
  }

  /**
   * Stores a run, or finds the one that was stored under its idempotency key.
   * @param beginning what is known of a run that has begun before it is stored.
   * @throws {IdempotencyMismatchError} when the key came with another request, and what refuses credits: {@link affordableWrite}.
   */
  async accept(run: NewRun, start?: RunStart, beginning?: Beginning): Promise<AcceptedRun> {
    storableText('workflowName', run.workflowName);
    if (run.idempotency) storableText('Idempotency-Key', run.idempotency.key);
    const { terms, workspaceId } = run;
    if (terms) await this.#parts.credits.open(this.#database, workspaceId, this.#moment());
    // Asking whether a graph is there still costs a way to PostgreSQL and back.
    const believes = this.#database.kind === 'postgres';
    // Its graph was kept for runs that are gone, and was removed between the look and the insert.
    const isGone = (error: unknown) => isKeyViolation(error, 'graph_snapshot');
    return this.#accept(run, { start, beginning, believes }).catch((error) =>
      isGone(error) ? this.#accept(run, { start, beginning, believes: false }) : Promise.reject(error),
    );
  }

  #accept(
    run: NewRun,
    {
      start,
      beginning,
      believes,
    }: { start: RunStart | undefined; beginning: Beginning | undefined; believes: boolean },
  ): Promise<AcceptedRun> {
    const { id, workspaceId, creditsQuoted, terms } = run;
    const { clock, times, checkpoints } = this.#parts;
    const plainly = start && beginning && (() => endedRun(run, beginning, { worker: start.worker, times }));
    const work = async (transaction: Transaction) => {
      const now = beginning?.at ?? this.#moment();
      const lease = start && { worker: start.worker, until: clock.at(start.leaseMs) };
      const inserted = await insertRun(transaction, run, now, { lease, beginning, believes });
      if (inserted && terms) await this.#reserve(transaction, { ...run, credits: creditsQuoted, terms });
      if (inserted?.end) await checkpoints.storeEnd(transaction, { id, workspaceId }, inserted.end);
      if (inserted?.isHeld) return begunAt(run, now);
      if (inserted) return { run: runOfNew(run, now), created: true };
      const twin = run.idempotency && (await findRepeated(transaction, run.workspaceId, run.idempotency));
      if (!twin) throw new Error(`Run ${run.id} was neither stored nor there already.`);
      return { run: twin, created: false };
    };
    const affordable = { id, workspaceId, needed: creditsQuoted };
    return affordableWrite(this.#database, affordable, this.#parts.now, work, plainly);
  }

  async #reserve(transaction: Transaction, run: FundedRun): Promise<void> {
    const { credits } = this.#parts;
    const now = this.#moment();
    await credits.reserve(transaction, run, now);
    if (run.terms.ceiling) await joinCeiling(transaction, run, run.terms.ceiling);
    await tellLow(transaction, { ...run, payer: credits.payer }, now);
  }

  #moment(): string {
    return new Date(this.#parts.now()).toISOString();
  }
}

/** The run that was accepted under an idempotency key. @throws {IdempotencyMismatchError} when the key came with another request. */
export async function findRepeated(
  { sql }: Transaction,
  workspaceId: string,
  { key, requestHash }: Idempotency,
): Promise<Run | undefined> {
  const [row] = await sql<RunRow>`
    SELECT ${runColumns} FROM run WHERE workspace_id = ${workspaceId} AND idempotency_key = ${key}`;
  if (!row) return undefined;
  if (row.request_hash !== requestHash) throw new IdempotencyMismatchError(key);
  return runOf(row);
}
