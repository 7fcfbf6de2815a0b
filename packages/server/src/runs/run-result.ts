import type { RunRecord } from '@imaginarium/engine';
import {
  type Graph,
  type HookAnswer,
  hookAnswerSchema,
  type Item,
  lastNodes,
  RESPOND_NODE,
  type Step,
} from '@imaginarium/protocol';

/** The last nodes of graphs that are held on to, as those of versions are; such a graph never changes. */
const lastKnown = new WeakMap<Graph, ReadonlySet<string>>();

function lastOf(graph: Graph): ReadonlySet<string> {
  const last = lastKnown.get(graph) ?? lastNodes(graph);
  lastKnown.set(graph, last);
  return last;
}

/** What the first Respond node of a run that executed says; undefined when none did. */
export function respondedIn({ steps }: Pick<RunRecord, 'steps'>): HookAnswer | undefined {
  for (const step of steps) {
    const said = step.type === RESPOND_NODE ? hookAnswerSchema.safeParse(step.outputs.answer?.[0]?.value) : undefined;
    if (said?.success) return said.data;
  }
  return undefined;
}

/** What left the nodes of a run that nothing hangs on. */
export function lastItems({ graph, steps }: Pick<RunRecord, 'graph' | 'steps'>): Item[] {
  const last = lastOf(graph);
  return steps.filter((step) => last.has(step.node)).flatMap((step) => Object.values(step.outputs).flat());
}

/** Tells the steps of a run that {@link respondedIn} and {@link lastItems} look at from those that make no difference to them. */
export function answeringSteps(graph: Graph): (step: Step) => boolean {
  const last = lastOf(graph);
  return ({ node, type }) => type === RESPOND_NODE || last.has(node);
}
