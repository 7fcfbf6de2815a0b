import type { CanExecute, Lease } from '@imaginarium/engine';
import type { Database, DatabaseWork, Transaction } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { fragment } from '../database/sql.ts';
import type { GraphTypes } from './graph-types.ts';
import type { LeaseClock } from './lease-clock.ts';
import { hasLapsed, notPaused } from './queued-runs.ts';

/** Who may write down a run's progress: leases are given, prolonged and given up here, each by one conditional UPDATE. */
export class RunLeases {
  readonly #database: Database;
  readonly #graphTypes: GraphTypes;
  readonly #clock: LeaseClock;
  readonly #now: () => number;

  /** @param now milliseconds since 1970, for times that are shown. */
  constructor(database: Database, graphTypes: GraphTypes, clock: LeaseClock, now: () => number) {
    this.#database = database;
    this.#graphTypes = graphTypes;
    this.#clock = clock;
    this.#now = now;
  }

  claim(runId: string, worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve(undefined);
    return this.#unlessBeyond(async (transaction) => {
      const { sql } = transaction;
      const [row] = await sql<LeaseRow>`
        UPDATE run SET state = 'running', started_at = COALESCE(started_at, ${this.#moment()}), ${this.#lease(worker, leaseMs)}
        WHERE id = ${id} AND state = 'queued' AND (not_before IS NULL OR not_before <= ${this.#clock.at()}) AND ${notPaused}
        RETURNING lease_token, workspace_id, graph_hash`;
      if (!row) return undefined;
      await this.#needAbility(transaction, row, canExecute);
      await sql`DELETE FROM run_outbox WHERE run_id = ${id}`;
      return { runId: id, token: row.lease_token };
    });
  }

  takeOver(runId: string, worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined> {
    const id = asUuid(runId);
    if (!id) return Promise.resolve(undefined);
    return this.#unlessBeyond(async (transaction) => {
      const [row] = await transaction.sql<LeaseRow>`
        UPDATE run SET takeovers = takeovers + CASE WHEN lease_worker IS NULL THEN 0 ELSE 1 END,
          ${this.#lease(worker, leaseMs)}
        WHERE id = ${id} AND ${hasLapsed(this.#clock)}
        RETURNING lease_token, workspace_id, graph_hash`;
      if (!row) return undefined;
      await this.#needAbility(transaction, row, canExecute);
      return { runId: id, token: row.lease_token };
    });
  }

  renew(lease: Lease, leaseMs: number): Promise<boolean> {
    return this.#database.write(async ({ sql }) => {
      const rows = await sql`UPDATE run SET lease_until = ${this.#clock.at(leaseMs)} WHERE ${held(lease)} RETURNING id`;
      return rows.length === 1;
    });
  }

  release(lease: Lease): Promise<void> {
    return this.#database.write(async ({ sql }) => {
      // No worker's name: nobody died.
      await sql`UPDATE run SET lease_until = ${this.#clock.at()}, lease_worker = NULL WHERE ${held(lease)}`;
    });
  }

  /** Work that takes a lease; undone when it turns out that the run is beyond the worker. */
  async #unlessBeyond(take: DatabaseWork<Lease | undefined>): Promise<Lease | undefined> {
    try {
      return await this.#database.write(take);
    } catch (error) {
      if (error instanceof BeyondWorker) return undefined;
      throw error;
    }
  }

  async #needAbility(transaction: Transaction, row: LeaseRow, canExecute: CanExecute | undefined): Promise<void> {
    if (!canExecute) return;
    if (!canExecute(await this.#graphTypes.of(transaction, row.workspace_id, row.graph_hash))) throw new BeyondWorker();
  }

  #lease(worker: string, leaseMs: number) {
    return fragment`lease_token = lease_token + 1, lease_worker = ${worker}, lease_until = ${this.#clock.at(leaseMs)}`;
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }
}

interface LeaseRow {
  lease_token: number;
  workspace_id: string;
  graph_hash: string;
}

/** A run needs node types that the worker does not have. */
class BeyondWorker extends Error {}

/** Holds for the run that a lease gives the right to write. */
export function held(lease: Lease) {
  return fragment`id = ${lease.runId} AND lease_token = ${lease.token} AND state = 'running'`;
}
