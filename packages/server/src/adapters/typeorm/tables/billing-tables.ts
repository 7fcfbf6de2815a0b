import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

/** Whom the billing service knows a workspace as. */
interface BillingCustomerRow {
  workspaceId: string;
  customerId: string;
  /** What ended from this moment on may not be taken over yet; what was used before the workspace was a customer is never taken. */
  gatheredUntil: string;
}

/** What was used and has to be billed: one row for a run that was only counted, and for each refund of one. */
interface BillingReportRow {
  /** The run, or the transfer that gave credits back. */
  id: string;
  workspaceId: string;
  credits: number;
  usedAt: string;
  state: 'due' | 'sent' | 'refused' | 'unknown';
  attempts: number;
  nextAt: string;
  /** When the first try began of which nobody knows whether it arrived. */
  inDoubtSince: string | null;
  error: string | null;
  settledAt: string | null;
}

/** Credits that were bought. */
interface BillingPurchaseRow {
  /** The checkout. */
  id: string;
  workspaceId: string;
  /** What refunds name. */
  payment: string | null;
  credits: number;
  takenBack: number;
  /** Credits of it that should have been taken back and were spent or set aside. */
  missing: number;
  createdAt: string;
}

export function billingTables({ uuid, text, integer, bigint, moment }: ColumnTypes) {
  const workspace = { target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] };
  return [
    new EntitySchema<BillingCustomerRow>({
      name: 'billing_customer',
      columns: { workspaceId: { ...uuid, primary: true }, customerId: text, gatheredUntil: moment },
      indices: [{ name: 'uq_billing_customer', columns: ['customerId'], unique: true }],
      foreignKeys: [workspace],
    }),
    new EntitySchema<BillingReportRow>({
      name: 'billing_report',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        credits: bigint,
        usedAt: moment,
        state: { ...text, default: 'due' },
        attempts: { ...integer, default: 0 },
        nextAt: moment,
        inDoubtSince: { ...moment, nullable: true },
        error: { ...text, nullable: true },
        settledAt: { ...moment, nullable: true },
      },
      checks: [
        { name: 'ck_billing_report_state', expression: `state IN ('due', 'sent', 'refused', 'unknown')` },
        { name: 'ck_billing_report_credits', expression: 'credits <> 0' },
      ],
      indices: [
        { name: 'ix_billing_report_due', columns: ['nextAt'], where: "state = 'due'" },
        { name: 'ix_billing_report_state', columns: ['state', 'usedAt'] },
      ],
      foreignKeys: [workspace],
    }),
    new EntitySchema<BillingPurchaseRow>({
      name: 'billing_purchase',
      columns: {
        id: { ...text, primary: true },
        workspaceId: uuid,
        payment: { ...text, nullable: true },
        credits: bigint,
        takenBack: { ...bigint, default: 0 },
        missing: { ...bigint, default: 0 },
        createdAt: moment,
      },
      checks: [{ name: 'ck_billing_purchase_taken_back', expression: 'taken_back >= 0 AND taken_back <= credits' }],
      indices: [{ name: 'ix_billing_purchase_payment', columns: ['payment'] }],
      foreignKeys: [workspace],
    }),
  ];
}
