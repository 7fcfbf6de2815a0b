import type { EmittedItem, FileRef, Json } from '@imaginarium/node-sdk';
import type { AnyItem } from './read-field.ts';

/** The items at some positions, made from themselves: whoever pairs items later knows where each came from. */
export function pick(items: readonly AnyItem[], positions: readonly number[]): EmittedItem<Json | FileRef>[] {
  // Positions come from the list itself.
  return positions.map((from) => ({ ...(items[from] as AnyItem), from }));
}
