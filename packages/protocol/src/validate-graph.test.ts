import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyGraph, type Graph, type GraphNode } from './graph.ts';
import type { JsonObject } from './json.ts';
import { catalogueOf, type NodeDescription } from './node-description.ts';
import { parseGraph } from './parse-graph.ts';
import { PROBLEM_CODES, type Problem, type ProblemCode, problemSchema } from './problem.ts';
import { isRunnable, isSavable, validateGraph } from './validate-graph.ts';

const described = (type: string, changes: Partial<NodeDescription> = {}): NodeDescription => ({
  ...{ type, version: 1, title: type, summary: type, group: 'processing', icon: 'box' },
  ...{ inputs: {}, outputs: {}, params: {}, credentials: {}, credits: 0, effects: 'pure', mode: 'each', typicalMs: 1 },
  ...changes,
});

const catalogue = catalogueOf([
  described('test.source', { outputs: { text: { type: 'text' }, image: { type: 'image' } } }),
  described('test.step', {
    inputs: { text: { type: 'text' }, extra: { type: 'any', optional: true, many: true } },
    outputs: { text: { type: 'text' } },
    params: {
      title: { kind: 'text', title: 'Title', default: 'x' },
      size: { kind: 'number', title: 'Size', default: 1, max: 5 },
      must: { kind: 'text', title: 'Must', default: 'set', required: true },
      rows: { kind: 'list', title: 'Rows', default: [], of: { kind: 'number', title: 'Row', default: 0 } },
      script: { kind: 'code', title: 'Script', default: '', language: 'javascript' },
      hidden: { kind: 'number', title: 'Hidden', default: 0, max: 1, showWhen: { size: 5 } },
    },
  }),
  described('test.each', {
    inputs: { items: { type: 'any' } },
    outputs: { results: { type: 'any' } },
    body: {
      loop: 'each',
      gives: { item: { type: 'text', of: 'items' } },
      takes: { result: { type: 'any', into: 'results' } },
    },
  }),
  described('test.trigger', { trigger: 'webhook', outputs: { text: { type: 'text' } } }),
  described('test.image', { inputs: { image: { type: 'image' } } }),
  described('test.wait', { waits: true, inputs: { text: { type: 'text' } }, outputs: { text: { type: 'text' } } }),
  described('test.all', { mode: 'all', inputs: { text: { type: 'text' } }, outputs: { text: { type: 'text' } } }),
]);

const node = (id: string, type = 'test.step', params: JsonObject = {}, rest: Partial<GraphNode> = {}): GraphNode => ({
  ...{ id, type, version: 1, name: id.toUpperCase(), params, position: { x: 0, y: 0 } },
  ...rest,
});
const wire = (from: string, to: string, index = 0) => {
  const [source = '', output = ''] = from.split('.');
  const [target = '', input = ''] = to.split('.');
  return {
    id: `${from}-${to}-${index}`.replaceAll('.', '_'),
    from: { node: source, port: output },
    to: { node: target, port: input },
  };
};
const graph = (changes: Partial<Graph>): Graph => ({ ...emptyGraph(), ...changes });
const source = node('in', 'test.source');
const fed = (...nodes: GraphNode[]): Graph =>
  graph({ nodes: [source, ...nodes], edges: nodes.map(({ id }) => wire('in.text', `${id}.text`)) });

const codesOf = (value: Graph) => validateGraph(value, catalogue).map((problem) => problem.code);

/** Loops in one another, `l0` around `l1` and so on, with one step in the innermost. */
const nested = (depth: number, change: (innermost: GraphNode) => GraphNode = (entry) => entry): Graph => {
  const loops = Array.from({ length: depth }, (_, at) =>
    node(`l${at}`, 'test.each', {}, { parent: at === 0 ? null : `l${at - 1}` }),
  );
  const last = `l${depth - 1}`;
  return graph({
    nodes: [source, ...loops, change(node('a', 'test.step', {}, { parent: last }))],
    edges: [
      wire('in.text', 'l0.items'),
      ...loops
        .slice(1)
        .flatMap(({ id }, at) => [wire(`l${at}.item`, `${id}.items`), wire(`${id}.results`, `l${at}.result`)]),
      wire(`${last}.item`, 'a.text'),
      wire('a.text', `${last}.result`),
    ],
  });
};

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

