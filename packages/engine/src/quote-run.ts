import type { MeasuredModel } from '@imaginarium/node-sdk';
import {
  applyInputs,
  creditsOwed,
  discountOf,
  fullPriceByRule,
  type Graph,
  type GraphEdge,
  type JsonObject,
  mostByRule,
  type NodeCatalogue,
  type PriceTerms,
  type Quote,
  roundCredits,
} from '@imaginarium/protocol';
import { largest, type PictureSize, pictureInParams, pictureOfItems } from './call/foreseen-picture.ts';
import { knownParams } from './call/known-params.ts';
import type { ForeseenRun } from './foresee-run.ts';
import type { NodeRegistry } from './packages/node-registry.ts';
import type { PlannedNode } from './plan/plan.ts';
import { planApplied } from './plan/plan-applied.ts';
import { handedOn } from './plan/skip.ts';
import { portsOf } from './run/loop-items.ts';
import { priceOf, ruleFor } from './step/step-price.ts';

/** Milliseconds per item that node types took before, by `type@version`. */
export type MeasuredMs = ReadonlyMap<string, number>;

/** What a quote rests on beside the graph. */
export interface QuoteBasis {
  measured: MeasuredMs;
  /** The prices of the run; left out, the nodes' own. */
  terms?: PriceTerms;
  /** Nodes that are settled before the run begins: they are not part of the quote. */
  settled?: ReadonlySet<string>;
  /** What is known of the run before it begins; left out, nothing. */
  foreseen?: ForeseenRun;
  /** What nodes say of themselves before a run, by node; see {@link remarksOf}. */
  remarks?: ReadonlyMap<string, readonly string[]>;
  /** The models that are installed on this machine; left out, none. */
  models?: readonly MeasuredModel[];
}

const NOTHING_FORESEEN: ForeseenRun = { cached: new Set(), maybeCached: new Set(), outputs: new Map() };

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
  { measured, terms, settled = new Set(), foreseen = NOTHING_FORESEEN, remarks = new Map(), models = [] }: QuoteBasis,
): Quote {
  const plan = planApplied(graph, applyInputs(graph, inputs, registry), registry);
  const state: QuoteState = {
    measured,
    terms,
    settled,
    foreseen,
    remarks,
    models,
    entries: new Map(),
    exact: { ...NONE },
    guessed: false,
  };
  const { readyMs } = quoteLevel(plan.nodes, new Map(), ONE, state);
  const { exact } = state;
  const discount = discountOf(terms);
  return {
    total: creditsOwed(exact.items, discount),
    least: creditsOwed(Math.min(exact.least, exact.items), discount),
    most: Number.isFinite(exact.most) ? creditsOwed(Math.max(exact.most, exact.items), discount) : null,
    nodes: [...state.entries.values()],
    bundle: terms?.bundle
      ? { title: terms.bundle.title, credits: roundCredits(exact.items) - creditsOwed(exact.items, discount) }
      : null,
    estimateMs: readyMs,
    measured: !state.guessed,
  };
}

/** What is known so far while a quote is made. */
interface QuoteState extends Required<Omit<QuoteBasis, 'terms'>> {
  terms: PriceTerms | undefined;
  entries: Map<string, Quote['nodes'][number]>;
  /** Exact prices in hundredths. */
  exact: Count;
  /** Whether any time is the node type's own guess. */
  guessed: boolean;
}

/** How many items leave by a port, where that is known already. */
function foreseenCount({ outputs }: ForeseenRun, { node, port }: GraphEdge['from']): Count | undefined {
  const known = outputs.get(node);
  if (!known) return undefined;
  const items = known[port]?.length ?? 0;
  return { least: items, items, most: items };
}

/** The items that leave by a wire. */
type Leaving = (edge: GraphEdge) => Count;

/**
 * Quotes the nodes of one level, each executed so many times.
 * @param given items that the inner ports of the loop around give, by `node.port`.
 * @returns the items that leave, and the time that the level takes once.
 */
