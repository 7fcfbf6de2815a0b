import { type NodeDefinition, NonRetryableError } from '@imaginarium/node-sdk';
import { type JsonObject, stableStringify } from '@imaginarium/protocol';
import type { Call } from './step-call.ts';

/**
 * A node's own price for some items, in whole credits.
 * @throws {NonRetryableError} when its formula gives something else than a number from 0 up.
 */
export function priceOf(definition: NodeDefinition, params: JsonObject, items: number): number {
  const credits = definition.credits({ params, items });
  if (typeof credits === 'number' && credits >= 0 && credits < Number.MAX_SAFE_INTEGER) return Math.round(credits);
  throw new NonRetryableError(
    `${definition.description.type}: expected a price from 0 up, its formula gave ${credits}.`,
  );
}

/** The price of a step: items whose params are the same are priced together, so that a batch price holds and no item rides on another's params. */
export function priceOfStep(definition: NodeDefinition, calls: readonly Call[], items: number): number {
  const [first] = calls;
  const made = calls.filter((call) => call.refusal === undefined);
  if (!first || made.length === 0) return 0;
  if (made.every((call) => call.params === first.params)) return priceOf(definition, first.params, items);
  const groups = new Map<string, Call[]>();
  for (const call of made) {
    const key = stableStringify(call.params);
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  const all = definition.description.mode === 'all';
  const prices = [...groups.values()].map((group) =>
    priceOf(definition, group[0]?.params ?? {}, all ? items : group.length),
  );
  return prices.reduce((sum, credits) => sum + credits, 0);
}
