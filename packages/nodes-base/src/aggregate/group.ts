import type { Json } from '@imaginarium/node-sdk';
import { asText } from '../values/plain-value.ts';

/** Items that belong together. A group has at least one. */
export interface Group {
  /** The value they share, as the first of them has it; null for those without one. */
  key: Json;
  positions: number[];
}

/** One group of all. */
export function wholeList(length: number): Group {
  return { key: null, positions: Array.from({ length }, (_, index) => index) };
}

/** A group for each value, in the order in which they first come; 7 and "7" are the same. */
export function groupByValue(values: readonly (Json | undefined)[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [index, value] of values.entries()) {
    const text = asText(value);
    const group = groups.get(text);
    if (group) group.positions.push(index);
    else groups.set(text, { key: value ?? null, positions: [index] });
  }
  return [...groups.values()];
}
