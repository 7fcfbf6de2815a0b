import type { TransferKind } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

/** Who holds credits in the books of a workspace: its wallet; where credits come from; what was spent. */
export type CreditAccountKind = 'wallet' | 'source' | 'spent';

/** Balances are moved by the database itself, by triggers on transfers and reservations: see the migration. */
interface CreditAccountRow {
  workspaceId: string;
  kind: CreditAccountKind;
  balance: number;
  /** Set aside by open reservations. */
  reserved: number;
}

/** Credits that moved from one account to another. Rows are never changed or removed. */
interface CreditTransferRow {
  id: string;
  workspaceId: string;
  kind: TransferKind;
  fromAccount: CreditAccountKind;
  toAccount: CreditAccountKind;
  amount: number;
  /** Charges: the exact price in hundredths, before the run's total is rounded. */
  exact: number | null;
  runId: string | null;
  node: string | null;
  /** Charges: the node's name and type as they were; null for charges from before they were kept. */
  nodeName: string | null;
  nodeType: string | null;
  /** Which of a node's executions in its run; empty outside of loops. */
  iteration: string;
  actor: string | null;
  reason: string | null;
  idempotencyKey: string | null;
  createdAt: string;
  /** Charges: the version of the node type, the items paid for, how long the step took, and the pool it executed in. */
  nodeVersion: number | null;
  items: number | null;
  durationMs: number | null;
  pool: string | null;
}

/** One side of a transfer: two rows of opposite amounts for each. */
interface CreditEntryRow {
  transferId: string;
  account: CreditAccountKind;
  workspaceId: string;
  amount: number;
  /** The account's balance after it. */
  balance: number;
}

interface CreditReservationRow {
  runId: string;
  workspaceId: string;
  /** Who pays. */
  account: CreditAccountKind;
  /** Credits set aside in all. */
  amount: number;
  /** Credits charged of it. */
  spent: number;
  /** The exact prices of what was charged, in hundredths and before discounts. */
  spentExact: number;
  /** Credits given back after they were charged. */
  refunded: number;
  /** The prices the run is charged by, as JSON of `PriceTerms`. */
  terms: object;
  state: 'open' | 'released' | 'expired';
  createdAt: string;
  expiresAt: string;
  resolvedAt: string | null;
  /** Whose run it was: said here too, for the books outlive runs. */
  workflowId: string | null;
  workflowName: string | null;
  createdBy: string | null;
}

