import type { createClient } from '@imaginarium/client';
import type { Graph, GraphNode, JsonObject } from '@imaginarium/protocol';

/** A node of a chain: its type, its params, and its version where it is another than the first. */
export type ChainNode = readonly [type: string, params: JsonObject, version?: number];

/**
 * A webhook with a chain of nodes behind it.
 * @param respond `node`: a node Respond at the end of the chain answers; `end`: the run does, with all items of its last node.
 */
export function webhookChain(between: readonly ChainNode[], respond: 'node' | 'end' = 'node'): Graph {
  const last: ChainNode[] = respond === 'node' ? [['flow.respond', { body: '' }, 2]] : [];
  const chain: ChainNode[] = [['trigger.webhook', { respond }], ...between, ...last];
  const nodes = chain.map(
    ([type, params, version = 1], index): GraphNode => ({
      ...{ id: `n${index}`, type, version, name: `n${index}`, params, position: { x: 0, y: 0 } },
    }),
  );
  const edges = nodes.slice(1).map(({ id }, index) => ({
    id: `e${index}`,
    from: { node: `n${index}`, port: index === 0 ? 'request' : 'item' },
    to: { node: id, port: 'item' },
  }));
  return { ...{ schema: 1, nodes, edges, inputs: [], notes: [], settings: {} } };
}

/** Nodes that set a field each: ten fields in turn, so that what travels along a long chain does not grow with it. */
export function setFieldsNodes(count: number): ChainNode[] {
  return Array.from({ length: count }, (_, index) => ['flow.set-fields', { fields: { [`f${index % 10}`]: 'x' } }]);
}

/** Makes a workflow whose webhook listens. @returns the address that starts it. */
export async function openWebhook(
  client: ReturnType<typeof createClient>,
  address: string,
  graph: Graph,
): Promise<string> {
  const { id } = await client.call('createWorkflow', { body: { name: `Bench of ${graph.nodes.length}`, graph } });
  const params = { id };
  const { version } = await client.call('createVersion', { params, body: {} });
  const { triggers } = await client.call('activate', { params, body: { version } });
  const path = triggers.flatMap((trigger) => (trigger.kind === 'webhook' ? [trigger.path] : []))[0];
  if (path === undefined) throw new Error('The workflow has no webhook that listens.');
  return `${address}${path}`;
}
