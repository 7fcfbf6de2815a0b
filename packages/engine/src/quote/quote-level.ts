import type { Foresight, ForesightInput, NodeDefinition } from '@imaginarium/node-sdk';
import {
  fullPriceByRule,
  type GraphEdge,
  type JsonObject,
  type PriceTerms,
  type Quote,
  roundCredits,
  type TimeAdded,
} from '@imaginarium/protocol';
import { largest, type PictureSize, pictureInParams, pictureOfItems } from '../call/foreseen-picture.ts';
import { knownParams } from '../call/known-params.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { handedOn } from '../plan/skip.ts';
import { portsOf } from '../run/loop-items.ts';
import { priceOf, ruleFor } from '../step/step-price.ts';
import type { ForeseenRun } from './foresee-run.ts';
import { addTo, type Count, mapped, NONE, ONE, product, sumOf } from './item-count.ts';
import type { QuoteBasis } from './quote-basis.ts';

/** What is known so far while a quote is made. */
export interface QuoteState extends Required<Omit<QuoteBasis, 'terms'>> {
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

/** What leaves a node. */
interface LeavesNode {
  /** The items, by each of its outputs. */
  count: Count;
  picture?: PictureSize | undefined;
  /** The only outputs that they leave by, where it is disabled. */
  only?: ReadonlySet<string>;
}

/** What a node came to by itself. */
interface Quoted extends LeavesNode {
  ms: number;
}

/** What is expected of a node in its level. */
interface Expected extends LeavesNode {
  /** Milliseconds from the beginning of the level until it is done. */
  readyMs: number;
}

/**
 * Quotes the nodes of one level, each executed so many times.
 * @param given items that the inner ports of the loop around give, by `node.port`.
 * @returns the items that leave, and the time that the level takes once.
 */
export function quoteLevel(
  level: readonly PlannedNode[],
  given: ReadonlyMap<string, Count>,
  times: Count,
  state: QuoteState,
): { leaving: Leaving; readyMs: number } {
  const expected = new Map<string, Expected>();
  const leaving: Leaving = ({ from }) =>
    given.get(`${from.node}.${from.port}`) ??
    foreseenCount(state.foreseen, from) ??
    countFrom(expected.get(from.node), from.port);
  for (const planned of level) {
    const before = [...planned.after].flatMap((id) => expected.get(id) ?? []);
    const startMs = Math.max(0, ...before.map(({ readyMs }) => readyMs));
    const { ms, ...came } =
      planned.inside && !planned.node.disabled
        ? quoteLoopNode(planned, leaving, times, state)
        : quoteNode(planned, { leaving, expected, times }, state);
    expected.set(planned.node.id, { ...came, readyMs: startMs + ms });
  }
  return { leaving, readyMs: Math.max(0, ...[...expected.values()].map((entry) => entry.readyMs)) };
}

/** What a node is quoted from, beside what is known of the run. */
interface AroundNode {
  leaving: Leaving;
  /** The nodes before it, by id. */
  expected: ReadonlyMap<string, Expected>;
  /** How often it is executed. */
  times: Count;
}

/** Quotes a node that is no loop, and adds it to the sums. */
function quoteNode(planned: PlannedNode, { leaving, expected, times }: AroundNode, state: QuoteState): Quoted {
  const { settled, foreseen } = state;
  const { node } = planned;
  const count = countOf(planned, leaving);
  const params = knownParams(planned);
  const cache = foreseen.cached.has(node.id) ? 'yes' : foreseen.maybeCached.has(node.id) ? 'maybe' : 'no';
  const isIdle = node.disabled === true || settled.has(node.id) || cache === 'yes';
  const reaching = [...planned.wires.values()].flat().map(({ from }) => expected.get(from.node)?.picture ?? {});
  const incoming = largest(reaching) ?? pictureInParams(params);
  const { perItemMs, adds, picture } = foreseeNode(planned, params, incoming, isIdle, state);
  const ms = isIdle ? 0 : Math.round(perItemMs * Math.max(1, count.items));
  if (!settled.has(node.id)) addNode(planned, { params, count, times, cache, isIdle, ms, adds }, state);
  if (node.disabled) return { count, ms, picture, only: new Set(handedOn(planned).keys()) };
  return { count: countLeaving(planned, params, count), ms, picture };
}

/** How long a node takes for an item, and the picture that leaves it. Notes where that is a guess. */
function foreseeNode(
  { node, registered: { definition } }: PlannedNode,
  params: JsonObject,
  incoming: PictureSize | undefined,
  isIdle: boolean,
  state: QuoteState,
): { perItemMs: number; adds: TimeAdded | undefined; picture: PictureSize | undefined } {
  const { measured, models, foreseen } = state;
  const { waits, typicalMs } = definition.description;
  const known = foreseen.outputs.get(node.id);
  const ahead = foresightOf(definition, { params, picture: incoming, models });
  const pastMs = waits ? undefined : measured.get(`${node.type}@${node.version}`);
  const isMeasured = ahead.ms === undefined ? pastMs !== undefined : ahead.measured === true;
  if (!isMeasured && !waits && !isIdle) state.guessed = true;
  const after = node.disabled ? incoming : (ahead.picture ?? incoming);
  return {
    perItemMs: ahead.ms ?? pastMs ?? typicalMs,
    // What runs took before has it in it.
    adds: ahead.ms === undefined ? undefined : ahead.adds,
    picture: (known && pictureOfItems(known)) ?? after,
  };
}

/** What a node foresees. One that fails to say it, or gives no number, has said nothing of its time: params may be of any kind here. */
function foresightOf({ foresee }: Pick<NodeDefinition, 'foresee'>, input: ForesightInput): Foresight {
  try {
    const ahead = foresee?.(input) ?? {};
    return Number.isFinite(ahead.ms ?? 0) ? ahead : { picture: ahead.picture };
  } catch {
    return {};
  }
}

/** What was found out of a node that is to be paid. */
interface NodeToAdd {
  params: JsonObject;
  count: Count;
  times: Count;
  cache: Quote['nodes'][number]['cache'];
  /** Whether it does nothing, and costs nothing. */
  isIdle: boolean;
  ms: number;
  /** What is not in the time. */
  adds: TimeAdded | undefined;
}

function addNode(
  planned: PlannedNode,
  { params, count, times, cache, isIdle, ms, adds }: NodeToAdd,
  state: QuoteState,
): void {
  const { terms, exact } = state;
  const { node, registered } = planned;
  const price = (items: number) => (isIdle ? 0 : priceOfItems(planned, params, items, terms));
  const least = cache === 'maybe' ? 0 : price(count.least);
  // What it starts is paid for by itself, and nobody knows before what that costs.
  const startsRuns = registered.definition.description.waits === 'runs' && !isIdle && count.most > 0;
  const most = startsRuns ? Number.POSITIVE_INFINITY : price(count.most);
  const prices = product({ least, items: price(count.items), most }, times);
  const rule = ruleFor(terms, node.type);
  const full = rule && prices.items > 0 ? fullPriceByRule(rule, count.items, params) * times.items : prices.items;
  const before = roundCredits(exact.items);
  addTo(exact, prices);
  const remarks = isIdle ? undefined : state.remarks.get(node.id);
  addEntry(state.entries, {
    ...{ node: node.id, name: node.name, items: count.items * times.items },
    ...{ credits: roundCredits(exact.items) - before, saved: roundCredits(full - prices.items) },
    ...{ estimateMs: ms * times.items, cache },
    ...(adds && !isIdle ? { adds } : {}),
    ...(remarks ? { remarks: [...remarks] } : {}),
  });
}

/** Quotes a loop with all that is inside, and adds the loop itself, which costs nothing. */
function quoteLoopNode(planned: PlannedNode, leaving: Leaving, times: Count, state: QuoteState): Quoted {
  const { node } = planned;
  const loop = quoteLoop(planned, knownParams(planned), leaving, times, state);
  if (!state.settled.has(node.id))
    addEntry(state.entries, {
      ...{ node: node.id, name: node.name, items: times.items * countOf(planned, leaving).items },
      ...{ credits: 0, saved: 0, cache: 'no', estimateMs: Math.round(loop.ms * times.items) },
    });
  return loop;
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

/** What a node costs for so many items in hundredths; for any number of them nothing, its limit, or more than anybody can say. */
function priceOfItems(
  { node, registered: { definition } }: PlannedNode,
  params: JsonObject,
  items: number,
  terms: PriceTerms | undefined,
): number {
  if (Number.isFinite(items)) return priceOf(definition, params, items, terms);
  const rule = ruleFor(terms, node.type);
  if (!rule) return definition.description.credits === 0 ? 0 : Number.POSITIVE_INFINITY;
  const each = fullPriceByRule(rule, 1, params);
  return each === 0 || rule.per === 'step' ? each : each * (rule.limit ?? Number.POSITIVE_INFINITY);
}

/** Items on the port that gets most; several wires on one port add up. A node without wires has one. */
function countOf({ wires }: PlannedNode, leaving: Leaving): Count {
  if (wires.size === 0) return ONE;
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
