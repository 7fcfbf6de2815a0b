import type { Prices } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

/** What a workspace may spend in each month; no row where there is no budget. */
interface CreditBudgetRow {
  workspaceId: string;
  amount: number;
  setBy: string;
  setAt: string;
}

/** What the runs that were accepted in a month were given: kept by the database itself. */
interface CreditMonthRow {
  workspaceId: string;
  /** Such as 2026-11, in UTC. */
  month: string;
  /** Set aside for runs that go on, and spent by those that ended, less refunds. */
  used: number;
}

/** A run that shares what was agreed to for the first of the runs that it belongs to, which may be itself. */
interface CreditCeilingRow {
  runId: string;
  workspaceId: string;
  ceilingRunId: string;
  /** Whole credits that all of them may cost together. */
  most: number;
}

interface PriceListRow {
  version: number;
  prices: Prices;
  createdBy: string;
  createdAt: string;
}

/** What runs may cost: budgets, ceilings and the price list. */
export function budgetTables({ uuid, text, integer, bigint, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<CreditBudgetRow>({
      name: 'credit_budget',
      columns: { workspaceId: { ...uuid, primary: true }, amount: bigint, setBy: text, setAt: moment },
      checks: [{ name: 'ck_credit_budget_amount', expression: 'amount > 0' }],
      foreignKeys: [{ target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] }],
    }),
    new EntitySchema<CreditMonthRow>({
      name: 'credit_month',
      columns: { workspaceId: { ...uuid, primary: true }, month: { ...text, primary: true }, used: bigint },
      checks: [{ name: 'ck_credit_month_used', expression: 'used >= 0' }],
      foreignKeys: [{ target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] }],
    }),
    new EntitySchema<CreditCeilingRow>({
      name: 'credit_ceiling',
      columns: { runId: { ...uuid, primary: true }, workspaceId: uuid, ceilingRunId: uuid, most: bigint },
      indices: [{ name: 'ix_credit_ceiling_runs', columns: ['ceilingRunId'] }],
      foreignKeys: [{ target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] }],
    }),
    new EntitySchema<PriceListRow>({
      name: 'price_list',
      columns: {
        version: { ...integer, primary: true },
        prices: json,
        createdBy: text,
        createdAt: moment,
      },
    }),
  ];
}
