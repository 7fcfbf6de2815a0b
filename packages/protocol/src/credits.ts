import { z } from 'zod';

/** Prices are exact in hundredths of a credit, so that a discount in percent of whole credits is a whole number too. */
export const HUNDREDTHS = 100;

/** The most credits that are moved or asked for at once: far above any use, and exact in hundredths. */
export const MAX_CREDITS = 1_000_000_000_000;

const EXPECTED_AMOUNT = `expected a whole number of credits from 1 to ${MAX_CREDITS}`;

/** Credits that are moved: a JSON number, never text, whole and above zero. */
export const creditAmountSchema = z
  .int({ error: EXPECTED_AMOUNT })
  .min(1, EXPECTED_AMOUNT)
  .max(MAX_CREDITS, EXPECTED_AMOUNT);

/**
 * Whole credits for an exact price, rounded half up: 191.25 credits are 191, 191.5 are 192. What a run is charged is rounded once, on
 * its total.
 * @param hundredths a whole number from 0 up.
 */
export function roundCredits(hundredths: number): number {
  return Math.floor((hundredths + HUNDREDTHS / 2) / HUNDREDTHS);
}

/**
 * Credits that a run owes for what it has done so far.
 * @param spent the exact prices of its steps, in hundredths.
 * @param discount what is taken off the run, in hundredths; the first steps use it up.
 */
export function creditsOwed(spent: number, discount: number): number {
  return roundCredits(Math.max(0, spent - discount));
}
