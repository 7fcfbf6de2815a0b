import { IdempotencyMismatchError, InsufficientCreditsError } from '@imaginarium/engine';
import type { Budget, PriceTerms, Receipt, Transfer, TransferKind } from '@imaginarium/protocol';
import { validate } from 'uuid';
import {
  type NewTransfer,
  RefundRefusedError,
  type TransferQuery,
  type WalletBalance,
  type WorkspaceCredits,
} from '../../../credits/ledger.ts';
import { newId } from '../../../new-id.ts';
import { pageOf, readCursor } from '../database/cursor.ts';
import type { Database, Transaction } from '../database/database.ts';
import { asUuid, storableText } from '../database/identifiers.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import { isCheckViolation } from '../database/violations.ts';
import type { CreditAccountKind } from '../tables/credit-tables.ts';
import { readBudget, writeBudget } from './budgets.ts';
import { type RunCredits, wholeCredits } from './run-credits.ts';

interface TransferRow {
  id: string;
  kind: TransferKind;
  amount: number;
  change: number | null;
  balance: number | null;
  run_id: string | null;
  workflow_name: string | null;
  node: string | null;
  node_name: string | null;
  node_type: string | null;
  iteration: string;
  actor: string | null;
  actor_name: string | null;
  reason: string | null;
  idempotency_key: string | null;
  created_at: string;
}

/** The accounts that a transfer goes between, and the run that it is about. */
interface TransferWay {
  from: CreditAccountKind;
  to: CreditAccountKind;
  runId?: string | null;
}

/** Transfers with what they did to the wallet. */
const selectTransfers = fragment`
  SELECT t.id, t.kind, t.amount, e.amount AS change, e.balance, t.run_id, v.workflow_name, t.node, t.node_name, t.node_type, t.iteration, t.actor,
    u.name AS actor_name, t.reason, t.idempotency_key, t.created_at
  FROM credit_transfer t
  LEFT JOIN credit_entry e ON e.transfer_id = t.id AND e.account = 'wallet'
  LEFT JOIN credit_reservation v ON v.run_id = t.run_id
  LEFT JOIN user_account u ON CAST(u.id AS text) = t.actor`;

/** Nearly all transfers are charges; the others have an index of their own, which a statement has to name. */
function ofKind(kind: TransferKind): Fragment {
  return kind === 'charge' ? fragment`AND t.kind = 'charge'` : fragment`AND t.kind = ${kind} AND t.kind <> 'charge'`;
}

/** The credits of one workspace, in the database. */
export class SqlWorkspaceCredits implements WorkspaceCredits {
  readonly #database: Database;
  readonly #workspaceId: string;
  readonly #runCredits: RunCredits;
  readonly #now: () => number;

