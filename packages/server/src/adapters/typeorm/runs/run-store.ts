import {
  type AcceptedRun,
  type BegunRun,
  bringsOn,
  type CanExecute,
  type Checkpoint,
  canGoOn,
  type Idempotency,
  type Lease,
  LeaseLostError,
  type NewRun,
  type ParkedRun,
  type QueuedRun,
  type RunNews,
  type RunOutcome,
  type RunRecord,
  type RunStart,
  type RunStore,
} from '@imaginarium/engine';
import type { Run, RunEvent } from '@imaginarium/protocol';
import { keepToCeiling } from '../books/ceilings.ts';
import { RunCredits } from '../books/run-credits.ts';
import { tellEnd, tellLow } from '../books/tell.ts';
import type { Database, Transaction } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { fragment } from '../database/sql.ts';
import { affordableWrite } from './affordable-write.ts';
import { type Beginning, BegunSqlRun } from './begun-run.ts';
import { cancelUnheld } from './cancel-unheld.ts';
import { GraphTypes } from './graph-types.ts';
import { type LeaseClock, leaseClockOf } from './lease-clock.ts';
import { listLapsed, listTurns, takeDue } from './queued-runs.ts';
import { findRepeated, RunAcceptance } from './run-acceptance.ts';
import { RunCheckpoints } from './run-checkpoints.ts';
import { held, RunLeases } from './run-leases.ts';
import { queueAgain, readParked } from './run-parking.ts';
import { type RunRow, readEvents, readNews, readRecord, runColumns, runOf } from './run-rows.ts';
import { StepTimes } from './step-times.ts';

/**
 * Runs in the database. Every move of a run is one conditional UPDATE that names the state and, once it is running, the lease that
 * it expects: of two that try, one finds a row.
 */
