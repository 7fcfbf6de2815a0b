import type { QuoteBasis } from '@imaginarium/engine';
import {
  type Currency,
  type Graph,
  type JsonObject,
  type PriceList,
  type PriceTerms,
  type Quote,
  termsFor,
} from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';
import type { QuotePlace } from './quote-ahead.ts';

/** A quote, the prices it rests on, and what a credit is worth. */
export interface PricedRun {
  quote: Quote;
  terms: PriceTerms;
  currency: Currency;
}

/**
 * Quotes a run by a price list.
 * @throws {HttpError} `batch-too-large` for more items than the prices allow in one step.
 */
export async function priceRun(
  list: PriceList,
  quoteRun: AppDeps['quoteRun'],
  { graph, inputs }: { graph: Graph; inputs: JsonObject },
  basis: Omit<QuoteBasis, 'terms'>,
  place?: QuotePlace,
): Promise<PricedRun> {
  const terms = termsOf(list, graph, basis.settled);
  const quote = await quoteRun(graph, inputs, { ...basis, terms }, place);
  refuseLargeBatches(graph, quote, terms);
  return { quote, terms, currency: list.currency };
}

/** The prices of graphs that are held on to, as those of versions are, by the last list they were asked of. */
const known = new WeakMap<Graph, { list: PriceList; terms: PriceTerms }>();

/** The prices that a graph is quoted by: the same ones each time, as long as it and the list are the same. @param settled nodes that are not executed. */
export function termsOf(list: PriceList, graph: Graph, settled?: ReadonlySet<string>): PriceTerms {
  if (settled && settled.size > 0) return makeTerms(list, graph, settled);
  const before = known.get(graph);
  if (before?.list === list) return before.terms;
  const terms = makeTerms(list, graph);
  known.set(graph, { list, terms });
  return terms;
}

function makeTerms(list: PriceList, { nodes, settings }: Graph, settled?: ReadonlySet<string>): PriceTerms {
  const executed = nodes.filter((node) => node.disabled !== true && !settled?.has(node.id));
  return termsFor(list, new Set(executed.map((node) => node.type)), settings.bundle);
}

function refuseLargeBatches(graph: Graph, { nodes }: Quote, { rules }: PriceTerms): void {
  if (rules.every(({ limit }) => limit === undefined)) return;
  // Inside a loop each iteration is a step of its own: those are held to the limit when they execute.
  const outside = graph.nodes.filter((node) => !node.parent);
  const typeOf = new Map(outside.map((node) => [node.id, node.type]));
  for (const { node, name, items } of nodes) {
    const limit = rules.find((rule) => rule.type === typeOf.get(node))?.limit;
    if (limit !== undefined && items > limit)
      throw new HttpError(
        'batch-too-large',
        `${name}: expected at most ${limit} items in one run, received ${items}. Run them in several batches.`,
        { node, limit, items },
      );
  }
}
