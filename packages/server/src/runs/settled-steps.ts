import { nodesOver, partOf, type RunRecord, type WantedPart } from '@imaginarium/engine';
import {
  fallbackNodes,
  type Graph,
  type GraphNode,
  isTerminal,
  type PortItems,
  pendingStep,
  type Step,
} from '@imaginarium/protocol';
import { HttpError } from '../http/http-error.ts';

const TAKEN_OVER = 'Taken over from an earlier run.';
const PINNED = 'Its items are pinned.';
const NOT_NEEDED = 'Not needed for the part of the workflow that was run.';

/** What a run of a part of a workflow executes, and from which run it takes what comes before. */
export interface PartRequest {
  until?: string | undefined;
  from?: { node: string; record: RunRecord } | undefined;
}

/**
 * The steps that are settled before a run of a part begins: those that nobody wants, and those whose outputs an earlier run has.
 * @param usePinned whether pinned items stand in for executing their nodes.
 * @throws {HttpError} for a node that is not there, and when the earlier run does not hold what the part needs.
 */
export function settledSteps(graph: Graph, { until, from }: PartRequest, usePinned: boolean): Step[] {
  const pinned = usePinned ? pinnedSteps(graph) : [];
  const given = new Set(pinned.map((step) => step.node));
  if (until === undefined && from === undefined) return pinned;
  for (const [field, id] of [
    ['until', until],
    ['from.node', from?.node],
  ] as const)
    if (id !== undefined && (fallbackNodes(graph).has(id) || !graph.nodes.some((node) => node.id === id)))
      throw new HttpError(
        'bad-request',
        `body.${field}: expected the id of a node of this workflow that stands in for no other, received "${id}"`,
      );
  const wanted: WantedPart = { until, from: from?.node };
  const part = partOf(graph, wanted, given);
  if (from && part.executed.size === 0)
    throw new HttpError(
      'bad-request',
      'body.from.node: expected a node that body.until depends on, received another one',
    );
  const outside = from?.record.steps.filter((step) => step.iteration === '');
  const recorded = new Map(outside?.map((step) => [step.node, step]));
  const others = graph.nodes.flatMap((node): Step[] => {
    if (given.has(node.id)) return [];
    if (part.left.has(node.id)) return [notNeeded(node)];
    if (!part.before.has(node.id)) return [];
    const step = recorded.get(node.id);
    if (step && step.type === node.type && hasResult(step)) return [asBefore(step)];
    if (!part.feeding.has(node.id)) return [notNeeded(node)];
    throw new HttpError(
      'bad-request',
      `body.from.runId: expected a run in which ${node.name} has finished, received one in which it has not. Run the workflow up to there first.`,
    );
  });
  return [...pinned, ...others];
}

/**
 * The steps that are settled before a run that repeats another one begins. What that one left out stays out; from its failed step, what
 * it finished is taken over.
 * @throws {HttpError} when it is to go on at its failed step and has not failed.
 */
export function repeatedSteps({ run, graph, steps }: RunRecord, from: 'start' | 'failed', usePinned: boolean): Step[] {
  if (from === 'failed' && run.state !== 'failed' && run.state !== 'cancelled') {
    const remedy = isTerminal(run.state) ? 'Run it again from the start.' : 'Wait for its end, or cancel it.';
    throw new HttpError(
      'bad-request',
      `body.from: expected "failed" only for a run that failed or was cancelled, received it for one that is ${run.state}. ${remedy}`,
    );
  }
  const pinned = usePinned ? pinnedSteps(graph) : [];
  const given = nodesOver(graph, pinned);
  const others = steps.filter((step) => !given.has(step.node));
  const leftOut = others.filter((step) => step.state === 'skipped' && step.reason === NOT_NEEDED);
  const finished = from === 'failed' ? others.filter((step) => step.state !== 'skipped' && hasResult(step)) : [];
  return [...pinned, ...leftOut.map(asBefore), ...finished.map(asBefore)];
}

/** The steps of nodes whose items are pinned. What is placed in a loop has other items in each iteration: there is nothing to pin. */
function pinnedSteps(graph: Graph): Step[] {
  return graph.nodes.flatMap((node) =>
    node.pinned && !node.disabled && !node.parent
      ? [settled(node, { state: 'cached', reason: PINNED, outputs: node.pinned })]
      : [],
  );
}

function hasResult({ state }: Step): boolean {
  return state === 'succeeded' || state === 'cached' || state === 'skipped';
}

function asBefore(step: Step): Step {
  const { node, iteration, type, name, itemsIn, itemsFailed, outputs } = step;
  const state = step.state === 'skipped' ? 'skipped' : 'cached';
  const reason = state === 'skipped' ? step.reason : TAKEN_OVER;
  return { ...settled({ id: node, type, name }, { state, reason, outputs }), iteration, itemsIn, itemsFailed };
}

function notNeeded(node: GraphNode): Step {
  return settled(node, { state: 'skipped', reason: NOT_NEEDED, outputs: {} });
}

function settled(
  node: Pick<GraphNode, 'id' | 'name' | 'type'>,
  end: { state: 'cached' | 'skipped'; reason: string | null; outputs: PortItems },
): Step {
  return { ...pendingStep(node), finishedAt: new Date().toISOString(), ...end };
}