/** The ledger: accounts, what moved between them, and what is set aside. */
export function creditTables({ uuid, text, integer, bigint, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<CreditAccountRow>({
      name: 'credit_account',
      columns: {
        workspaceId: { ...uuid, primary: true },
        kind: { ...text, primary: true },
        balance: bigint,
        reserved: bigint,
      },
      checks: [
        { name: 'ck_credit_account_kind', expression: `kind IN ('wallet', 'source', 'spent')` },
        { name: 'ck_credit_account_reserved', expression: 'reserved >= 0' },
        { name: 'ck_credit_account_available', expression: `kind = 'source' OR balance - reserved >= 0` },
      ],
      foreignKeys: [{ target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] }],
    }),
    new EntitySchema<CreditTransferRow>({
      name: 'credit_transfer',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        kind: text,
        fromAccount: text,
        toAccount: text,
        amount: bigint,
        exact: { ...bigint, nullable: true },
        runId: { ...uuid, nullable: true },
        node: { ...text, nullable: true },
        nodeName: { ...text, nullable: true },
        nodeType: { ...text, nullable: true },
        iteration: { ...text, default: '' },
        actor: { ...text, nullable: true },
        reason: { ...text, nullable: true },
        idempotencyKey: { ...text, nullable: true },
        createdAt: moment,
        nodeVersion: { ...integer, nullable: true },
        items: { ...integer, nullable: true },
        durationMs: { ...bigint, nullable: true },
        pool: { ...text, nullable: true },
      },
      checks: [
        { name: 'ck_credit_transfer_kind', expression: TRANSFER_KINDS },
        { name: 'ck_credit_transfer_amount', expression: `amount > 0 OR (kind = 'charge' AND amount = 0)` },
        { name: 'ck_credit_transfer_why', expression: TRANSFER_WHY },
      ],
      indices: [
        {
          name: 'uq_credit_transfer_of_run',
          columns: ['runId', 'node', 'iteration'],
          unique: true,
          where: 'run_id IS NOT NULL',
        },
        {
          name: 'uq_credit_transfer_key',
          columns: ['workspaceId', 'idempotencyKey'],
          unique: true,
          where: 'idempotency_key IS NOT NULL',
        },
        { name: 'ix_credit_transfer_newest', columns: ['workspaceId', 'createdAt', 'id'] },
        {
          name: 'ix_credit_transfer_by_hand',
          columns: ['workspaceId', 'kind', 'createdAt', 'id'],
          where: "kind <> 'charge'",
        },
      ],
      foreignKeys: [
        {
          target: 'credit_account',
          columnNames: ['workspaceId', 'fromAccount'],
          referencedColumnNames: ['workspaceId', 'kind'],
        },
        {
          target: 'credit_account',
          columnNames: ['workspaceId', 'toAccount'],
          referencedColumnNames: ['workspaceId', 'kind'],
        },
      ],
    }),
    new EntitySchema<CreditEntryRow>({
      name: 'credit_entry',
      columns: {
        transferId: { ...uuid, primary: true },
        account: { ...text, primary: true },
        workspaceId: uuid,
        amount: bigint,
        balance: bigint,
      },
      foreignKeys: [{ target: 'credit_transfer', columnNames: ['transferId'], referencedColumnNames: ['id'] }],
    }),
    new EntitySchema<CreditReservationRow>({
      name: 'credit_reservation',
      columns: {
        runId: { ...uuid, primary: true },
        workspaceId: uuid,
        account: text,
        amount: bigint,
        spent: { ...bigint, default: 0 },
        spentExact: { ...bigint, default: 0 },
        refunded: { ...bigint, default: 0 },
        terms: json,
        state: { ...text, default: 'open' },
        createdAt: moment,
        expiresAt: moment,
        resolvedAt: { ...moment, nullable: true },
        workflowId: { ...uuid, nullable: true },
        workflowName: { ...text, nullable: true },
        createdBy: { ...text, nullable: true },
      },
      checks: [
        { name: 'ck_credit_reservation_state', expression: `state IN ('open', 'released', 'expired')` },
        { name: 'ck_credit_reservation_spent', expression: 'amount >= 0 AND spent >= 0 AND spent <= amount' },
        { name: 'ck_credit_reservation_refunded', expression: 'refunded >= 0 AND refunded <= spent' },
      ],
      indices: [
        { name: 'ix_credit_reservation_open', columns: ['expiresAt'], where: "state = 'open'" },
        {
          name: 'ix_credit_reservation_counted',
          columns: ['workspaceId', 'resolvedAt'],
          where: "account = 'source' AND spent > 0",
        },
      ],
      foreignKeys: [
        {
          target: 'credit_account',
          columnNames: ['workspaceId', 'account'],
          referencedColumnNames: ['workspaceId', 'kind'],
        },
      ],
    }),
  ];
}

const TRANSFER_KINDS = [
  `(kind IN ('grant', 'purchase') AND from_account = 'source' AND to_account = 'wallet')`,
  `(kind = 'withdrawal' AND from_account = 'wallet' AND to_account = 'source')`,
  `(kind = 'charge' AND from_account IN ('wallet', 'source') AND to_account = 'spent')`,
  `(kind = 'refund' AND from_account = 'spent' AND to_account IN ('wallet', 'source'))`,
].join(' OR ');

const TRANSFER_WHY = [
  `(kind = 'charge' AND run_id IS NOT NULL AND node IS NOT NULL AND exact >= 0)`,
  `(kind <> 'charge' AND actor IS NOT NULL AND reason IS NOT NULL AND (kind <> 'refund' OR run_id IS NOT NULL))`,
].join(' OR ');
