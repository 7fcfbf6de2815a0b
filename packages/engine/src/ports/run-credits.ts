import type { PriceTerms } from '@imaginarium/protocol';

/** What a run was given to spend, and what it has spent. */
export interface RunFunds {
  /** The prices it is charged by: those it was quoted. */
  terms: PriceTerms;
  /** Whole credits set aside for it. */
  reserved: number;
  /** The exact prices of its finished steps, in hundredths and before discounts of the run. */
  spent: number;
}

/** What a finished step costs, written down with the step. */
export interface StepCharge {
  node: string;
  /** The node's name and type, as they are in the graph of the run. */
  name: string;
  type: string;
  /** Which of the node's executions it was; empty outside of loops. */
  iteration: string;
  /** Whole credits. */
  credits: number;
  /** The exact price in hundredths, before discounts of the run. */
  exact: number;
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
