import { InsufficientCreditsError, type StepCharge } from '@imaginarium/engine';
import { MAX_CREDITS, type PriceTerms } from '@imaginarium/protocol';
import type { CreditPolicy } from '../../../credits/credit-policy.ts';
import { AmountError } from '../../../credits/ledger.ts';
import { newId } from '../../../new-id.ts';
import type { Database, Transaction } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import { isCheckViolation } from '../database/violations.ts';

/** How long a reservation is kept whose run is gone without having ended it. */
const KEEP_MS = 24 * 3_600_000;

/** A run that credits are set aside for. */
export interface FundedRun {
  id: string;
  workspaceId: string;
  workflowId: string;
  workflowName: string;
  /** The id of the person it is started by or for. */
  createdBy: string;
  /** Whole credits. */
  credits: number;
  terms: PriceTerms;
}

/**
 * The credits of runs, written inside the transactions that move the runs: what was set aside, what each step cost, and the rest given
 * back. The database's own triggers move balances and refuse what would break the books.
 */
export class RunCredits {
  readonly #policy: CreditPolicy;
  readonly #opened = new Set<string>();

  constructor(policy: CreditPolicy) {
    this.#policy = policy;
  }

  /** Who pays for new runs. */
  get payer(): 'wallet' | 'source' {
    return this.#policy.mode === 'metered' ? 'wallet' : 'source';
  }

  /** Makes sure that a workspace has books, and its start grant. Not inside another transaction. */
  async open(database: Database, workspaceId: string, now: string): Promise<void> {
    if (this.#opened.has(workspaceId)) return;
    await database.write((transaction) => this.openIn(transaction, workspaceId, now));
    this.#opened.add(workspaceId);
  }

  /** {@link open}, inside a transaction. */
  async openIn({ sql }: Transaction, workspaceId: string, now: string): Promise<void> {
    const accounts = ['wallet', 'source', 'spent'].map((kind) => fragment`(${workspaceId}, ${kind}, 0, 0)`);
    await sql`
      INSERT INTO credit_account (workspace_id, kind, balance, reserved) VALUES ${accounts} ON CONFLICT DO NOTHING`;
    const { mode, startGrant } = this.#policy;
    if (mode === 'unlimited' || startGrant === 0) return;
    await sql`
      INSERT INTO credit_transfer (
        id, workspace_id, kind, from_account, to_account, amount, actor, reason, idempotency_key, created_at
      ) VALUES (
        ${newId()}, ${workspaceId}, 'grant', 'source', 'wallet', ${startGrant}, 'server', 'Start of the workspace',
        'start', ${now}
      ) ON CONFLICT (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING`;
  }

  /**
   * Sets credits aside for a run; the workspace's books are open.
   * @throws a check violation that {@link asInsufficient} understands, when the wallet has too little.
   */
  async reserve({ sql }: Transaction, run: FundedRun, now: string): Promise<void> {
    const expires = new Date(Date.parse(now) + KEEP_MS).toISOString();
    await sql`
      INSERT INTO credit_reservation (
        run_id, workspace_id, account, amount, terms, created_at, expires_at, workflow_id, workflow_name, created_by
      ) VALUES (
        ${run.id}, ${run.workspaceId}, ${this.payer}, ${wholeCredits('reserve', run.credits, 0)},
        ${textOf(run.terms)}, ${now}, ${expires}, ${run.workflowId}, ${run.workflowName}, ${run.createdBy}
      )`;
  }

  /** Sets more aside for a run that costs more than was expected. @throws as {@link reserve}. */
  async extend({ sql }: Transaction, runId: string, credits: number): Promise<void> {
    const rows = await sql`
      UPDATE credit_reservation SET amount = amount + ${wholeCredits('reserve', credits, 1)}
      WHERE run_id = ${runId} AND state = 'open' RETURNING run_id`;
    if (rows.length === 0) throw new Error(`Run ${runId} has no open reservation.`);
  }

  /** Charges steps of a run that has an open reservation. A step that was charged already is left alone. */
  async charge(
    { sql }: Transaction,
    run: { id: string; workspaceId: string },
    charges: readonly StepCharge[],
    now: string,
  ): Promise<void> {
    if (charges.length === 0) return;
    // Who pays is on the reservation: the server's mode may have changed since.
    const rows = charges.map(
      ({ node, name, type, iteration, credits, exact, use }) => fragment`(
        ${newId()}, ${run.workspaceId}, ${run.id}, ${node}, ${name}, ${type}, ${iteration}, ${wholeCredits(node, credits, 0)}, ${exact}, 'charge',
        (SELECT account FROM credit_reservation WHERE run_id = ${run.id}), 'spent', ${now},
        ${use.version}, ${use.items}, ${use.durationMs}, ${use.pool})`,
    );
    await sql`
      INSERT INTO credit_transfer (
        id, workspace_id, run_id, node, node_name, node_type, iteration, amount, exact, kind, from_account, to_account, created_at,
        node_version, items, duration_ms, pool
      ) VALUES ${rows}
      ON CONFLICT (run_id, node, iteration) WHERE run_id IS NOT NULL DO NOTHING`;
  }

  /** Gives back what is left of a run's reservation. One that is resolved, or was never made, is left alone. */
  async release({ sql }: Transaction, runId: string, now: string): Promise<void> {
    await sql`
      UPDATE credit_reservation SET state = 'released', resolved_at = ${now} WHERE run_id = ${runId} AND state = 'open'`;
  }

  /**
   * Gives back what was set aside for runs that are gone or have ended without doing so, once its time is over. A run that is queued, at
   * work or waiting keeps its credits, however long it takes and wherever the clock jumps. @returns how many were given back.
   */
  async expire({ sql }: Transaction, now: string): Promise<number> {
    const rows = await sql`
      UPDATE credit_reservation SET state = 'expired', resolved_at = ${now}
      WHERE state = 'open' AND expires_at <= ${now} AND NOT EXISTS (
        SELECT 1 FROM run WHERE run.id = credit_reservation.run_id AND run.state IN ('queued', 'running', 'waiting')
      ) RETURNING run_id`;
    return rows.length;
  }
}

/** Prices as they are stored: runs of one version are quoted by the same, thousands a second. */
const texts = new WeakMap<PriceTerms, string>();

function textOf(terms: PriceTerms): string {
  const known = texts.get(terms);
  if (known !== undefined) return known;
  const text = JSON.stringify(terms);
  texts.set(terms, text);
  return text;
}

/** Whole credits from `least` up. @throws {AmountError} */
export function wholeCredits(what: string, credits: number, least: 0 | 1): number {
  if (Number.isSafeInteger(credits) && credits >= least && credits <= MAX_CREDITS) return credits;
  throw new AmountError(
    `${what}: expected a whole number of credits from ${least} to ${MAX_CREDITS}, received ${String(JSON.stringify(credits))}`,
  );
}

/** What a store failed with, as the refusal it stands for when a wallet had too little. */
export async function asInsufficient(
  error: unknown,
  database: Database,
  workspaceId: string,
  needed: number,
): Promise<unknown> {
  if (!isCheckViolation(error, 'ck_credit_account_available')) return error;
  const [account] = await database.read(
    ({ sql }) => sql<{ available: number }>`
      SELECT balance - reserved AS available FROM credit_account
      WHERE workspace_id = ${workspaceId} AND kind = 'wallet'`,
  );
  // Somebody may have added credits since: what was missing then was at least one.
  return new InsufficientCreditsError(needed, Math.min(account?.available ?? 0, needed - 1));
}
