import type { Quote } from '@imaginarium/protocol';

/** The hook by which a run is paid for: credits are set aside before it starts and spent step by step. */
export interface CreditMeter {
  /** Turns the nodes' own prices into what the workspace is asked for: discounts and rounding happen here. */
  quote(quote: Quote): Promise<Quote>;
  /** Sets credits aside. @throws {InsufficientCreditsError} */
  reserve(runId: string, workspaceId: string, credits: number): Promise<void>;
  /** Spends reserved credits for one step. Repeating it for the same step (node and iteration) and attempt changes nothing. */
  commit(runId: string, step: { node: string; iteration: string; attempt: number }, credits: number): Promise<void>;
  /** Gives back what was reserved and not spent. Repeating it changes nothing. */
  release(runId: string, reason: string): Promise<void>;
}

/** A workspace has fewer credits than a run needs. */
export class InsufficientCreditsError extends Error {
  readonly missing: number;

  constructor(needed: number, available: number) {
    super(`This run needs ${needed} credits and ${available} are available: ${needed - available} are missing.`);
    this.name = 'InsufficientCreditsError';
    this.missing = needed - available;
  }
}
