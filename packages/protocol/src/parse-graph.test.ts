import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_GRAPH_LIMITS, emptyGraph, type Graph, graphSchema } from './graph.ts';
import { type Json, stableStringify } from './json.ts';
import { parseGraph } from './parse-graph.ts';

const node = { id: 'a', type: 'test.text', version: 1, name: 'A' };
const edge = { id: 'e1', from: { node: 'a', port: 'text' }, to: { node: 'a', port: 'text' } };
const document = (changes: object): unknown => ({ schema: 1, nodes: [], edges: [], ...changes });

function problemsOf(value: unknown) {
  const parsed = parseGraph(value);
  return parsed.ok ? [] : parsed.problems;
}

describe('parseGraph', () => {
  it('fills in what a short document leaves out', () => {
    expect(parseGraph({ schema: 1, nodes: [node], edges: [] })).toEqual({
      ok: true,
      graph: { ...emptyGraph(), nodes: [{ ...node, params: {}, position: { x: 0, y: 0 } }] },
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', '{}'],
    ['a number', 1],
    ['a list', []],
    ['another schema', document({ schema: 2 })],
    ['nodes as an object', document({ nodes: {} })],
    ['a node that is null', document({ nodes: [null] })],
    ['a node that is text', document({ nodes: ['a'] })],
    ['an unknown field', document({ nodez: [] })],
    ['an unknown field of a node', document({ nodes: [{ ...node, x: 1 }] })],
    ['an id with a slash', document({ nodes: [{ ...node, id: 'a/b' }] })],
    ['an empty id', document({ nodes: [{ ...node, id: '' }] })],
    ['an id of 65 characters', document({ nodes: [{ ...node, id: 'x'.repeat(65) }] })],
    ['a type without a namespace', document({ nodes: [{ ...node, type: 'text' }] })],
    ['the type __proto__', document({ nodes: [{ ...node, type: '__proto__' }] })],
    ['a name of 201 characters', document({ nodes: [{ ...node, name: 'x'.repeat(201) }] })],
    ['a name of a megabyte', document({ nodes: [{ ...node, name: 'x'.repeat(1_000_000) }] })],
    ['params as a list', document({ nodes: [{ ...node, params: [] }] })],
    ['params that are null', document({ nodes: [{ ...node, params: null }] })],
    ['a version of 0', document({ nodes: [{ ...node, version: 0 }] })],
    ['a position that is no number', document({ nodes: [{ ...node, position: { x: 'left', y: 0 } }] })],
    ['a position that is not finite', document({ nodes: [{ ...node, position: { x: Number.NaN, y: 0 } }] })],
    ['a retry of 21 attempts', document({ nodes: [{ ...node, policy: { retry: { attempts: 21 } } }] })],
    ['an unknown failure policy', document({ nodes: [{ ...node, policy: { onError: 'ignore' } }] })],
    ['a wire without an end', document({ edges: [{ id: 'e', from: edge.from }] })],
    ['a wire to a port called __proto__', document({ edges: [{ ...edge, to: { node: 'a', port: '__proto__' } }] })],
    ['an input bound to nothing', document({ inputs: [{ key: 'a', to: [] }] })],
    ['no concurrency', document({ settings: { concurrency: 0 } })],
    ['a NUL character', document({ nodes: [{ ...node, notes: 'a\u0000' }] })],
    ['a function', document({ nodes: [{ ...node, params: { a: () => 1 } }] })],
    ['a date', document({ nodes: [{ ...node, params: { a: new Date() } }] })],
  ])('refuses %s as not a graph, in a short message with a remedy', (_name, value) => {
    const problems = problemsOf(value);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toMatchObject({ code: 'not-a-graph', severity: 'error' });
      expect(problem.remedy).not.toBe('');
      expect(problem.message.length).toBeLessThan(700);
    }
  });

  it('reports every wrong place at once, with the node or wire it is in', () => {
    const value = document({
      nodes: [
        { ...node, version: 'x' },
        { ...node, id: 'b', name: '' },
      ],
      edges: [{ ...edge, to: 1 }],
    });
    expect(problemsOf(value)).toMatchObject([
      {
        path: 'nodes.0.version',
        node: 'a',
        message: 'nodes.0.version: Invalid input: expected number, received string',
      },
      { path: 'nodes.1.name', node: 'b' },
      { path: 'edges.0.to', edge: 'e1' },
    ]);
  });

  it('does not repeat a megabyte that somebody used as a name', () => {
    const [problem] = problemsOf(document({ ['x'.repeat(1_000_000)]: 1 }));
    expect(JSON.stringify(problem).length).toBeLessThan(1500);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s anywhere, and says where', (key) => {
    const params = JSON.parse(`{"list":[{"${key}":{"admin":true}}]}`);
    expect(problemsOf(document({ nodes: [{ ...node, params }] }))).toMatchObject([
      { code: 'forbidden-key', path: `nodes.0.params.list.0.${key}`, remedy: 'Rename the key.' },
    ]);
    for (const place of ['settings', 'notes', 'inputs', 'edges', 'nodes'])
      expect(problemsOf(document({ [place]: [JSON.parse(`{"${key}":1}`)] }))[0]?.code).toBe('forbidden-key');
    expect(problemsOf(JSON.parse(`{"schema":1,"nodes":[],"edges":[],"${key}":{}}`))[0]?.code).toBe('forbidden-key');
  });

  it('refuses params of 3,000 levels, and takes those that stay within 32 in all', () => {
    const nested = (levels: number): Json => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    const withParams = (levels: number) => document({ nodes: [{ ...node, params: { a: nested(levels) } }] });
    expect(problemsOf(withParams(28))).toEqual([]);
    expect(problemsOf(withParams(29))).toMatchObject([{ code: 'too-deep', path: 'nodes.0.params.a' }]);
    expect(problemsOf(withParams(3000))).toMatchObject([{ code: 'too-deep' }]);
  });

  it('refuses 8 MB of text and 100,000 nodes within a second', () => {
    const startedAt = performance.now();
    const text = { text: 'ü'.repeat(4_000_000) };
    expect(problemsOf(document({ nodes: [{ ...node, params: text }] }))).toMatchObject([{ code: 'too-large' }]);
    const many = Array.from({ length: 100_000 }, (_, index) => ({ ...node, id: `n${index}` }));
    expect(problemsOf(document({ nodes: many }))).toMatchObject([
      { code: 'too-many-nodes', message: 'The graph has 100000 nodes; at most 1000 are allowed.' },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('counts bytes, not characters', () => {
    const limits = { ...DEFAULT_GRAPH_LIMITS, bytes: 100 };
    const notes = document({ nodes: [{ ...node, notes: '€'.repeat(20) }] });
    expect(JSON.stringify(notes).length).toBeLessThan(130);
    expect(parseGraph(notes, limits)).toMatchObject({ ok: false, problems: [{ code: 'too-large' }] });
  });

  it('allows more when the limits are raised', () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ ...node, id: `n${index}` }));
    expect(parseGraph(document({ nodes: many })).ok).toBe(false);
    expect(parseGraph(document({ nodes: many }), { ...DEFAULT_GRAPH_LIMITS, nodes: 2000 }).ok).toBe(true);
  });

  it('never throws, and never changes a prototype, whatever JSON comes', () => {
    const part = fc.oneof(fc.jsonValue({ maxDepth: 5 }), fc.constant(JSON.parse('{"__proto__":{"polluted":1}}')));
    const shape = fc.record(
      { schema: fc.constantFrom(1, 2), nodes: fc.oneof(part, fc.array(part)), edges: fc.array(part), settings: part },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(part, shape), (value) => {
        for (const problem of problemsOf(value)) expect(problem.remedy).not.toBe('');
        expect(({} as { polluted?: number }).polluted).toBeUndefined();
      }),
    );
  });
});

