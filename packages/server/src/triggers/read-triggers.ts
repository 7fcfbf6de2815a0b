import {
  type Graph,
  type GraphNode,
  hasExpression,
  type JsonObject,
  type NodeCatalogue,
  type NodeDescription,
  type Problem,
  validateGraph,
} from '@imaginarium/protocol';
import { HttpError } from '../http/http-error.ts';
import { graphInvalid } from '../workflows/read-graph.ts';
import { timesProblem } from './schedule-times.ts';
import { type TriggerSettings, triggerSettings } from './trigger-settings.ts';

/** A trigger node of a graph, with what it asks for. */
export interface GraphTrigger {
  node: GraphNode;
  settings: TriggerSettings;
}

/**
 * The trigger nodes of a graph that is to listen.
 * @throws {HttpError} `graph-invalid` when the graph cannot run by itself, has no trigger, or one whose settings cannot be kept.
 */
export function readTriggers(graph: Graph, catalogue: NodeCatalogue, now: Date): GraphTrigger[] {
  const problems = validateGraph(graph, catalogue);
  if (problems.length > 0) throw graphInvalid(problems);
  const nodes = graph.nodes.flatMap((node) => {
    const description = catalogue.describe(node.type, node.version);
    return description?.trigger && !node.disabled ? [{ node, description }] : [];
  });
  if (nodes.length === 0)
    throw new HttpError(
      'graph-invalid',
      'Nothing in this workflow starts it by itself. Add a Webhook, a Schedule or Workflow failed.',
    );
  const wrong: Problem[] = [];
  const read = nodes.flatMap(({ node, description }) => {
    const settings = settingsOf(node, description, now, wrong);
    return settings ? [{ node, settings }] : [];
  });
  if (wrong.length > 0) throw graphInvalid(wrong);
  return read;
}

function settingsOf(
  node: GraphNode,
  { trigger, params }: NodeDescription,
  now: Date,
  wrong: Problem[],
): TriggerSettings | undefined {
  const refuse = (path: string, message: string) => {
    const place = `${node.name}, ${params[path]?.title ?? path}`;
    wrong.push({
      ...{ code: 'wrong-param', severity: 'blocked', node: node.id, path },
      message: `${place}: ${message}`,
      remedy: 'Change it, then make a new version.',
    });
  };
  const defaults = Object.entries(params).map(([key, spec]) => [key, 'default' in spec ? spec.default : undefined]);
  const values: JsonObject = { ...Object.fromEntries(defaults), ...node.params, kind: trigger ?? null };
  const parsed = triggerSettings.safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    refuse(String(issue?.path[0]), `${issue?.message ?? 'cannot be read'}. An expression has no value before a run.`);
    return undefined;
  }
  for (const [path, value] of Object.entries(parsed.data)) {
    if (typeof value !== 'string' || !hasExpression(value)) continue;
    refuse(path, 'expected a value, received an expression: there is no item before a run.');
    return undefined;
  }
  const times = parsed.data.kind === 'schedule' ? timesProblem(parsed.data, now) : undefined;
  if (times) refuse(times.path, times.message);
  return times ? undefined : parsed.data;
}
