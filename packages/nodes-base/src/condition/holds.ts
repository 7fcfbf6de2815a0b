import { NonRetryableError } from '@imaginarium/node-sdk';
import { type ComparedAs, compareKeys, type OrderKey, orderKey } from '../values/order.ts';
import { foldText, quoted } from '../values/plain-value.ts';
import { MAX_PATTERN, matchesPattern } from './matches-pattern.ts';

/** How a value is held against another. */
export type Operator =
  | 'equals'
  | 'not-equals'
  | 'one-of'
  | 'contains'
  | 'not-contains'
  | 'starts-with'
  | 'ends-with'
  | 'matches'
  | 'greater'
  | 'at-least'
  | 'less'
  | 'at-most'
  | 'empty'
  | 'not-empty';

/** One sentence that is true or false. */
export interface Condition {
  value: string;
  operator: Operator;
  other: string;
}

/** How the texts of a condition are read. */
export interface Reading {
  compareAs: ComparedAs;
  ignoreCase: boolean;
}

/**
 * Whether a condition holds. Nothing is neither greater nor less than anything.
 * @throws {NonRetryableError} when a number or a date is to be greater or less than something that is none.
 */
export function holds({ value, operator, other }: Condition, reading: Reading): boolean {
  const fold = (text: string) => foldText(text, reading.ignoreCase);
  switch (operator) {
    case 'empty':
      return isBlank(value);
    case 'not-empty':
      return !isBlank(value);
    case 'equals':
      return isSame(value, other, reading);
    case 'not-equals':
      return !isSame(value, other, reading);
    case 'one-of':
      return other.split(/[,\n]/).some((entry) => entry.trim() !== '' && isSame(value.trim(), entry.trim(), reading));
    case 'contains':
      return fold(value).includes(fold(other));
    case 'not-contains':
      return !fold(value).includes(fold(other));
    case 'starts-with':
      return fold(value).startsWith(fold(other));
    case 'ends-with':
      return fold(value).endsWith(fold(other));
    case 'matches':
      if (other.length > MAX_PATTERN)
        throw new NonRetryableError(
          `Compare with: expected a pattern of at most ${MAX_PATTERN} characters, received ${other.length}.`,
        );
      return matchesPattern(fold(value), fold(other));
    default:
      return !isBlank(value) && !isBlank(other) && isOrdered(operator, compare(value, other, reading));
  }
}

function isOrdered(operator: 'greater' | 'at-least' | 'less' | 'at-most', order: number): boolean {
  switch (operator) {
    case 'greater':
      return order > 0;
    case 'at-least':
      return order >= 0;
    case 'less':
      return order < 0;
    case 'at-most':
      return order <= 0;
  }
}

/** A list or an object without entries arrives as `[]` or `{}`. */
function isBlank(text: string): boolean {
  return ['', '[]', '{}'].includes(text.trim());
}

function isSame(value: string, other: string, { compareAs, ignoreCase }: Reading): boolean {
  const sameText = foldText(value, ignoreCase) === foldText(other, ignoreCase);
  if (compareAs === 'text' || sameText || isBlank(value) || isBlank(other)) return sameText;
  const [a, b] = [orderKey(value, compareAs, 'Value'), orderKey(other, compareAs, 'Compare with')];
  return a.rank !== 2 && b.rank !== 2 && a.rank === b.rank && a.at === b.at;
}

function compare(value: string, other: string, { compareAs, ignoreCase }: Reading): number {
  const [a, b] = [orderKey(value, compareAs, 'Value'), orderKey(other, compareAs, 'Compare with')];
  if (a.rank !== b.rank) {
    const [name, stranger, expected] =
      a.rank > b.rank ? ['Value', value, kindOf(b)] : ['Compare with', other, kindOf(a)];
    throw new NonRetryableError(
      `${name}: expected ${expected}, as it is compared with one, received ${quoted(stranger)}. Change it, or compare as text.`,
    );
  }
  return compareKeys(a, b, ignoreCase);
}

function kindOf({ rank }: OrderKey): string {
  return rank === 0 ? 'a number' : 'a date';
}
