/** Failed runs whose failure has still to be told: noted with their end, so that none is forgotten. */
export interface FailedRuns {
  /** Those that failed first before the others. */
  list(limit: number): Promise<string[]>;
  /** All that hangs on the failure was started. */
  done(runId: string): Promise<void>;
}
