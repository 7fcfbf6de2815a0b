import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGraph } from './parse-graph.ts';
import { problemSchema } from './problem.ts';
import { catalogue, codesOf, fed, graph, node, source, wire } from './testing/problem-graphs.ts';
import { validateGraph } from './validate-graph.ts';

describe('validateGraph', () => {
  it('finds nothing wrong with a graph that can run', () => {
    expect(validateGraph(fed(node('a'), node('b', 'test.step', { title: '{{ item.name }}' })), catalogue)).toEqual([]);
  });

  it('reports all problems at once', () => {
    const codes = codesOf(
      graph({
        nodes: [
          ...[node('a'), node('b')],
          node('x', 'test.step', { sise: 1, size: 9, must: '' }),
          node('y', 'acme.z', {}, { parent: 'no' }),
        ],
        edges: [wire('a.text', 'b.text'), wire('b.text', 'a.text'), wire('gone.text', 'a.extra')],
      }),
    );
    expect(codes.toSorted()).toEqual([
      ...['cycle', 'edge-without-node', 'missing-param', 'missing-wire', 'unknown-node-type', 'unknown-param'],
      ...['unknown-parent', 'wrong-param'],
    ]);
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
