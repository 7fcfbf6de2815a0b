import { emptyGraph, type Graph } from '@imaginarium/protocol';
import { addNode, nodeOf } from '../document/nodes.ts';
import { connect } from '../document/wires.ts';
import { testCatalogue } from './node-types.ts';

/** A graph of nodes named by their ids, and of wires told as `from.port -> to.port`. */
export function aGraph(nodes: Record<string, string>, wires: readonly string[] = []): Graph {
  let graph = emptyGraph();
  for (const [at, [id, type]] of Object.entries(nodes).entries()) {
    const description = testCatalogue.describe(type, 1);
    if (!description) throw new Error(`aGraph: expected a type of the tests, received ${type}`);
    graph = addNode(graph, nodeOf(graph, description, id, { x: at * 320, y: 0 }));
  }
  for (const [at, wire] of wires.entries()) {
    const [from, to] = wire.split(' -> ').map((end) => {
      const [node, port] = end.split('.') as [string, string];
      return { node, port };
    });
    if (from && to) graph = connect(graph, { from, to }, `e${at}`, testCatalogue);
  }
  return graph;
}
