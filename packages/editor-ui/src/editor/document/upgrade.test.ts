import { catalogueOf, emptyGraph, type Graph, type NodeDescription } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { applyUpgrades, newerVersion, paramChanges } from './upgrade.ts';

const described = (type: string, version: number, changes: Partial<NodeDescription>): NodeDescription => ({
  ...{ type, version, title: type, summary: type, group: 'processing', icon: 'box' },
  ...{ inputs: {}, outputs: {}, params: {}, credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
  ...changes,
});
const image = { type: 'image' } as const;
const size = (title: string) => ({ kind: 'number' as const, title, default: 1 });
const catalogue = catalogueOf([
  described('t.in', 1, { outputs: { image, text: { type: 'text' } } }),
  described('t.step', 1, { inputs: { image, mask: image }, outputs: { image }, params: { power: size('Power') } }),
  described('t.step', 2, {
    inputs: { image, mask: { type: 'text' } },
    outputs: { picture: image },
    params: { strength: size('Strength') },
    upgradesFrom: [1],
  }),
]);
const item = { id: 'i', value: 1, fields: {}, from: [] };
const graph: Graph = {
  ...emptyGraph(),
  nodes: [
    { id: 'in', type: 't.in', version: 1, name: 'In', params: {}, position: { x: 0, y: 0 } },
    {
      ...{ id: 'a', type: 't.step', version: 1, name: 'A', params: { power: 3 }, position: { x: 1, y: 0 } },
      pinned: { image: [item] },
    },
    { id: 'b', type: 't.step', version: 1, name: 'B', params: {}, position: { x: 2, y: 0 } },
  ],
  edges: [
    { id: 'kept', from: { node: 'in', port: 'image' }, to: { node: 'a', port: 'image' } },
    { id: 'retyped', from: { node: 'in', port: 'image' }, to: { node: 'a', port: 'mask' } },
    { id: 'gone', from: { node: 'a', port: 'image' }, to: { node: 'b', port: 'image' } },
  ],
  inputs: [
    { key: 'power', to: [{ node: 'a', param: 'power' }] },
    {
      key: 'both',
      to: [
        { node: 'a', param: 'power' },
        { node: 'b', param: 'power' },
      ],
    },
  ],
};

describe('an upgrade of nodes', () => {
  it('is offered where a newer version takes over', () => {
    expect(graph.nodes.map((node) => newerVersion(node, catalogue))).toEqual([undefined, 2, 2]);
  });

  it('changes the nodes, and takes away what fits no more, and nothing else', () => {
    const upgraded = applyUpgrades(graph, [{ id: 'a', version: 2, params: { strength: 3 } }], catalogue);
    expect(upgraded.graph).toEqual({
      ...graph,
      nodes: [
        graph.nodes[0],
        { id: 'a', type: 't.step', version: 2, name: 'A', params: { strength: 3 }, position: { x: 1, y: 0 } },
        graph.nodes[2],
      ],
      edges: [graph.edges[0]],
      inputs: [{ key: 'both', to: [{ node: 'b', param: 'power' }] }],
    });
    expect(upgraded.lostEdges.map(({ id }) => id)).toEqual(['retyped', 'gone']);
    expect(upgraded.lostInputs.map(({ key }) => key)).toEqual(['power']);
  });

  it('keeps everything where everything fits', () => {
    const { graph: after, lostEdges } = applyUpgrades({ ...graph, edges: [] }, [], catalogue);
    expect([after, lostEdges]).toEqual([{ ...graph, edges: [] }, []]);
  });

  it('is told param by param', () => {
    expect(paramChanges({ power: 3, tone: 'warm', same: [1] }, { strength: 3, tone: 'cold', same: [1] })).toEqual([
      { key: 'power', before: 3, after: undefined },
      { key: 'tone', before: 'warm', after: 'cold' },
      { key: 'strength', before: undefined, after: 3 },
    ]);
  });
});
