import { choice, type Json, NonRetryableError, type ShowWhen } from '@imaginarium/node-sdk';
import { asNumber, asText, asTime, quoted, readNumber } from './plain-value.ts';

/** What values are taken for when they are compared. */
export type ComparedAs = 'auto' | 'number' | 'text' | 'date';

/** The param that asks for it. */
export function comparedAs(showWhen: ShowWhen = {}) {
  return choice({
    title: 'Compare as',
    help: 'By itself, 9 comes before 10, 2026-01-31 is a date, and everything else is text.',
    options: [
      { value: 'auto', label: 'What it looks like' },
      { value: 'number', label: 'Numbers' },
      { value: 'text', label: 'Text' },
      { value: 'date', label: 'Dates' },
    ],
    default: 'auto',
    advanced: true,
    showWhen,
  });
}

/** A value made ready to be compared many times. Numbers come before dates, dates before text. */
export type OrderKey = { rank: 0 | 1; at: number } | { rank: 2; text: string };

/**
 * What a value is compared by.
 * @param name what an error calls the value.
 * @throws {NonRetryableError} for a value that is not what it is to be taken for.
 */
export function orderKey(value: Json, as: ComparedAs, name: string): OrderKey {
  const number = as === 'number' ? readNumber(value) : as === 'auto' ? asNumber(value) : undefined;
  if (number !== undefined) return { rank: 0, at: number };
  const time = as === 'auto' || as === 'date' ? asTime(value) : undefined;
  if (time !== undefined) return { rank: 1, at: time };
  if (as === 'number')
    throw new NonRetryableError(
      `${name}: expected a number, received ${quoted(value)}. Change it, or compare as text.`,
    );
  if (as === 'date')
    throw new NonRetryableError(
      `${name}: expected a date such as 2026-01-31, received ${quoted(value)}. Change it, or compare as text.`,
    );
  return { rank: 2, text: asText(value) };
}

// One language for all machines, so that a run gives the same everywhere. img2 comes before img10.
const exact = new Intl.Collator('en', { numeric: true });
const folded = new Intl.Collator('en', { numeric: true, sensitivity: 'accent' });

/** Less than 0 when `a` comes before `b`, more when after, 0 when neither. */
export function compareKeys(a: OrderKey, b: OrderKey, ignoreCase: boolean): number {
  if (a.rank === 2 && b.rank === 2) return (ignoreCase ? folded : exact).compare(a.text, b.text);
  if (a.rank === 2 || b.rank === 2 || a.rank !== b.rank) return a.rank - b.rank;
  return a.at - b.at;
}
