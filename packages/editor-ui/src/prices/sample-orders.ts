import { creditsOwed, HUNDREDTHS, type PriceRule, type Prices, priceByRule } from '@imaginarium/protocol';

/** Something people order, as a price list names it. */
export interface SampleOrder {
  key: string;
  /** The node type, with so many items; or the title of a bundle, with one of each. */
  what: { type: string; items: number; choice: string | null } | { bundle: string };
}

/** Common orders by two price lists: one item, the first batch and the largest order of each priced node type, and every bundle. */
export function sampleOrders(now: Prices, draft: Prices): SampleOrder[] {
  const rules = [...now.rules, ...draft.rules.filter(({ type }) => !now.rules.some((rule) => rule.type === type))];
  const ofTypes = rules.flatMap(({ type }) => {
    const both = [ruleOf(now, type), ruleOf(draft, type)].filter((rule) => rule !== undefined);
    const choices = [...new Set(both.flatMap(({ choices }) => Object.keys(choices?.credits ?? {})))];
    const counts = new Set([1, ...both.flatMap(({ batch, limit }) => [...(batch ? [batch.from] : []), limit ?? 1])]);
    return [null, ...choices].flatMap((choice) =>
      [...counts]
        .sort((a, b) => a - b)
        .map((items) => ({ key: `${type} ${choice ?? ''} ${items}`, what: { type, items, choice } })),
    );
  });
  const ids = new Set([...now.bundles, ...draft.bundles].map(({ id }) => id));
  return [...ofTypes, ...[...ids].map((bundle) => ({ key: `bundle ${bundle}`, what: { bundle } }))];
}

/** What an order costs by a price list; null where it has no price for it, or does not allow it. */
export function orderPrice({ what }: SampleOrder, prices: Prices): number | null {
  if ('bundle' in what) {
    const bundle = prices.bundles.find(({ id }) => id === what.bundle);
    if (!bundle) return null;
    const exact = bundle.types.reduce((sum, type) => {
      const rule = ruleOf(prices, type);
      return sum + (rule ? priceByRule(rule, 1, {}) : 0);
    }, 0);
    return creditsOwed(exact, bundle.off * HUNDREDTHS);
  }
  const rule = ruleOf(prices, what.type);
  if (!rule || (rule.limit !== undefined && what.items > rule.limit)) return null;
  const params = rule.choices && what.choice !== null ? { [rule.choices.param]: what.choice } : {};
  return creditsOwed(priceByRule(rule, what.items, params), 0);
}

function ruleOf({ rules }: Prices, type: string): PriceRule | undefined {
  return rules.find((rule) => rule.type === type);
}
