import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from './graph.ts';
import { catalogue, codesOf, fed, graph, node, wire } from './testing/problem-graphs.ts';
import { validateGraph } from './validate-graph.ts';

describe('a fallback', () => {
  const falls = (fallback: GraphNode, type = 'test.step') => {
    const value = fed(node('a', type, {}, { policy: { onError: { fallback: fallback.id } } }), node('end'));
    return {
      ...value,
      nodes: [...value.nodes, fallback],
      edges: [wire('in.text', 'a.text'), wire('a.text', 'end.text')],
    };
  };
  const reasons = (value: Graph) => validateGraph(value, catalogue).map((problem) => problem.message);

  it('is a node without wires that takes and gives the same', () => {
    expect(reasons(falls(node('f')))).toEqual([]);
    expect(reasons({ ...falls(node('f')), nodes: falls(node('f')).nodes.filter(({ id }) => id !== 'f') })).toEqual([
      'A falls back to "f", which is not another node of the graph.',
    ]);
  });

  it('is refused when it could not take over', () => {
    const wired = falls(node('f'));
    wired.edges.push(wire('in.text', 'f.text'));
    expect(reasons(wired)).toEqual(['A cannot fall back to F: it has wires of its own.']);
    expect(reasons(falls(node('f', 'test.step', {}, { disabled: true })))).toEqual([
      'A cannot fall back to F: it is disabled.',
    ]);
    expect(reasons(falls(node('f', 'test.image')))).toEqual([
      'A cannot fall back to F: nothing would reach its input "image".',
    ]);
    expect(reasons(falls(node('f', 'test.wait')))).toEqual([
      'A cannot fall back to F: it waits, and a node that takes over cannot.',
    ]);
    expect(reasons(falls(node('f', 'test.all')))).toEqual([
      'A cannot fall back to F: one works on single items, the other on all at once.',
    ]);
  });

  it('does not fall back in its turn, so that no circle of fallbacks can be built', () => {
    const each = (id: string, fallback: string) => node(id, 'test.source', {}, { policy: { onError: { fallback } } });
    expect(reasons(graph({ nodes: [each('a', 'b'), each('b', 'a')] }))).toEqual([
      'A cannot fall back to B: it falls back itself.',
      'B cannot fall back to A: it falls back itself.',
    ]);
    expect(codesOf(graph({ nodes: [each('a', 'a')] }))).toEqual(['unknown-fallback']);
  });
});
