import { catalogueOf, emptyGraph, type Graph, type NodeDescription, validateGraph } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { copyNodes } from './clipboard.ts';
import { fittingPorts, portKey } from './fitting-ports.ts';
import { loopsFor, placeIn } from './loops.ts';
import { addNode, nodeOf, removeSelection } from './nodes.ts';
import { connect, objectToWire } from './wires.ts';

const described = (type: string, changes: Partial<NodeDescription>): NodeDescription => ({
  ...{ type, version: 1, title: type, summary: type, group: 'flow', icon: 'box', params: {}, credentials: {} },
  ...{ inputs: { item: { type: 'any' } }, outputs: { item: { type: 'any' } } },
  ...{ credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
  ...changes,
});
const catalogue = catalogueOf([
  described('test.source', { inputs: {} }),
  described('test.step', {}),
  described('test.each', {
    inputs: { items: { type: 'any' } },
    outputs: { results: { type: 'any' } },
    body: {
      loop: 'each',
      gives: { one: { type: 'any', of: 'items' } },
      takes: { result: { type: 'any', into: 'results' } },
    },
  }),
]);
const wire = (graph: Graph, from: [string, string], to: [string, string]) =>
  connect(
    graph,
    { from: { node: from[0], port: from[1] }, to: { node: to[0], port: to[1] } },
    `${from[0]}_${to[0]}`,
    catalogue,
  );
const nodes = { in: 'test.source', each: 'test.each', a: 'test.step', b: 'test.step' };
const placed = Object.entries(nodes).reduce((graph, [id, type]) => {
  const description = catalogue.describe(type, 1);
  return description ? addNode(graph, nodeOf(graph, description, id, { x: 0, y: 0 })) : graph;
}, emptyGraph());
const start = wire(
  wire(wire(placed, ['in', 'item'], ['each', 'items']), ['in', 'item'], ['a', 'item']),
  ['a', 'item'],
  ['b', 'item'],
);
const inside = wire(
  wire(
    wire(placeIn(placeIn(start, 'a', 'each'), 'b', 'each'), ['each', 'one'], ['a', 'item']),
    ['a', 'item'],
    ['b', 'item'],
  ),
  ['b', 'item'],
  ['each', 'result'],
);
const ends = ({ edges }: Graph) => edges.map(({ from, to }) => `${from.node}.${from.port} -> ${to.node}.${to.port}`);

describe('loops in the document', () => {
  it('take nodes in, without the wires that would cross their border, and are wired by their inner ports', () => {
    expect(ends(placeIn(start, 'a', 'each'))).toEqual(['in.item -> each.items']);
    expect(ends(inside)).toEqual([
      'in.item -> each.items',
      'each.one -> a.item',
      'a.item -> b.item',
      'b.item -> each.result',
    ]);
    expect(validateGraph(inside, catalogue)).toEqual([]);
  });

  it('let nodes out again', () => {
    expect(ends(placeIn(inside, 'b', null))).toEqual(['in.item -> each.items', 'each.one -> a.item']);
    expect(placeIn(inside, 'b', 'each')).toBe(inside);
  });

  it('refuse wires across their border, while they are drawn too', () => {
    const out = placeIn(inside, 'b', null);
    const cross = { from: { node: 'a', port: 'item' }, to: { node: 'b', port: 'item' } };
    expect(objectToWire(out, cross, catalogue)?.code).toBe('loop-border');
    const fits = fittingPorts(out, { node: 'a', port: 'item', side: 'output' }, catalogue);
    expect([...fits]).toEqual([portKey('each', 'input', 'result')]);
  });

  it('go with all that is in them', () => {
    expect(removeSelection(inside, { nodes: ['each'], edges: [] }).nodes.map(({ id }) => id)).toEqual(['in']);
    expect(JSON.parse(copyNodes(inside, ['each'])).nodes).toHaveLength(3);
  });

  it('are offered to nodes that do not hold them', () => {
    expect(loopsFor(inside, ['a'], catalogue).map(({ id }) => id)).toEqual(['each']);
    expect(loopsFor(inside, ['each'], catalogue)).toEqual([]);
  });
});
