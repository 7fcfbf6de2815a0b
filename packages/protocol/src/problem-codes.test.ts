import { describe, expect, it } from 'vitest';
import type { Graph } from './graph.ts';
import { PROBLEM_CODES, type Problem, type ProblemCode, problemSchema } from './problem.ts';
import { catalogue, fed, graph, nested, node, source, wire } from './testing/problem-graphs.ts';
import { isRunnable, isSavable, validateGraph } from './validate-graph.ts';

/** For each code a graph that has this problem and no other. */
const onlyProblem: Record<
  Exclude<ProblemCode, 'not-a-graph' | 'forbidden-key' | 'too-deep' | 'too-large' | 'too-many-nodes'>,
  { graph: Graph; problem: Partial<Problem> }
> = {
  empty: { graph: graph({}), problem: { severity: 'blocked', remedy: 'Add a node from the palette.' } },
  'duplicate-node': {
    graph: graph({ nodes: [source, source] }),
    problem: { severity: 'error', node: 'in', message: 'Two nodes have the id "in".' },
  },
  'duplicate-edge': {
    graph: (() => {
      const { edges, ...rest } = fed(node('a'), node('b'));
      return { ...rest, edges: edges.map((edge) => ({ ...edge, id: 'same' })) };
    })(),
    problem: { severity: 'error', edge: 'same' },
  },
  'duplicate-input': {
    graph: { ...fed(node('a')), inputs: [1, 2].map(() => ({ key: 'k', to: [{ node: 'a', param: 'title' }] })) },
    problem: { severity: 'error', path: 'inputs.k', remedy: 'Rename one of them.' },
  },
  'duplicate-wire': {
    graph: graph({ nodes: [source, node('a')], edges: [wire('in.text', 'a.text'), wire('in.text', 'a.text', 1)] }),
    problem: { severity: 'error', edge: 'in_text-a_text-1' },
  },
  'edge-without-node': {
    graph: graph({ nodes: [source], edges: [wire('in.text', 'gone.text')] }),
    problem: { severity: 'error', message: 'A wire ends at the node "gone", which is not in the graph.' },
  },
  'unknown-port': {
    graph: (() => {
      const good = fed(node('a'));
      return { ...good, edges: [...good.edges, wire('in.pdf', 'a.extra')] };
    })(),
    problem: { severity: 'error', node: 'in', port: 'pdf', remedy: 'Use text or image.' },
  },
  'wrong-port-type': {
    graph: graph({ nodes: [source, node('a', 'test.image')], edges: [wire('in.text', 'a.image')] }),
    problem: { severity: 'error', node: 'a', port: 'image', message: 'IN to A: This port takes an image, not text.' },
  },
  'port-taken': {
    graph: graph({
      nodes: [source, node('b', 'test.source'), node('a')],
      edges: [wire('in.text', 'a.text'), wire('b.text', 'a.text')],
    }),
    problem: { severity: 'error', node: 'a', port: 'text', edge: 'b_text-a_text-0' },
  },
  cycle: {
    graph: graph({ nodes: [node('a'), node('b')], edges: [wire('a.text', 'b.text'), wire('b.text', 'a.text')] }),
    problem: { severity: 'error', message: 'The wires run in a circle through A, B.' },
  },
  'unknown-node-type': {
    graph: graph({ nodes: [node('a', 'acme.sepia', { tone: 'warm' })], edges: [] }),
    problem: {
      severity: 'blocked',
      node: 'a',
      remedy: 'Install the package that brings acme nodes, or remove the node.',
    },
  },
  'unknown-param': {
    graph: fed(node('a', 'test.step', { sise: 1 })),
    problem: { severity: 'error', node: 'a', path: 'sise' },
  },
  'wrong-param': {
    graph: fed(node('a', 'test.step', { size: 6 })),
    problem: { severity: 'blocked', path: 'size', message: 'A, Size: expected at most 5, received 6.' },
  },
  'missing-param': {
    graph: fed(node('a', 'test.step', { must: ' ' })),
    problem: { severity: 'blocked', path: 'must', message: 'A needs Must.', remedy: 'Fill in Must.' },
  },
  'missing-wire': {
    graph: graph({ nodes: [node('a')] }),
    problem: { severity: 'blocked', node: 'a', port: 'text', message: 'A has nothing wired to its text port.' },
  },
  'expression-broken': {
    graph: fed(node('a', 'test.step', { title: '{{ (1 + 1 }}' })),
    problem: {
      severity: 'blocked',
      path: 'title',
      message: 'A, Title: {{ (1 + 1 }} cannot be read: a ( is not closed.',
    },
  },
  'unknown-input-target': {
    graph: { ...fed(node('a')), inputs: [{ key: 'k', to: [{ node: 'a', param: 'nope' }] }] },
    problem: { severity: 'error', path: 'inputs.k' },
  },
  'unknown-parent': {
    graph: fed(node('a', 'test.step', {}, { parent: 'gone' })),
    problem: { severity: 'error', node: 'a' },
  },
  'not-a-loop': {
    graph: graph({
      nodes: [source, node('a'), node('b', 'test.source', {}, { parent: 'a' })],
      edges: [wire('in.text', 'a.text')],
    }),
    problem: { severity: 'error', node: 'b', path: 'parent', message: 'B is placed inside A, which is not a loop.' },
  },
  'too-deep-loops': {
    graph: nested(6),
    problem: { severity: 'error', node: 'l5', path: 'parent' },
  },
  'crossing-wire': {
    graph: (() => {
      const { nodes, edges } = nested(1);
      return graph({ nodes: [...nodes, node('b')], edges: [...edges, wire('a.text', 'b.text')] });
    })(),
    problem: {
      severity: 'error',
      message: 'A wire crosses the border of a loop: A stands inside L0, B outside of the loops.',
    },
  },
  'not-in-loops': {
    graph: graph({
      nodes: [...nested(1).nodes, node('t', 'test.trigger', {}, { parent: 'l0' })],
      edges: nested(1).edges,
    }),
    problem: { severity: 'error', node: 't', message: 'T starts runs, so it cannot stand inside L0.' },
  },
  'loop-policy': {
    graph: (() => {
      const { nodes, edges } = nested(1);
      const policy = { retry: { attempts: 2, backoffMs: 1, factor: 1, jitter: false } };
      return graph({ nodes: nodes.map((entry) => (entry.id === 'l0' ? { ...entry, policy } : entry)), edges });
    })(),
    problem: { severity: 'blocked', node: 'l0', path: 'policy.retry' },
  },
  'unknown-fallback': {
    graph: fed(node('a', 'test.step', {}, { policy: { onError: { fallback: 'gone' } } })),
    problem: { severity: 'error', node: 'a' },
  },
};

describe('the problems of a graph', () => {
  for (const [code, sample] of Object.entries(onlyProblem)) {
    it(`reports ${code} once, where it is, with a remedy`, () => {
      const problems = validateGraph(sample.graph, catalogue);
      expect(problems).toMatchObject([{ code, ...sample.problem }]);
      expect(problemSchema.parse(problems[0])).toEqual(problems[0]);
      expect(problems[0]?.remedy).toMatch(/\.$/);
      expect(isRunnable(problems)).toBe(false);
      expect(isSavable(problems)).toBe(problems[0]?.severity === 'blocked');
    });
  }

  it('has a test for every code, here or beside parseGraph', () => {
    const early: ProblemCode[] = ['not-a-graph', 'forbidden-key', 'too-deep', 'too-large', 'too-many-nodes'];
    expect([...Object.keys(onlyProblem), ...early].toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  });
});
