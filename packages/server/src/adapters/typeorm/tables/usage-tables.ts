import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

/** A charge or refund that is not in the figures of its day yet: written with it by the database, gone as it is counted. */
interface UsagePendingRow {
  transferId: string;
  workspaceId: string;
}

/** What a workspace used on a day, in UTC. What is not known of a charge, or not said of a refund, is empty. */
interface UsageDayRow {
  workspaceId: string;
  /** Such as 2026-11-21. */
  day: string;
  workflowId: string;
  nodeType: string;
  person: string;
  steps: number;
  items: number;
  /** Charged, and given back later. */
  credits: number;
  refunded: number;
  durationMs: number;
}

/** What was used, counted day by day. */
export function usageTables({ uuid, text, integer, bigint }: ColumnTypes) {
  return [
    new EntitySchema<UsagePendingRow>({
      name: 'usage_pending',
      columns: { transferId: { ...uuid, primary: true }, workspaceId: uuid },
    }),
    new EntitySchema<UsageDayRow>({
      name: 'usage_day',
      columns: {
        workspaceId: { ...uuid, primary: true },
        day: { ...text, primary: true },
        workflowId: { ...text, primary: true },
        nodeType: { ...text, primary: true },
        person: { ...text, primary: true },
        steps: integer,
        items: bigint,
        credits: bigint,
        refunded: bigint,
        durationMs: bigint,
      },
      foreignKeys: [{ target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'] }],
    }),
  ];
}
