import {
  applyInputs,
  creditsOwed,
  discountOf,
  fullPriceByRule,
  type Graph,
  type JsonObject,
  type NodeCatalogue,
  type PriceTerms,
  type Quote,
  roundCredits,
} from '@imaginarium/protocol';
import type { NodeRegistry } from './packages/node-registry.ts';
import { fixedParams } from './run/fixed-params.ts';
import type { PlannedNode } from './run/plan.ts';
import { planApplied } from './run/plan-applied.ts';
import { resolveParams } from './run/resolve-params.ts';
import { priceOf, ruleFor } from './run/step-price.ts';

/** Milliseconds per item that node types took before, by `type@version`. */
export type MeasuredMs = ReadonlyMap<string, number>;

/** What a quote rests on beside the graph. */
export interface QuoteBasis {
  measured: MeasuredMs;
  /** The prices of the run; left out, the nodes' own. */
  terms?: PriceTerms;
  /** Nodes that are settled before the run begins: they are not part of the quote. */
  settled?: ReadonlySet<string>;
  /** Nodes whose results are kept from earlier runs: they cost nothing and take no time. */
  cached?: ReadonlySet<string>;
}

/** How many items: the least, what is expected, and the most; infinite when nobody knows. */
interface Count {
  least: number;
  items: number;
  most: number;
}

const ONE: Count = { least: 1, items: 1, most: 1 };
const NONE: Count = { least: 0, items: 0, most: 0 };

/**
 * Says what a run will cost, and how long it will take along its longest path. Numbers of items are followed through the graph by what
 * each node says it yields.
 * @param graph a graph without problems that keep it from running, but for empty params: a node whose params do not fit counts with its defaults.
 * @throws {UnknownInputError} for an input that the graph does not ask for.
 */
export function quoteRun(
  graph: Graph,
  inputs: JsonObject,
  registry: NodeRegistry,
  { measured, terms, settled = new Set(), cached = new Set() }: QuoteBasis,
): Quote {
  const plan = planApplied(graph, applyInputs(graph, inputs, registry), registry);
  const expected = new Map<string, { count: Count; readyMs: number }>();
  const nodes: Quote['nodes'] = [];
  const exact: Count = { ...NONE };
  let guessed = false;
  for (const planned of plan.nodes) {
    const { node, registered, after } = planned;
    const { definition } = registered;
    const count = planned.wires.size === 0 ? ONE : countReaching(planned, (id) => expected.get(id)?.count ?? NONE);
    const startMs = Math.max(0, ...[...after].map((id) => expected.get(id)?.readyMs ?? 0));
    const params = paramsOf(planned);
    const isCached = cached.has(node.id);
    const isIdle = node.disabled === true || settled.has(node.id);
    const { waits } = definition.description;
    const perItemMs = waits ? undefined : measured.get(`${node.type}@${node.version}`);
    if (perItemMs === undefined && !waits && !isIdle && !isCached) guessed = true;
    const estimateMs =
      isIdle || isCached ? 0 : Math.round((perItemMs ?? definition.description.typicalMs) * Math.max(1, count.items));
    const price = (items: number) =>
      isIdle || isCached
        ? 0
        : Number.isFinite(items)
          ? priceOf(definition, params, items, terms)
          : endless(planned, terms);
    const prices = { least: price(count.least), items: price(count.items), most: price(count.most) };
    if (!settled.has(node.id)) {
      const rule = ruleFor(terms, node.type);
      const full = rule && prices.items > 0 ? fullPriceByRule(rule, count.items) : prices.items;
      const before = roundCredits(exact.items);
      addTo(exact, prices);
      nodes.push({
        ...{ node: node.id, name: node.name, items: count.items, credits: roundCredits(exact.items) - before },
        ...{ saved: roundCredits(full - prices.items), cached: isCached, estimateMs },
      });
    }
    const leaving = node.disabled ? count : countLeaving(planned, params, count);
    expected.set(node.id, { count: leaving, readyMs: startMs + estimateMs });
  }
  const discount = discountOf(terms);
  return {
    total: creditsOwed(exact.items, discount),
    least: creditsOwed(Math.min(exact.least, exact.items), discount),
    most: Number.isFinite(exact.most) ? creditsOwed(Math.max(exact.most, exact.items), discount) : null,
    nodes,
    bundle: terms?.bundle
      ? { title: terms.bundle.title, credits: roundCredits(exact.items) - creditsOwed(exact.items, discount) }
      : null,
    estimateMs: Math.max(0, ...[...expected.values()].map((entry) => entry.readyMs)),
    measured: !guessed,
  };
}

/** Whether anything in a run can cost credits, whatever reaches its nodes. */
export function mayCost(graph: Graph, catalogue: NodeCatalogue, terms: PriceTerms): boolean {
  return graph.nodes.some(({ type, version }) => {
    const rule = ruleFor(terms, type);
    return rule ? rule.credits > 0 : (catalogue.describe(type, version)?.credits ?? 0) !== 0;
  });
}

/** What a node costs for any number of items: nothing, its limit, or more than anybody can say. */
function endless({ node, registered }: PlannedNode, terms: PriceTerms | undefined): number {
  const rule = ruleFor(terms, node.type);
  const { description } = registered.definition;
  if (!rule) return description.credits === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (rule.credits === 0) return 0;
  const most = rule.per === 'step' ? 1 : (rule.limit ?? Number.POSITIVE_INFINITY);
  return fullPriceByRule(rule, most);
}

function addTo(sum: Count, { least, items, most }: Count): void {
  sum.least += least;
  sum.items += items;
  sum.most += most;
}

/** Items on the port that gets most; several wires on one port add up. */
function countReaching({ wires }: PlannedNode, leaving: (node: string) => Count): Count {
  const most = { ...NONE };
  for (const edges of wires.values()) {
    const port = { ...NONE };
    for (const edge of edges) addTo(port, leaving(edge.from.node));
    for (const key of ['least', 'items', 'most'] as const) most[key] = Math.max(most[key], port[key]);
  }
  return most;
}

function countLeaving({ registered }: PlannedNode, params: JsonObject, count: Count): Count {
  const { definition } = registered;
  const { counts } = definition.description;
  const items = definition.yields({ params, items: count.items });
  if (counts === 'unknown') return { least: 0, items, most: Number.POSITIVE_INFINITY };
  const most = Number.isFinite(count.most) ? definition.yields({ params, items: count.most }) : count.most;
  return { least: counts === 'at-most' ? 0 : definition.yields({ params, items: count.least }), items, most };
}

/** The node's params as far as they are known before a run: an expression counts as its default. */
function paramsOf({ node, registered }: PlannedNode): JsonObject {
  const { params: specs } = registered.definition.description;
  try {
    const fixed = fixedParams(node, registered);
    if (fixed) return fixed;
  } catch {
    // What does not fit counts with its default.
  }
  const known = Object.fromEntries(
    Object.entries(node.params).filter(([, value]) => !(typeof value === 'string' && value.includes('{{'))),
  );
  try {
    return resolveParams(specs, known);
  } catch {
    return Object.fromEntries(
      Object.entries({ ...specs }).map(([key, spec]) => [key, known[key] ?? spec.default]),
    ) as JsonObject;
  }
}