function quoteLevel(
  level: readonly PlannedNode[],
  given: ReadonlyMap<string, Count>,
  times: Count,
  state: QuoteState,
): { leaving: Leaving; readyMs: number } {
  const { measured, terms, settled, foreseen, remarks, models } = state;
  const expected = new Map<string, Expected>();
  const leaving: Leaving = ({ from }) =>
    given.get(`${from.node}.${from.port}`) ??
    foreseenCount(foreseen, from) ??
    countFrom(expected.get(from.node), from.port);
  for (const planned of level) {
    const { node, registered, after } = planned;
    const { definition } = registered;
    const count = planned.wires.size === 0 ? ONE : countReaching(planned, leaving);
    const startMs = Math.max(0, ...[...after].map((id) => expected.get(id)?.readyMs ?? 0));
    const params = knownParams(planned);
    if (planned.inside && !node.disabled) {
      const loop = quoteLoop(planned, params, leaving, times, state);
      const entry = {
        node: node.id,
        name: node.name,
        items: times.items * count.items,
        credits: 0,
        saved: 0,
        cache: 'no' as const,
      };
      if (!settled.has(node.id)) addEntry(state.entries, { ...entry, estimateMs: Math.round(loop.ms * times.items) });
      expected.set(node.id, { count: loop.count, readyMs: startMs + loop.ms });
      continue;
    }
    const cache = foreseen.cached.has(node.id) ? 'yes' : foreseen.maybeCached.has(node.id) ? 'maybe' : 'no';
    const isIdle = node.disabled === true || settled.has(node.id) || cache === 'yes';
    const { waits } = definition.description;
    const known = foreseen.outputs.get(node.id);
    const reaching = [...planned.wires.values()].flat().map(({ from }) => expected.get(from.node)?.picture ?? {});
    const incoming = largest(reaching) ?? pictureInParams(params);
    const ahead = definition.foresee?.({ params, picture: incoming, models }) ?? {};
    const picture = (known && pictureOfItems(known)) ?? (node.disabled ? incoming : (ahead.picture ?? incoming));
    const pastMs = waits ? undefined : measured.get(`${node.type}@${node.version}`);
    const perItemMs = ahead.ms ?? pastMs;
    const isMeasured = ahead.ms === undefined ? pastMs !== undefined : ahead.measured === true;
    if (!isMeasured && !waits && !isIdle) state.guessed = true;
    const estimateMs = isIdle
      ? 0
      : Math.round((perItemMs ?? definition.description.typicalMs) * Math.max(1, count.items));
    const said = remarks.get(node.id);
    const price = (items: number) =>
      isIdle ? 0 : Number.isFinite(items) ? priceOf(definition, params, items, terms) : endless(planned, params, terms);
    const least = cache === 'maybe' ? 0 : price(count.least);
    const prices = product({ least, items: price(count.items), most: price(count.most) }, times);
    if (!settled.has(node.id)) {
      const rule = ruleFor(terms, node.type);
      const full = rule && prices.items > 0 ? fullPriceByRule(rule, count.items, params) * times.items : prices.items;
      const before = roundCredits(state.exact.items);
      addTo(state.exact, prices);
      addEntry(state.entries, {
        ...{ node: node.id, name: node.name, items: count.items * times.items },
        ...{ credits: roundCredits(state.exact.items) - before, saved: roundCredits(full - prices.items) },
        ...{ estimateMs: estimateMs * times.items, cache },
        ...(said && !isIdle ? { remarks: [...said] } : {}),
      });
    }
    const left = node.disabled ? count : countLeaving(planned, params, count);
    const only = node.disabled ? new Set(handedOn(planned).keys()) : undefined;
    expected.set(node.id, { count: left, readyMs: startMs + estimateMs, picture, ...(only ? { only } : {}) });
  }
  return { leaving, readyMs: Math.max(0, ...[...expected.values()].map((entry) => entry.readyMs)) };
}

/** What is expected of a node. */
interface Expected {
  /** The items that leave it, by each of its outputs. */
  count: Count;
  readyMs: number;
  picture?: PictureSize | undefined;
  /** The only outputs that they leave by, where it is disabled. */
  only?: ReadonlySet<string>;
}

function countFrom(expected: Expected | undefined, port: string): Count {
  return expected && (expected.only?.has(port) ?? true) ? expected.count : NONE;
}

