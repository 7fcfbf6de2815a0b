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
  use: StepUse;
}

/** What a charge was for, as the figures of usage count it. */
export interface StepUse {
  /** The version of the node type. */
  version: number;
  /** Items that were paid for, from 1. */
  items: number;
  /** Wall time of the step in milliseconds; of one that waited or was taken over, since it last went on. */
  durationMs: number;
  /** The pool of heavy work it executed in; null for the worker itself. */
  pool: string | null;
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

/** What was agreed to for a run, and all runs that it starts, is spent or set aside. */
export class AgreedSpentError extends Error {
  constructor(needed: number, most: number, left: number) {
    super(
      `This run needs ${needed} credits. At most ${most} were agreed to for all runs that belong together, and ${left} of them are left.`,
    );
    this.name = 'AgreedSpentError';
  }
}

/** A workspace has less left of its budget for the month than a run needs. */
export class BudgetSpentError extends Error {
  readonly missing: number;
  /** When the next month begins, as ISO 8601. */
  readonly beginsAgain: string;

  constructor(needed: number, left: number, beginsAgain: string) {
    const missing = needed - left;
    super(
      `This run needs ${needed} credits and the budget of this workspace has ${left} left this month: ${missing} are missing. It begins again on ${beginsAgain.slice(0, 10)}.`,
    );
    this.name = 'BudgetSpentError';
    this.missing = missing;
    this.beginsAgain = beginsAgain;
  }
}
