import { type Json, NonRetryableError } from '@imaginarium/node-sdk';
import { compareKeys, orderKey } from '../values/order.ts';
import { asText, quoted, readNumber } from '../values/plain-value.ts';

/** What many values become one by. */
export type Operation = 'list' | 'sum' | 'min' | 'max' | 'average' | 'join';

/**
 * Makes one value of many.
 * @param name the field they come from, for errors.
 * @returns null for the smallest, largest or average of nothing.
 * @throws {NonRetryableError} for a value that is to be added up and is no number.
 */
export function combine(values: readonly Json[], operation: Operation, name: string, separator: string): Json {
  switch (operation) {
    case 'list':
      return [...values];
    case 'join':
      return values.map(asText).join(separator);
    case 'sum':
      return total(values, name);
    case 'average':
      return values.length === 0 ? null : tidy(total(values, name) / values.length);
    case 'min':
      return extreme(values, -1);
    case 'max':
      return extreme(values, 1);
  }
}

/** Adds up so that many small numbers are not lost beside a large one (Neumaier's way). */
function total(values: readonly Json[], name: string): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const number = readNumber(value);
    if (number === undefined)
      throw new NonRetryableError(
        `${name}: expected numbers to calculate with, received ${quoted(value)}. Change it, or filter it out before.`,
      );
    const next = sum + number;
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
  }
  return tidy(sum + lost);
}

/** 0.1 + 0.2 is 0.3 to people. */
function tidy(number: number): number {
  return Number.isInteger(number) ? number : Number(number.toPrecision(15));
}

/** The value at one end of the order that Sort makes; of equal ones the first. */
function extreme(values: readonly Json[], end: 1 | -1): Json {
  let best: { value: Json; key: ReturnType<typeof orderKey> } | undefined;
  for (const value of values) {
    const key = orderKey(value, 'auto', 'Value');
    if (!best || compareKeys(key, best.key, true) * end > 0) best = { value, key };
  }
  return best?.value ?? null;
}
