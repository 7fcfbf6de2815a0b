import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyInputs } from './apply-inputs.ts';
import { emptyGraph, type Graph, type GraphNode } from './graph.ts';
import type { JsonObject } from './json.ts';
import { catalogueOf, type NodeDescription } from './node-description.ts';
import { validateApplied, validateGraph } from './validate-graph.ts';

const description: NodeDescription = {
  ...{ type: 'test.step', version: 1, title: 'Step', summary: 'Step', group: 'processing', icon: 'box' },
  inputs: { text: { type: 'text' } },
  outputs: { text: { type: 'text' } },
  params: {
    title: { kind: 'text', title: 'Title', default: '', required: true },
    size: { kind: 'number', title: 'Size', default: 1, max: 5 },
    hidden: { kind: 'number', title: 'Hidden', default: 0, max: 1, showWhen: { size: 5 } },
  },
  ...{ credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
};

const node = (id: string, params: JsonObject): GraphNode => ({
  ...{ id, type: 'test.step', version: 1, name: id, params, position: { x: 0, y: 0 } },
});

/** Two nodes with problems of their own, and inputs that fill params of one or of both. */
const graph: Graph = {
  ...emptyGraph(),
  nodes: [node('a', { title: 'A' }), node('b', { size: 9 }), node('c', { title: '{{ item.x' })],
  edges: [{ id: 'e', from: { node: 'a', port: 'text' }, to: { node: 'b', port: 'nothing' } }],
  inputs: [
    { key: 'title', to: [{ node: 'b', param: 'title' }] },
    {
      key: 'size',
      to: [
        { node: 'a', param: 'size' },
        { node: 'b', param: 'size' },
      ],
    },
    { key: 'lost', to: [{ node: 'gone', param: 'size' }] },
  ],
};

describe('validateApplied', () => {
  it('reports what validateGraph reports, whatever the inputs are and however often it is asked', () => {
    const catalogue = catalogueOf([description]);
    const value = fc.oneof(
      fc.string(),
      fc.integer({ min: -10, max: 10 }),
      fc.constant('{{ item.y }}'),
      fc.constant(null),
    );
    const inputs = fc.record({ title: value, size: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(inputs, (given) => {
        const applied = applyInputs(graph, given as JsonObject, catalogue);
        expect(validateApplied(graph, applied, catalogue)).toEqual(validateGraph(applied, catalogue));
      }),
    );
  });

  it('looks anew once what is installed has changed', () => {
    expect(validateApplied(graph, graph, catalogueOf([description])).map(({ code }) => code)).not.toContain(
      'unknown-node-type',
    );
    const nothing = catalogueOf([]);
    expect(validateApplied(graph, graph, nothing)).toEqual(validateGraph(graph, nothing));
  });
});