  constructor(database: Database, workspaceId: string, runCredits: RunCredits, now: () => number = Date.now) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#runCredits = runCredits;
    this.#now = now;
  }

  async balance(): Promise<WalletBalance> {
    await this.#runCredits.open(this.#database, this.#workspaceId, this.#moment());
    const rows = await this.#database.read(
      ({ sql }) => sql<{ kind: CreditAccountKind; balance: number; reserved: number }>`
        SELECT kind, balance, reserved FROM credit_account WHERE workspace_id = ${this.#workspaceId}`,
    );
    const { balance = 0, reserved = 0 } = rows.find(({ kind }) => kind === 'wallet') ?? {};
    const spent = rows.find(({ kind }) => kind === 'spent')?.balance ?? 0;
    return { balance, reserved, available: balance - reserved, spent };
  }

  budget(): Promise<Budget> {
    return this.#database.read((transaction) => readBudget(transaction, this.#workspaceId, this.#moment()));
  }

  async setBudget(amount: number | null, by: string): Promise<Budget> {
    if (amount !== null) wholeCredits('budget', amount, 1);
    const at = this.#moment();
    return this.#database.write(async (transaction) => {
      await writeBudget(transaction, this.#workspaceId, { amount, by, at });
      return readBudget(transaction, this.#workspaceId, at);
    });
  }

  async list({ kind, runId, from, to, limit, cursor }: TransferQuery) {
    const place = cursor === undefined ? undefined : readCursor(cursor, validate);
    const run = runId === undefined ? undefined : asUuid(runId);
    if (runId !== undefined && !run) return { transfers: [], nextCursor: null };
    // Who looks here first sees the start grant too.
    await this.#runCredits.open(this.#database, this.#workspaceId, this.#moment());
    const rows = await this.#database.read(
      ({ sql }) => sql<TransferRow>`${selectTransfers}
        WHERE t.workspace_id = ${this.#workspaceId}
        ${kind ? ofKind(kind) : fragment``}
        ${run ? fragment`AND t.run_id = ${run}` : fragment``}
        ${from ? fragment`AND t.created_at >= ${from}` : fragment``}
        ${to ? fragment`AND t.created_at < ${to}` : fragment``}
        ${place ? fragment`AND (t.created_at, t.id) < (${place.createdAt}, ${place.id})` : fragment``}
        ORDER BY t.created_at DESC, t.id DESC LIMIT ${limit + 1}`,
    );
    const { page, nextCursor } = pageOf(rows, limit, (row) => ({ createdAt: row.created_at, id: row.id }));
    return { transfers: page.map(transferOf), nextCursor };
  }

  async receipt(runId: string): Promise<Receipt | undefined> {
    const id = asUuid(runId);
    if (!id) return undefined;
    return this.#database.read(async ({ sql }) => {
      const [row] = await sql<ReservationRow>`
        SELECT account, amount, spent, refunded, state, terms FROM credit_reservation
        WHERE run_id = ${id} AND workspace_id = ${this.#workspaceId}`;
      if (!row) return undefined;
      const charges = await sql<ChargeRow>`
        SELECT node, node_name, node_type, iteration, amount, created_at FROM credit_transfer
        WHERE run_id = ${id} AND workspace_id = ${this.#workspaceId} AND kind = 'charge' ORDER BY created_at, id`;
      return receiptOf(id, row, charges);
    });
  }

  grant(transfer: NewTransfer): Promise<Transfer> {
    return this.#move('grant', transfer, { from: 'source', to: 'wallet' });
  }

  purchase(transfer: NewTransfer): Promise<Transfer> {
    return this.#move('purchase', transfer, { from: 'source', to: 'wallet' });
  }

  async withdraw(transfer: NewTransfer): Promise<Transfer> {
    try {
      return await this.#move('withdrawal', transfer, { from: 'wallet', to: 'source' });
    } catch (error) {
      if (!isCheckViolation(error, 'ck_credit_account_available')) throw error;
      const { available } = await this.balance();
      throw new InsufficientCreditsError(transfer.amount, Math.min(available, transfer.amount - 1));
    }
  }

  /**
   * Takes as many of so many credits back as are not spent or set aside, once for a key, within a transaction.
   * @returns how many; a repeat gets what the first took.
   * @throws {AmountError}
   */
  async withdrawUpTo(transaction: Transaction, transfer: NewTransfer): Promise<number> {
    wholeCredits('amount', transfer.amount, 1);
    const forUpdate = this.#database.kind === 'postgres' ? fragment`FOR NO KEY UPDATE` : fragment``;
    await this.#runCredits.openIn(transaction, this.#workspaceId, this.#moment());
    const [wallet] = await transaction.sql<{ available: number }>`
      SELECT balance - reserved AS available FROM credit_account
      WHERE workspace_id = ${this.#workspaceId} AND kind = 'wallet' ${forUpdate}`;
    const amount = Math.min(transfer.amount, wallet?.available ?? 0);
    const before = await this.#byKey(transaction, transfer.idempotencyKey);
    if (before || amount === 0) return before?.amount ?? 0;
    const way = { from: 'wallet', to: 'source' } as const;
    return (await this.#insert(transaction, 'withdrawal', { ...transfer, amount }, way)).amount;
  }

  async refund(runId: string, transfer: NewTransfer): Promise<Transfer> {
    const receipt = await this.receipt(runId);
    if (!receipt) throw new RefundRefusedError(transfer.amount, 0);
    try {
      return await this.#move('refund', transfer, { from: 'spent', to: receipt.account, runId: receipt.runId });
    } catch (error) {
      if (!isCheckViolation(error, 'ck_credit_reservation_refunded')) throw error;
      throw new RefundRefusedError(transfer.amount, receipt.spent - receipt.refunded);
    }
  }

  async #move(kind: TransferKind, transfer: NewTransfer, way: TransferWay): Promise<Transfer> {
    wholeCredits('amount', transfer.amount, 1);
    return this.#database.write(async (transaction) => {
      await this.#runCredits.openIn(transaction, this.#workspaceId, this.#moment());
      return transferOf(await this.#insert(transaction, kind, transfer, way));
    });
  }

  /** Writes a transfer, or finds the same one. @throws {IdempotencyMismatchError} */
  async #insert(
    transaction: Transaction,
    kind: TransferKind,
    { amount, actor, reason, idempotencyKey }: NewTransfer,
    { from, to, runId = null }: TransferWay,
  ): Promise<TransferRow> {
    storableText('reason', reason);
    storableText('Idempotency-Key', idempotencyKey);
    const inserted = await transaction.sql<{ id: string }>`
      INSERT INTO credit_transfer (
        id, workspace_id, kind, from_account, to_account, amount, run_id, actor, reason, idempotency_key, created_at
      ) VALUES (
        ${newId()}, ${this.#workspaceId}, ${kind}, ${from}, ${to}, ${amount}, ${runId}, ${actor}, ${reason},
        ${idempotencyKey}, ${this.#moment()}
      ) ON CONFLICT (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
      RETURNING id`;
    const row = await this.#byKey(transaction, idempotencyKey);
    if (!row) throw new Error(`The transfer ${inserted[0]?.id} was neither stored nor there already.`);
    const isSame = row.kind === kind && row.amount === amount && row.reason === reason && row.run_id === runId;
    if (!isSame || row.actor !== actor) throw new IdempotencyMismatchError(idempotencyKey);
    return row;
  }

  async #byKey({ sql }: Transaction, key: string): Promise<TransferRow | undefined> {
    const [row] = await sql<TransferRow>`${selectTransfers}
      WHERE t.workspace_id = ${this.#workspaceId} AND t.idempotency_key = ${key}`;
    return row;
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }
}

