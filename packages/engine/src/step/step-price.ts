import { type NodeDefinition, NonRetryableError } from '@imaginarium/node-sdk';
import {
  HUNDREDTHS,
  type JsonObject,
  type PriceRule,
  type PriceTerms,
  priceByRule,
  stableStringify,
} from '@imaginarium/protocol';
import type { Call } from '../call/step-call.ts';

/**
 * The price of a node for some items by its own description, in hundredths of a credit.
 * @throws {NonRetryableError} when its formula gives something else than a number from 0 up.
 */
function ownPrice(definition: NodeDefinition, params: JsonObject, items: number): number {
  const credits = definition.credits({ params, items });
  if (typeof credits === 'number' && credits >= 0 && credits < Number.MAX_SAFE_INTEGER / HUNDREDTHS)
    return Math.round(credits * HUNDREDTHS);
  throw new NonRetryableError(
    `${definition.description.type}: expected a price from 0 up, its formula gave ${credits}.`,
  );
}

/** The rule that a run's prices have for a node type, if they have one. */
export function ruleFor(terms: PriceTerms | null | undefined, type: string): PriceRule | undefined {
  return terms?.rules.find((rule) => rule.type === type);
}

/** The exact price of some items in hundredths of a credit: by the run's prices, or where they say nothing by the node's description. */
export function priceOf(
  definition: NodeDefinition,
  params: JsonObject,
  items: number,
  terms: PriceTerms | null | undefined,
): number {
  const rule = ruleFor(terms, definition.description.type);
  return rule ? priceByRule(rule, items, params) : ownPrice(definition, params, items);
}

/** Whether a node costs nothing, whatever its params and however many its items. */
export function isFree({ description }: NodeDefinition, terms: PriceTerms | null | undefined): boolean {
  return description.credits === 0 && !ruleFor(terms, description.type);
}

/**
 * The exact price of a step in hundredths of a credit. Where it depends on params, items whose params are the same are priced together, so
 * that a batch price holds and no item rides on another's params.
 * @throws {NonRetryableError} for more items than the prices allow in one step.
 */
export function priceOfStep(
  definition: NodeDefinition,
  calls: readonly Call[],
  items: number,
  terms: PriceTerms | null | undefined,
): number {
  const [first] = calls;
  const made = calls.filter((call) => call.refusal === undefined);
  const { mode, type, title } = definition.description;
  const rule = ruleFor(terms, type);
  if (rule?.limit !== undefined && items > rule.limit)
    throw new NonRetryableError(
      `${title}: expected at most ${rule.limit} items in one step, received ${items}. Run them in several batches.`,
    );
  if (!first || made.length === 0) return 0;
  if (rule && !rule.choices) return priceByRule(rule, mode === 'all' ? items : made.length, first.params);
  if (!rule && made.every((call) => call.params === first.params)) return ownPrice(definition, first.params, items);
  const groups = new Map<string, Call[]>();
  for (const call of made) {
    const key = stableStringify(call.params);
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  const prices = [...groups.values()].map((group) =>
    priceOf(definition, group[0]?.params ?? {}, mode === 'all' ? items : group.length, terms),
  );
  return prices.reduce((sum, price) => sum + price, 0);
}
