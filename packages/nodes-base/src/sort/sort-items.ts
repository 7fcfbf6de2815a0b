import type { Json } from '@imaginarium/node-sdk';
import { type ComparedAs, compareKeys, type OrderKey, orderKey } from '../values/order.ts';

/** How values are put in order. */
export interface Ordering {
  direction: 'ascending' | 'descending';
  compareAs: ComparedAs;
  ignoreCase: boolean;
}

/**
 * The positions of values in their order. Equal ones stay as they were, and those without a value come last, whatever the direction.
 * @throws {NonRetryableError} for a value that is not what it is to be compared as.
 */
export function sortedPositions(
  values: readonly (Json | undefined)[],
  { direction, compareAs, ignoreCase }: Ordering,
): number[] {
  const keys = values.map((value, index) =>
    value === undefined || value === '' ? undefined : orderKey(value, compareAs, `Item ${index + 1}`),
  );
  const has = (index: number) => keys[index] !== undefined;
  const turn = direction === 'ascending' ? 1 : -1;
  const positions = values.map((_value, index) => index);
  // Positions that `has` lets through have a key.
  const sorted = positions
    .filter(has)
    .sort((a, b) => turn * compareKeys(keys[a] as OrderKey, keys[b] as OrderKey, ignoreCase));
  return [...sorted, ...positions.filter((index) => !has(index))];
}
