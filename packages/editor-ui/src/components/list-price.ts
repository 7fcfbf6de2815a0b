import {
  creditsByRule,
  type JsonObject,
  leastByRule,
  mostByRule,
  type NodeDescription,
  type PriceRule,
} from '@imaginarium/protocol';

/** What a node type asks for before it is known what reaches it. */
export interface ListPrice {
  /** Whole credits, for one item or for the step; the least where it depends on what is chosen in the node. */
  credits: number;
  /** Whether it may come to more, as the node's params are chosen. */
  orMore: boolean;
  /** Whether each item costs that. */
  each: boolean;
}

/**
 * The price of a node type by the server's prices, else by its own description.
 * @param params those of the node; left out, nobody has chosen any.
 * @returns undefined where a formula decides, which needs the items.
 */
export function listPrice(
  description: Pick<NodeDescription, 'type' | 'credits' | 'mode'>,
  rules: readonly PriceRule[],
  params?: JsonObject,
): ListPrice | undefined {
  const rule = rules.find(({ type }) => type === description.type);
  if (rule) {
    const credits = params ? creditsByRule(rule, params) : leastByRule(rule);
    return { credits, orMore: !params && credits < mostByRule(rule), each: rule.per === 'item' };
  }
  const { credits, mode } = description;
  return credits === 'formula' ? undefined : { credits, orMore: false, each: mode === 'each' };
}