export class SqlRunStore implements RunStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #graphTypes = new GraphTypes();
  readonly #clock: LeaseClock;
  readonly #leases: RunLeases;
  readonly #credits: RunCredits;
  readonly #checkpoints: RunCheckpoints;
  readonly #acceptance: RunAcceptance;

  /**
   * @param credits pays for runs, in the same transactions that move them.
   * @param now milliseconds since 1970, for times that are shown; for leases see {@link LeaseClock}.
   */
  constructor(
    database: Database,
    credits: RunCredits = new RunCredits({ mode: 'unlimited', startGrant: 0 }),
    now: () => number = Date.now,
  ) {
    this.#database = database;
    this.#credits = credits;
    this.#now = now;
    this.#clock = leaseClockOf(database, now);
    this.#leases = new RunLeases(database, this.#graphTypes, this.#clock, now);
    const times = new StepTimes(now);
    this.#checkpoints = new RunCheckpoints(times, credits, now);
    this.#acceptance = new RunAcceptance(database, {
      credits,
      clock: this.#clock,
      times,
      checkpoints: this.#checkpoints,
      now,
    });
  }

  accept(run: NewRun, start?: RunStart): Promise<AcceptedRun> {
    return this.#acceptance.accept(run, start);
  }

  begin(run: NewRun, start: RunStart): BegunRun | undefined {
    // On PostgreSQL, what a node asks of the database could come before its run; on SQLite what is asked later is done later.
    if (this.#database.kind !== 'sqlite' || run.terms) return undefined;
    const accept = (beginning: Beginning) => this.#acceptance.accept(run, start, beginning);
    return new BegunSqlRun(run, this, { accept, now: this.#now });
  }

  findRepeated(workspaceId: string, idempotency: Idempotency): Promise<Run | undefined> {
    return this.#database.read((transaction) => findRepeated(transaction, workspaceId, idempotency));
  }

  claim(runId: string, worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    return this.#leases.claim(runId, worker, leaseMs, canExecute);
  }

  takeOver(runId: string, worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    return this.#leases.takeOver(runId, worker, leaseMs, canExecute);
  }

  renew(lease: Lease, leaseMs: number): Promise<boolean> {
    return this.#leases.renew(lease, leaseMs);
  }

  release(lease: Lease): Promise<void> {
    return this.#leases.release(lease);
  }

  load(runId: string): Promise<RunRecord | undefined> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve(undefined);
    return this.#database.read((transaction) => readRecord(transaction, fragment`id = ${id}`));
  }

  async setAside(lease: Lease, credits: number): Promise<void> {
    const asking = { id: lease.runId, workspaceId: '', needed: credits };
    return affordableWrite(this.#database, asking, this.#now, async (transaction) => {
      const [row] = await transaction.sql<{ workspace_id: string }>`
        UPDATE run SET last_seq = last_seq WHERE ${held(lease)} RETURNING workspace_id`;
      if (!row) throw new LeaseLostError(lease.runId);
      asking.workspaceId = row.workspace_id;
      await this.#credits.extend(transaction, lease.runId, credits);
      await keepToCeiling(transaction, lease.runId, credits);
      await tellLow(
        transaction,
        { workspaceId: row.workspace_id, credits, payer: this.#credits.payer },
        this.#moment(),
      );
    });
  }

  checkpoint(lease: Lease, checkpoint: Checkpoint): Promise<void> {
    return this.#database.write(
      async (transaction) => {
        const [row] = await transaction.sql<{ workspace_id: string }>`
        UPDATE run SET
          last_seq = COALESCE(${lastSeq(checkpoint)}, last_seq) ${bringsOn(checkpoint) ? fragment`, takeovers = 0` : fragment``}
        WHERE ${held(lease)} RETURNING workspace_id`;
        if (!row) throw new LeaseLostError(lease.runId);
        await this.#checkpoints.store(transaction, { id: lease.runId, workspaceId: row.workspace_id }, checkpoint);
      },
      { canBeDoneAnew: true },
    );
  }

  settle(lease: Lease, outcome: RunOutcome, checkpoint: Checkpoint): Promise<void> {
    return this.#database.write(
      async (transaction) => {
        const at = this.#moment();
        const [row] = await transaction.sql<{ workspace_id: string; funded: boolean | 0 | 1 }>`
        UPDATE run SET
          state = ${outcome.state}, credits_spent = ${outcome.creditsSpent}, finished_at = ${at},
          error = ${outcome.error && JSON.stringify(outcome.error)}, error_code = ${outcome.error?.code ?? null},
          cover = ${outcome.cover && JSON.stringify(outcome.cover)},
          last_seq = COALESCE(${lastSeq(checkpoint)}, last_seq), lease_until = NULL
        WHERE ${held(lease)} RETURNING workspace_id, ${isFunded} AS funded`;
        if (!row) throw new LeaseLostError(lease.runId);
        const run = { id: lease.runId, workspaceId: row.workspace_id };
        await this.#checkpoints.storeEnd(transaction, run, { outcome, checkpoint, at });
        if (row.funded) await this.#credits.release(transaction, lease.runId, at);
      },
      { canBeDoneAnew: true },
    );
  }

  park(lease: Lease, checkpoint: Checkpoint & { parked: ParkedRun }): Promise<boolean> {
    return this.#database.write(async (transaction) => {
      const { sql } = transaction;
      // Its row first: an answer that comes at the same moment waits for it, or is seen below.
      const [row] = await sql<{ workspace_id: string; priority: number; cancel_requested_at: string | null }>`
        UPDATE run SET
          state = 'waiting', last_seq = COALESCE(${lastSeq(checkpoint)}, last_seq), lease_until = NULL, takeovers = 0
        WHERE ${held(lease)} RETURNING workspace_id, priority, cancel_requested_at`;
      if (!row) throw new LeaseLostError(lease.runId);
      const run = { id: lease.runId, workspaceId: row.workspace_id, priority: row.priority };
      await this.#checkpoints.store(transaction, run, checkpoint);
      const parked = (await readParked(transaction, run.id)) ?? checkpoint.parked;
      const queued = row.cancel_requested_at !== null || canGoOn(parked, this.#now());
      if (queued) await queueAgain(transaction, run);
      return queued;
    });
  }

  requestCancel(runId: string): Promise<Run | undefined> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve(undefined);
    return this.#database.write(async (transaction) => {
      const at = this.#moment();
      const ended = await cancelUnheld(transaction, id, at);
      if (ended) {
        await this.#credits.release(transaction, id, at);
        const outcome = { state: 'cancelled', error: null, creditsSpent: ended.credits_spent } as const;
        await tellEnd(transaction, id, outcome, [], at);
        return runOf(ended);
      }
      const [asked] = await transaction.sql<RunRow>`
        UPDATE run SET cancel_requested_at = COALESCE(cancel_requested_at, ${at})
        WHERE id = ${id} AND state = 'running' RETURNING ${runColumns}`;
      const row = asked ?? (await findRun(transaction, id));
      return row && runOf(row);
    });
  }

  isCancelRequested(runId: string): Promise<boolean> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve(false);
    return this.#database.read(async ({ sql }) => {
      const rows = await sql`SELECT id FROM run WHERE id = ${id} AND cancel_requested_at IS NOT NULL`;
      return rows.length === 1;
    });
  }

  listQueued(limit: number, canExecute?: CanExecute): Promise<QueuedRun[]> {
    const beyond = canExecute ? this.#graphTypes.beyond(canExecute) : [];
    return this.#database.read(async (transaction) => {
      const lapsed = await listLapsed(transaction, this.#clock, limit, beyond);
      const runs = [...lapsed, ...(await listTurns(transaction, this.#database.kind, limit, beyond))];
      return lapsed.length === 0 ? runs : runs.sort((a, b) => b.priority - a.priority).slice(0, limit);
    });
  }

  async listDue(limit: number): Promise<QueuedRun[]> {
    const [due] = await this.#database.read(
      ({ sql }) => sql`SELECT run_id FROM run_delayed WHERE due_at <= ${this.#clock.at()} LIMIT 1`,
    );
    return due ? this.#database.write((transaction) => takeDue(transaction, this.#clock, limit)) : [];
  }

  listAbandoned(limit: number): Promise<QueuedRun[]> {
    return this.#database.read((transaction) => listLapsed(transaction, this.#clock, limit));
  }

  leaseClock(): Promise<number> {
    return this.#clock.read();
  }

  events(runId: string, after: number): Promise<RunEvent[]> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve([]);
    return this.#database.read((transaction) => readEvents(transaction, id, after));
  }

  news(runId: string, after: number): Promise<RunNews> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve({ events: [], steps: [] });
    return this.#database.read((transaction) => readNews(transaction, id, after));
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }
}

/** Whether credits are set aside for a run. */
const isFunded = fragment`EXISTS (SELECT 1 FROM credit_reservation v WHERE v.run_id = run.id AND v.state = 'open')`;

function lastSeq({ events }: Checkpoint): number | null {
  return events.at(-1)?.seq ?? null;
}

async function findRun({ sql }: Transaction, runId: string): Promise<RunRow | undefined> {
  const id = asUuid(runId);
  if (!id) return undefined;
  const [row] = await sql<RunRow>`SELECT ${runColumns} FROM run WHERE id = ${id}`;
  return row;
}
