import { ERROR_PORT, type Graph, type Json, type NodePolicy } from '@imaginarium/protocol';
import { changeNode } from './nodes.ts';

/** Sets a param of a node; `undefined` takes the stored value away, so that the default holds again. */
export function setParam(graph: Graph, id: string, key: string, value: Json | undefined): Graph {
  return changeNode(graph, id, (node) => {
    if (value === undefined) {
      if (!Object.hasOwn(node.params, key)) return node;
      const { [key]: _removed, ...params } = node.params;
      return { ...node, params };
    }
    return Object.is(node.params[key], value) ? node : { ...node, params: { ...node.params, [key]: value } };
  });
}

/** Sets parts of a node's policy; `undefined` takes a part away. A node that loses its error port loses the wires on it. */
export function setPolicy(graph: Graph, id: string, change: Partial<NodePolicy>): Graph {
  const changed = changeNode(graph, id, (node) => {
    const merged = Object.entries({ ...node.policy, ...change }).filter(([, value]) => value !== undefined);
    const { policy: _before, ...rest } = node;
    return merged.length === 0 ? rest : { ...rest, policy: Object.fromEntries(merged) as NodePolicy };
  });
  const node = changed.nodes.find((entry) => entry.id === id);
  if (!node || node.policy?.onError === 'error-port') return changed;
  const edges = changed.edges.filter((edge) => edge.from.node !== id || edge.from.port !== ERROR_PORT);
  return edges.length === changed.edges.length ? changed : { ...changed, edges };
}
