import {
  type Graph,
  isFileRef,
  type JsonObject,
  type PriceTerms,
  type Quote,
  TRIGGER_PARAM,
} from '@imaginarium/protocol';
import type { NodeRegistry } from '../packages/node-registry.ts';
import { ruleFor } from '../step/step-price.ts';
import type { MeasuredMs, QuoteBasis } from './quote-basis.ts';
import { quoteRun } from './quote-run.ts';

interface KnownQuote {
  edition: object;
  terms: PriceTerms | undefined;
  measured: MeasuredMs;
  quote: Quote;
}

/** Quotes of graphs that are held on to, as those of versions are. */
const known = new WeakMap<Graph, KnownQuote>();

/**
 * {@link quoteRun} for runs that are started thousands of times. What a trigger brings changes neither how many items there are nor what
 * they cost, so the quote of a graph is the same for each of its runs until prices, measured times or packages change.
 * @returns a quote that must not be changed.
 */
export function quoteAgain(graph: Graph, inputs: JsonObject, registry: NodeRegistry, basis: QuoteBasis): Quote {
  if (!isTheSameForAll(graph, inputs, registry, basis)) return quoteRun(graph, inputs, registry, basis);
  const { edition } = registry;
  const { terms, measured } = basis;
  const before = known.get(graph);
  if (before?.edition === edition && before.terms === terms && before.measured === measured) return before.quote;
  const quote = quoteRun(graph, inputs, registry, basis);
  known.set(graph, { edition, terms, measured, quote });
  return quote;
}

function isTheSameForAll(
  graph: Graph,
  inputs: JsonObject,
  registry: NodeRegistry,
  { terms, settled, foreseen, remarks, models }: QuoteBasis,
): boolean {
  if (foreseen || remarks || (settled && settled.size > 0) || (models && models.length > 0)) return false;
  return Object.entries(inputs).every(([key, value]) => {
    const input = graph.inputs.find((entry) => entry.key === key);
    // How long a picture takes depends on its size.
    if (!input || [value].flat().some(isFileRef)) return false;
    return input.to.every(({ node: id, param }) => {
      const node = graph.nodes.find((entry) => entry.id === id);
      const described = node && registry.describe(node.type, node.version);
      return param === TRIGGER_PARAM && described?.trigger !== undefined && !ruleFor(terms, described.type)?.choices;
    });
  });
}