function transferOf(row: TransferRow): Transfer {
  return {
    ...{ id: row.id, kind: row.kind, amount: row.amount, change: row.change ?? 0, balance: row.balance },
    ...{ runId: row.run_id, workflowName: row.workflow_name, node: row.node, nodeName: row.node_name },
    ...{ nodeType: row.node_type, iteration: row.iteration },
    ...{ actor: row.actor, actorName: row.actor_name, reason: row.reason, createdAt: row.created_at },
  };
}

interface ReservationRow {
  account: Receipt['account'];
  amount: number;
  spent: number;
  refunded: number;
  state: Receipt['state'];
  terms: string;
}

interface ChargeRow {
  node: string;
  node_name: string | null;
  node_type: string | null;
  iteration: string;
  amount: number;
  created_at: string;
}

function receiptOf(
  runId: string,
  { account, amount, spent, refunded, state, terms }: ReservationRow,
  charges: readonly ChargeRow[],
): Receipt {
  const { version, bundle }: PriceTerms = JSON.parse(terms);
  return {
    ...{ runId, account, state, reserved: amount, spent, refunded, returned: state === 'open' ? 0 : amount - spent },
    ...{ priceVersion: version, bundle },
    charges: charges.map(({ node, node_name, node_type, iteration, amount: credits, created_at }) => {
      return { node, name: node_name, type: node_type, iteration, credits, createdAt: created_at };
    }),
  };
}
