import type { Graph, GraphNode } from './graph.ts';
import type { NodeCatalogue, NodeDescription } from './node-description.ts';
import { refuseWire } from './port-type.ts';
import type { Problem } from './problem.ts';

/**
 * Whether the node that another one falls back to can take its place: it exists, stands apart from the wires (what it gives leaves by the
 * other node's), takes what that node takes and gives what is wired from it.
 */
export function validateFallback(
  node: GraphNode,
  { graph, byId, catalogue }: { graph: Graph; byId: ReadonlyMap<string, GraphNode>; catalogue: NodeCatalogue },
): Problem[] {
  const onError = node.policy?.onError;
  if (typeof onError !== 'object') return [];
  const fallback = onError.fallback === node.id ? undefined : byId.get(onError.fallback);
  const at = { code: 'unknown-fallback', node: node.id, path: 'policy.onError' } as const;
  if (!fallback) {
    return [
      {
        ...at,
        severity: 'error',
        message: `${node.name} falls back to "${onError.fallback}", which is not another node of the graph.`,
        remedy: 'Choose another node to fall back to.',
      },
    ];
  }
  const reason = refusal(node, fallback, graph, catalogue);
  if (!reason) return [];
  return [
    {
      ...at,
      severity: 'blocked',
      message: `${node.name} cannot fall back to ${fallback.name}: ${reason.message}`,
      remedy: reason.remedy,
    },
  ];
}

function refusal(
  node: GraphNode,
  fallback: GraphNode,
  graph: Graph,
  catalogue: NodeCatalogue,
): { message: string; remedy: string } | undefined {
  if (graph.edges.some((edge) => edge.from.node === fallback.id || edge.to.node === fallback.id))
    return {
      message: 'it has wires of its own.',
      remedy: `Remove the wires of ${fallback.name}: it takes over those of ${node.name}.`,
    };
  if ((fallback.parent ?? null) !== (node.parent ?? null))
    return { message: 'they stand in different loops.', remedy: `Place ${fallback.name} beside ${node.name}.` };
  if (fallback.disabled) return { message: 'it is disabled.', remedy: `Enable ${fallback.name}.` };
  if (typeof fallback.policy?.onError === 'object')
    return { message: 'it falls back itself.', remedy: `Let ${fallback.name} stop, skip or use its error port.` };
  const from = catalogue.describe(node.type, node.version);
  const to = catalogue.describe(fallback.type, fallback.version);
  if (!from || !to) return undefined;
  if (to.waits)
    return {
      message: 'it waits, and a node that takes over cannot.',
      remedy: `Use the error port of ${node.name}, and wire it to ${fallback.name}.`,
    };
  if (to.body) return { message: 'it is a loop.', remedy: 'Choose a node that is none.' };
  const message = differentPorts(from, to, new Set(wiredOutputs(node, graph)));
  return message === undefined ? undefined : { message, remedy: 'Choose a node with the same ports.' };
}

function differentPorts(
  from: NodeDescription,
  to: NodeDescription,
  wiredOutputs: ReadonlySet<string>,
): string | undefined {
  if (from.mode !== to.mode) return 'one works on single items, the other on all at once.';
  for (const [port, spec] of Object.entries(to.inputs)) {
    const given = from.inputs[port];
    if (given ? refuseWire(given.type, spec.type) : !spec.optional) return `nothing would reach its input "${port}".`;
  }
  for (const [port, spec] of Object.entries(from.outputs)) {
    if (!wiredOutputs.has(port)) continue;
    const given = to.outputs[port];
    if (!given || refuseWire(given.type, spec.type)) return `it does not give "${port}".`;
  }
  return undefined;
}

function wiredOutputs(node: GraphNode, graph: Graph): string[] {
  return graph.edges.filter((edge) => edge.from.node === node.id).map((edge) => edge.from.port);
}
