import { catalogueOf, emptyGraph, type Graph, type NodeDescription } from '@imaginarium/protocol';
import { addNode, nodeOf } from '../document/nodes.ts';
import { placeIn } from '../document/place-in.ts';
import { connect } from '../document/wires.ts';

const described = (type: string, changes: Partial<NodeDescription>): NodeDescription => ({
  ...{ type, version: 1, title: type, summary: type, group: 'flow', icon: 'box', params: {}, credentials: {} },
  ...{ inputs: { item: { type: 'any' } }, outputs: { item: { type: 'any' } } },
  ...{ credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
  ...changes,
});

/** A source, a step, a trigger and a loop. */
export const loopTypes: NodeDescription[] = [
  described('test.source', { inputs: {} }),
  described('test.step', {}),
  described('test.trigger', { inputs: {}, trigger: 'webhook' }),
  described('test.each', {
    inputs: { items: { type: 'any' } },
    outputs: { results: { type: 'any' } },
    body: {
      loop: 'each',
      gives: { one: { type: 'any', of: 'items' } },
      takes: { result: { type: 'any', into: 'results' } },
    },
  }),
];
export const loopCatalogue = catalogueOf(loopTypes);

/** A graph of nodes of these types, named by their ids and told as `x, y`, without wires. */
export function placed(nodes: Record<string, [type: string, x: number, y: number]>): Graph {
  return Object.entries(nodes).reduce((graph, [id, [type, x, y]]) => {
    const description = loopCatalogue.describe(type, 1);
    if (!description) throw new Error(`placed: expected a type of the tests, received ${type}`);
    return addNode(graph, nodeOf(graph, description, id, { x, y }));
  }, emptyGraph());
}

/** Draws a wire, told as `[node, port]` at both ends, under the id `from_to`. */
export function wire(graph: Graph, from: [string, string], to: [string, string]): Graph {
  return connect(
    graph,
    { from: { node: from[0], port: from[1] }, to: { node: to[0], port: to[1] } },
    `${from[0]}_${to[0]}`,
    loopCatalogue,
  );
}

/** `in` feeds the loop `each`, in which `a` feeds `b`. */
export function aLoop(): Graph {
  const nodes = placed({
    in: ['test.source', 0, 0],
    each: ['test.each', 320, 0],
    a: ['test.step', 440, 100],
    b: ['test.step', 760, 100],
  });
  const inside = placeIn(wire(nodes, ['in', 'item'], ['each', 'items']), ['a', 'b'], 'each');
  const given = wire(wire(inside, ['each', 'one'], ['a', 'item']), ['a', 'item'], ['b', 'item']);
  return wire(given, ['b', 'item'], ['each', 'result']);
}
