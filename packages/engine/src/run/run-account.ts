import { creditsOwed, discountOf, stepKey } from '@imaginarium/protocol';
import { StepFailedError } from '../call/failure.ts';
import { AgreedSpentError, BudgetSpentError, InsufficientCreditsError, type StepCharge } from '../ports/run-credits.ts';
import type { Lease, RunRecord, RunStore } from '../ports/run-store.ts';

/** Which step: its node, and which of the node's executions. */
type StepPlace = Pick<StepCharge, 'node' | 'iteration'>;

/** A step with what a receipt calls it. */
type ChargedStep = Pick<StepCharge, 'node' | 'name' | 'type' | 'iteration'>;

/**
 * What a run has spent. Prices are exact in hundredths; what the run owes is rounded on its total, and each step is charged what the total
 * grew by. Nothing is spent that was not set aside: a step that costs more than was expected has more set aside before it begins.
 */
export class RunAccount {
  readonly #store: Pick<RunStore, 'setAside'>;
  readonly #lease: Lease;
  readonly #isFunded: boolean;
  readonly #discount: number;
  /** Whole credits that somebody agreed to at most. */
  readonly #most: number;
  #reserved: number;
  #spent: number;
  /** Exact prices of steps at work. */
  readonly #atWork = new Map<string, number>();
  /** One look at what is set aside after the other: steps begin at the same time. */
  #turn: Promise<void> = Promise.resolve();

  constructor({ funds, steps }: RunRecord, lease: Lease, store: Pick<RunStore, 'setAside'>) {
    this.#store = store;
    this.#lease = lease;
    this.#isFunded = funds !== null;
    this.#discount = discountOf(funds?.terms);
    this.#most = funds?.terms.most ?? Number.POSITIVE_INFINITY;
    this.#reserved = funds?.reserved ?? 0;
    this.#spent = funds?.spent ?? steps.reduce((sum, step) => sum + step.credits, 0) * 100;
  }

  /** Whole credits that the run owes so far. */
  get creditsSpent(): number {
    return creditsOwed(this.#spent, this.#discount);
  }

  /**
   * Makes sure that a step can be paid before it begins.
   * @param exact its price in hundredths.
   * @throws {StepFailedError} `insufficient-credits`, `budget-spent` or `price-changed`, and what the store throws.
   */
  async afford(step: StepPlace, exact: number): Promise<void> {
    this.#atWork.set(stepKey(step), exact);
    if (!this.#isFunded || exact === 0) return;
    const turn = this.#turn.then(() => this.#setAside());
    this.#turn = turn.catch(() => undefined);
    try {
      await turn;
    } catch (error) {
      this.forgo(step);
      throw refusedStep(error, step.node) ?? error;
    }
  }

  /** Charges a step that has finished. */
  charge({ node, name, type, iteration }: ChargedStep, exact: number): Omit<StepCharge, 'use'> {
    this.forgo({ node, iteration });
    const before = this.creditsSpent;
    this.#spent += exact;
    return { node, name, type, iteration, credits: this.creditsSpent - before, exact };
  }

  /** A step ended that gave nothing: it costs nothing. */
  forgo(step: StepPlace): void {
    this.#atWork.delete(stepKey(step));
  }

  async #setAside(): Promise<void> {
    const atWork = [...this.#atWork.values()].reduce((sum, exact) => sum + exact, 0);
    const owed = creditsOwed(this.#spent + atWork, this.#discount);
    const missing = owed - this.#reserved;
    if (missing <= 0) return;
    if (owed > this.#most) throw new MoreThanAgreedError(owed, this.#most);
    await this.#store.setAside(this.#lease, missing);
    this.#reserved += missing;
  }
}

/** A step would bring its run above what somebody agreed to. */
class MoreThanAgreedError extends Error {
  constructor(owed: number, most: number) {
    super(`With this step the run would cost ${owed} credits, and at most ${most} were agreed to.`);
    this.name = 'MoreThanAgreedError';
  }
}

/** A step that could not be paid, by what the store said; undefined when it said something else. */
function refusedStep(error: unknown, node: string): StepFailedError | undefined {
  if (error instanceof MoreThanAgreedError || error instanceof AgreedSpentError) {
    const remedy = 'Look at the new price, then run it again from here.';
    return new StepFailedError({ code: 'price-changed', message: error.message, node, remedy });
  }
  const dear = 'This step costs more than was set aside for the run';
  if (error instanceof InsufficientCreditsError) {
    const message = `${dear}, and the wallet has too little: ${error.missing} credits are missing.`;
    const remedy = 'Add credits, then run it again from here.';
    return new StepFailedError({ code: 'insufficient-credits', message, node, remedy });
  }
  if (error instanceof BudgetSpentError) {
    const message = `${dear}, and the budget of the month has too little left: ${error.missing} credits are missing.`;
    const remedy = `Raise the budget, or wait until ${error.beginsAgain.slice(0, 10)}, then run it again from here.`;
    return new StepFailedError({ code: 'budget-spent', message, node, remedy });
  }
  return undefined;
}
