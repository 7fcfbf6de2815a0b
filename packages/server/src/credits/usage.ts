import type { UsageBy, UsageRow } from '@imaginarium/protocol';

/** What is asked of the usage of a workspace. */
export interface UsageQuery {
  by: UsageBy;
  /** The first and the last day, in UTC, such as 2026-11-21. */
  from: string;
  to: string;
  workflowId?: string | undefined;
  nodeType?: string | undefined;
  person?: string | undefined;
}

/** Usage that was added up, and what there was in all. */
export interface UsageFigures {
  /** By day, the oldest first; else what cost most first. */
  rows: UsageRow[];
  total: Pick<UsageRow, 'steps' | 'items' | 'credits' | 'refunded' | 'durationMs'>;
}

/** What one workspace used. */
export interface WorkspaceUsage {
  /** Everything that is in the ledger at this moment, counted by day or not yet. */
  figures(query: UsageQuery): Promise<UsageFigures>;
}

/** The figures of days, which are counted from the ledger. */
export interface UsageDays {
  /** Counts charges and refunds that are not in the figures of their day yet, each once. @returns how many; 0 when there are no more. */
  count(): Promise<number>;
  /** Throws the figures of every day away and adds them up anew from the ledger. @returns how many days of workspaces there are now. */
  rebuild(): Promise<number>;
  /** Where the figures say something else than the ledger, in sentences; empty when they agree. */
  differences(): Promise<string[]>;
}
