import type { UpscaleResult } from './upscale-results.ts';

/** Versions of assets that wait for the end of their runs, of all workspaces. */
export interface EndedUpscales {
  /** Runs that have ended, and of whose pictures not all have: the oldest first. */
  list(limit: number): Promise<{ runId: string; places: number[] }[]>;
  /**
   * Gives versions what their run made, each in one transaction with the webhook that tells of it: a version that has its result keeps it,
   * however often this is said.
   */
  end(runId: string, results: ReadonlyMap<number, UpscaleResult>): Promise<void>;
  /**
   * Removes versions begun before a moment whose runs were never accepted, as if they had never been asked for: nobody was promised anything.
   * @returns how many.
   */
  removeNeverAccepted(begunBefore: string): Promise<number>;
}