describe('validateGraph', () => {
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

  it('finds nothing wrong with a graph that can run', () => {
    expect(validateGraph(fed(node('a'), node('b', 'test.step', { title: '{{ item.name }}' })), catalogue)).toEqual([]);
  });

  it('reports all problems at once', () => {
    const { nodes, edges } = onlyProblem.cycle.graph;
    const codes = codesOf(
      graph({
        nodes: [
          ...nodes,
          node('x', 'test.step', { sise: 1, size: 9, must: '' }),
          node('y', 'acme.z', {}, { parent: 'no' }),
        ],
        edges: [...edges, wire('gone.text', 'a.extra')],
      }),
    );
    expect(codes.toSorted()).toEqual([
      ...['cycle', 'edge-without-node', 'missing-param', 'missing-wire', 'unknown-node-type', 'unknown-param'],
      ...['unknown-parent', 'wrong-param'],
    ]);
  });

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

  it('keeps a placeholder of a missing package with its params, ports and wires', () => {
    const value = graph({
      nodes: [source, node('p', 'acme.sepia', { tone: '{{ 1 + 1 }}' }), node('a')],
      edges: [wire('in.image', 'p.anything'), wire('p.whatever', 'a.text')],
      inputs: [{ key: 'k', to: [{ node: 'p', param: 'tone' }] }],
    });
    expect(codesOf(value)).toEqual(['unknown-node-type']);
    const parsed = parseGraph(JSON.parse(JSON.stringify(value)));
    expect(parsed).toEqual({ ok: true, graph: value });
  });

  it('lets an error port be wired only where the policy makes one', () => {
    const wired = fed(node('a'), node('b'));
    const edges = [wire('in.text', 'a.text'), wire('a.error', 'b.extra'), wire('in.text', 'b.text')];
    expect(codesOf({ ...wired, edges })).toEqual(['unknown-port']);
    const nodes = wired.nodes.map((entry) =>
      entry.id === 'a' ? { ...entry, policy: { onError: 'error-port' as const } } : entry,
    );
    expect(codesOf({ ...wired, nodes, edges })).toEqual([]);
  });

  it('does not look at params that are hidden, and looks again once they show', () => {
    expect(codesOf(fed(node('a', 'test.step', { hidden: 9 })))).toEqual([]);
    expect(codesOf(fed(node('a', 'test.step', { hidden: 9, size: 5 })))).toEqual(['wrong-param']);
  });

  it('asks nothing of a disabled node', () => {
    expect(codesOf(graph({ nodes: [node('a', 'test.step', { size: 99 }, { disabled: true })] }))).toEqual([]);
  });

  it('takes several wires where a port says so', () => {
    const value = fed(node('a'));
    const edges = [...value.edges, wire('in.image', 'a.extra'), wire('in.text', 'a.extra', 1)];
    expect(codesOf({ ...value, edges })).toEqual([]);
  });

  it('reads expressions wherever a param holds text, but not in program text', () => {
    expect(codesOf(fed(node('a', 'test.step', { rows: ['{{ item.size }}'] })))).toEqual([]);
    expect(codesOf(fed(node('a', 'test.step', { rows: ['{{ 1 + 1 }}', '{{ item.price * 2 }}'] })))).toEqual([]);
    expect(codesOf(fed(node('a', 'test.step', { rows: ['{{ 1 + ( }}', '{{ }}'] })))).toEqual([
      'expression-broken',
      'expression-broken',
    ]);
    expect(codesOf(fed(node('a', 'test.step', { rows: ['no number'] })))).toEqual(['wrong-param']);
    expect(codesOf(fed(node('a', 'test.step', { script: '`{{ 1 + 1 }}`' })))).toEqual([]);
    expect(codesOf(fed(node('a', 'test.step', { size: '{{ never closed' })))).toEqual(['wrong-param']);
  });

  it('says that a run input can bring what a required param lacks', () => {
    const value = {
      ...fed(node('a', 'test.step', { must: '' })),
      inputs: [{ key: 'k', to: [{ node: 'a', param: 'must' }] }],
    };
    expect(validateGraph(value, catalogue)).toMatchObject([
      { code: 'missing-param', remedy: 'Give Must a value for this run.' },
    ]);
  });

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

  it('judges a chain and a fan-out of 1,000 nodes and 5,000 wires quickly', () => {
    const nodes = [source, ...Array.from({ length: 999 }, (_, index) => node(`n${index}`))];
    const chain = nodes
      .slice(1)
      .map(({ id }, index) => wire(index === 0 ? 'in.text' : `n${index - 1}.text`, `${id}.text`));
    const extra = nodes
      .slice(5)
      .flatMap(({ id }, index) => [1, 2, 3, 4].map((back) => wire(`n${index + 4 - back}.text`, `${id}.extra`)));
    const startedAt = performance.now();
    expect(codesOf(graph({ nodes, edges: [...chain, ...extra] }))).toEqual([]);
    expect(codesOf(fed(...nodes.slice(1)))).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('stays quick when a hostile graph has 1,000 circles and 20,000 run inputs', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) => node(`n${index}`));
    const inputs = Array.from({ length: 20_000 }, (_, index) => ({
      key: `k${index}`,
      to: [{ node: 'n0', param: 'title' }],
    }));
    const edges = nodes.map(({ id }) => wire(`${id}.text`, `${id}.text`));
    const startedAt = performance.now();
    expect(codesOf(graph({ nodes, edges, inputs }))).toHaveLength(1000);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('never throws, whatever graph its schema lets in', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'toString', 'constructor');
    const type = fc.constantFrom('test.step', 'test.source', 'test.image', 'acme.none');
    const port = fc.constantFrom('text', 'image', 'error', 'extra', 'constructor', 'toString');
    const policy = fc.option(
      fc.record({ onError: fc.oneof(fc.constant('error-port' as const), fc.record({ fallback: id })) }),
      { nil: undefined },
    );
    const end = fc.record({ node: id, port });
    const anyGraph = fc.record({
      nodes: fc.array(
        fc
          .record({
            id,
            type,
            params: fc.dictionary(port, fc.oneof(fc.string(), fc.constant('{{ x }}'), fc.integer())),
            policy,
            parent: fc.option(id),
          })
          .map(({ id, type, params, policy, parent }) => node(id, type, params, { policy, parent })),
        { maxLength: 6 },
      ),
      edges: fc.array(fc.record({ id, from: end, to: end }), { maxLength: 8 }),
      inputs: fc.array(
        fc.record({ key: fc.constant('k'), to: fc.array(fc.record({ node: id, param: port }), { minLength: 1 }) }),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(anyGraph, (value) => {
        for (const problem of validateGraph(graph(value), catalogue))
          expect(problemSchema.parse(problem).remedy).not.toBe('');
      }),
    );
  });
});
