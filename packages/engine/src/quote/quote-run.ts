import {
  applyInputs,
  creditsOwed,
  discountOf,
  type Graph,
  type JsonObject,
  type Quote,
  roundCredits,
} from '@imaginarium/protocol';
import type { NodeRegistry } from '../packages/node-registry.ts';
import { planApplied } from '../plan/plan-applied.ts';
import type { ForeseenRun } from './foresee-run.ts';
import { NONE, ONE } from './item-count.ts';
import type { QuoteBasis } from './quote-basis.ts';
import { type QuoteState, quoteLevel } from './quote-level.ts';

const NOTHING_FORESEEN: ForeseenRun = { cached: new Set(), maybeCached: new Set(), outputs: new Map() };

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
