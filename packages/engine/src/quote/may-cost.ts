import { type Graph, mostByRule, type NodeCatalogue, type PriceTerms } from '@imaginarium/protocol';
import { ruleFor } from '../step/step-price.ts';

/** Whether anything in a run can cost credits, whatever reaches its nodes. */
export function mayCost(graph: Graph, catalogue: NodeCatalogue, terms: PriceTerms): boolean {
  return graph.nodes.some(({ type, version }) => {
    const rule = ruleFor(terms, type);
    return rule ? mostByRule(rule) > 0 : (catalogue.describe(type, version)?.credits ?? 0) !== 0;
  });
}
