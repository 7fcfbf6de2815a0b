import { describe, expect, it } from 'vitest';
import { catalogue, codesOf, fed, graph, nested, node, wire } from './testing/problem-graphs.ts';
import { validateGraph } from './validate-graph.ts';

describe('loops and circles', () => {
  it.each([1, 2, 1000])('refuses a circle of %i nodes', (length) => {
    const nodes = Array.from({ length }, (_, index) => node(`n${index}`));
    const edges = nodes.map((_node, index) => wire(`n${index}.text`, `n${(index + 1) % length}.text`));
    const problems = validateGraph(graph({ nodes, edges }), catalogue);
    expect(problems.map((problem) => problem.code)).toEqual(['cycle']);
    if (length === 1000) expect(problems[0]?.message).toMatch(/through N\d+, N\d+, N\d+, N\d+, N\d+ and 995 more\.$/);
  });

  it('names in a circle only the nodes that are in it, and reports two circles apart', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => node(id));
    const edges = [wire('a.text', 'b.text'), wire('b.text', 'a.text'), wire('b.text', 'c.text')];
    edges.push(wire('d.text', 'e.text'), wire('e.text', 'd.text'));
    const messages = validateGraph(graph({ nodes, edges }), catalogue).map((problem) => problem.message);
    expect(messages).toEqual(['The wires run in a circle through A, B.', 'The wires run in a circle through D, E.']);
  });

  it('takes loops in one another, wired by their inner ports', () => {
    expect([1, 2, 5].map((depth) => codesOf(nested(depth)))).toEqual([[], [], []]);
  });

  it('wants something wired to the inner port that takes', () => {
    const { nodes, edges } = nested(1);
    const cut = graph({ nodes, edges: edges.filter(({ to }) => to.port !== 'result') });
    expect(validateGraph(cut, catalogue)).toMatchObject([{ code: 'missing-wire', node: 'l0', port: 'result' }]);
  });

  it('tells inner ports from outer ones', () => {
    const { nodes, edges } = nested(1);
    const mixed = graph({ nodes, edges: [...edges, wire('l0.results', 'a.extra')] });
    expect(validateGraph(mixed, catalogue)).toMatchObject([
      { code: 'unknown-port', message: 'L0 has no inner port "results".', remedy: 'Use item.' },
    ]);
    const outside = graph({ nodes: [...nodes, node('b')], edges: [...edges, wire('l0.item', 'b.text')] });
    expect(validateGraph(outside, catalogue)).toMatchObject([
      { code: 'unknown-port', message: 'L0 has no output port "item".', remedy: 'Use results.' },
    ]);
  });

  it('finds circles inside of loops', () => {
    const { nodes, edges } = nested(1);
    const b = node('b', 'test.step', {}, { parent: 'l0' });
    const around = [...edges, wire('a.text', 'b.text'), wire('b.text', 'a.extra')];
    expect(codesOf(graph({ nodes: [...nodes, b], edges: around }))).toEqual(['cycle']);
  });

  it('refuses nodes that are placed inside themselves', () => {
    expect(codesOf(fed(node('a', 'test.step', {}, { parent: 'a' })))).toEqual(['cycle']);
    const inOneAnother = fed(node('a', 'test.step', {}, { parent: 'b' }), node('b', 'test.step', {}, { parent: 'a' }));
    expect(codesOf(inOneAnother)).toEqual(['cycle', 'cycle']);
  });
});