/** What a loop comes to: with its items divided among its iterations, or with all the rounds that its limit allows. */
function quoteLoop(
  { node, registered, wires, inside = [], collects = [] }: PlannedNode,
  params: JsonObject,
  leaving: Leaving,
  times: Count,
  state: QuoteState,
): { count: Count; ms: number } {
  const { loop, description } = registered.definition;
  const { body } = description;
  if (!loop || !body) throw new Error(`${node.type} is not a loop.`);
  const { given, over } = portsOf(body);
  const reaching = (input: string) => sumOf((wires.get(input) ?? []).map(leaving));
  const whole = Object.entries(body.gives).flatMap(([port, { of }]) =>
    port === given ? [] : [[`${node.id}.${port}`, reaching(of)] as const],
  );
  /** So many iterations with so many items each. @returns what leaves each, and its time. */
  const iterations = (own: Count, count: Count) => {
    if (count.most === 0) return { each: NONE, ms: 0 };
    const ports = new Map([[`${node.id}.${given}`, own], ...whole]);
    const level = quoteLevel(inside, ports, product(count, times), state);
    return { each: sumOf(collects.map(level.leaving)), ms: level.readyMs };
  };
  const items = reaching(over);
  if (loop.kind === 'repeat') {
    const limit = Math.max(1, loop.limit({ params }));
    const rounds = mapped(items, (value, key) => (value === 0 ? 0 : key === 'least' ? 1 : limit));
    const { each, ms } = iterations(items, rounds);
    return { count: { ...each, least: 0 }, ms: ms * rounds.items };
  }
  const { size: asked, atOnce } = loop.divide({ params });
  const size = Math.max(1, asked);
  const full = mapped(items, (value) => Math.floor(value / size));
  const left = mapped(items, (value) => (Number.isFinite(value) ? value % size : 0));
  const hasLeft = mapped(left, (value) => (value > 0 ? 1 : 0));
  const [first, last] = [iterations({ least: size, items: size, most: size }, full), iterations(left, hasLeft)];
  const atATime = Math.max(1, Math.min(atOnce, full.items + hasLeft.items));
  return {
    count: sumOf([product(first.each, full), product(last.each, hasLeft)]),
    ms: Math.round((first.ms * full.items + last.ms * hasLeft.items) / atATime),
  };
}

function addEntry(entries: QuoteState['entries'], entry: Quote['nodes'][number]): void {
  const before = entries.get(entry.node);
  entries.set(entry.node, {
    ...entry,
    items: (before?.items ?? 0) + entry.items,
    credits: (before?.credits ?? 0) + entry.credits,
    saved: (before?.saved ?? 0) + entry.saved,
    estimateMs: (before?.estimateMs ?? 0) + entry.estimateMs,
  });
}

/** Whether anything in a run can cost credits, whatever reaches its nodes. */
export function mayCost(graph: Graph, catalogue: NodeCatalogue, terms: PriceTerms): boolean {
  return graph.nodes.some(({ type, version }) => {
    const rule = ruleFor(terms, type);
    return rule ? mostByRule(rule) > 0 : (catalogue.describe(type, version)?.credits ?? 0) !== 0;
  });
}

/** What a node costs for any number of items: nothing, its limit, or more than anybody can say. */
function endless({ node, registered }: PlannedNode, params: JsonObject, terms: PriceTerms | undefined): number {
  const rule = ruleFor(terms, node.type);
  const { description } = registered.definition;
  if (!rule) return description.credits === 0 ? 0 : Number.POSITIVE_INFINITY;
  const each = fullPriceByRule(rule, 1, params);
  return each === 0 || rule.per === 'step' ? each : each * (rule.limit ?? Number.POSITIVE_INFINITY);
}

function addTo(sum: Count, { least, items, most }: Count): void {
  sum.least += least;
  sum.items += items;
  sum.most += most;
}

function mapped(count: Count, change: (value: number, key: keyof Count) => number): Count {
  return {
    least: change(count.least, 'least'),
    items: change(count.items, 'items'),
    most: change(count.most, 'most'),
  };
}

function sumOf(counts: readonly Count[]): Count {
  const sum = { ...NONE };
  for (const count of counts) addTo(sum, count);
  return sum;
}

/** Nothing, however often, is nothing. */
function product(a: Count, b: Count): Count {
  return mapped(a, (value, key) => (value === 0 || b[key] === 0 ? 0 : value * b[key]));
}

/** Items on the port that gets most; several wires on one port add up. */
function countReaching({ wires }: PlannedNode, leaving: Leaving): Count {
  const ports = [...wires.values()].map((edges) => sumOf(edges.map(leaving)));
  return mapped(NONE, (_none, key) => Math.max(0, ...ports.map((port) => port[key])));
}

function countLeaving({ registered }: PlannedNode, params: JsonObject, count: Count): Count {
  const { definition } = registered;
  const { counts } = definition.description;
  const items = definition.yields({ params, items: count.items });
  if (counts === 'unknown') return { least: 0, items, most: Number.POSITIVE_INFINITY };
  const most = Number.isFinite(count.most) ? definition.yields({ params, items: count.most }) : count.most;
  return { least: counts === 'at-most' ? 0 : definition.yields({ params, items: count.least }), items, most };
}