describe('the graph schema', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  const portName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
  const end = fc.record({ node: id, port: portName });
  const anyNode = fc.record(
    {
      id,
      type: fc.stringMatching(/^[a-z0-9-]{1,8}(\.[a-z0-9-]{1,8}){1,2}$/),
      version: fc.integer({ min: 1, max: 9 }),
      name: fc.string({ minLength: 1, maxLength: 200 }),
      params: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
      position: fc.record({ x: number, y: number }),
      disabled: fc.boolean(),
      notes: fc.string(),
      parent: fc.option(id),
      policy: fc.record(
        {
          timeoutMs: fc.integer({ min: 1, max: 2_592_000_000 }),
          onError: fc.oneof(fc.constantFrom('stop', 'skip-item', 'error-port'), fc.record({ fallback: id })),
          cache: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['id', 'type', 'version', 'name', 'params', 'position'] },
  );
  const anyGraph = fc.record({
    schema: fc.constant(1),
    nodes: fc.array(anyNode, { maxLength: 8 }),
    edges: fc.array(fc.record({ id, from: end, to: end }), { maxLength: 8 }),
    inputs: fc.array(
      fc.record({ key: portName, to: fc.array(fc.record({ node: id, param: fc.string() }), { minLength: 1 }) }),
    ),
    notes: fc.array(
      fc.record({
        id,
        kind: fc.constantFrom('note', 'frame'),
        text: fc.string(),
        position: fc.record({ x: number, y: number }),
        size: fc.record({ width: fc.integer({ min: 1 }), height: fc.integer({ min: 1 }) }),
      }),
      { maxLength: 3 },
    ),
    settings: fc.record({
      timeoutMs: fc.integer({ min: 1, max: 2_592_000_000 }),
      concurrency: fc.integer({ min: 1, max: 64 }),
    }),
  });

  it('gives back any graph as it came, through files of any order of keys', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const text = stableStringify(graph, 2);
        const read = graphSchema.parse(JSON.parse(text)) as Graph;
        expect(read).toEqual(JSON.parse(JSON.stringify(graph)));
        expect(stableStringify(read, 2)).toBe(text);
      }),
    );
  });
});
