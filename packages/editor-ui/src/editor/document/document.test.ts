import { emptyGraph, type Graph, isSavable, type Json, validateGraph } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, startHistory, undo } from '../store/history.ts';
import { testCatalogue, testTypes } from '../testing/node-types.ts';
import { copyNodes, pasteNodes } from './clipboard.ts';
import { askWhenRun, inputOf, stopAsking } from './inputs.ts';
import { autoLayout } from './layout.ts';
import { addNode, moveNodes, nodeOf, removeSelection, renameNode, setDisabled } from './nodes.ts';
import { setParam, setPolicy } from './params.ts';
import { connect, objectToWire } from './wires.ts';

type Edit = (graph: Graph, newId: () => string) => Graph;

const pick = fc.nat({ max: 1000 });
const nodeAt = (graph: Graph, at: number) => graph.nodes[at % Math.max(graph.nodes.length, 1)];

/** Any edit of the document, told as positions so that it fits any graph. */
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(pick, fc.integer(), fc.integer()).map(
    ([type, x, y]): Edit =>
      (graph, newId) => {
        const description = testTypes[type % testTypes.length];
        return description ? addNode(graph, nodeOf(graph, description, newId(), { x, y })) : graph;
      },
  ),
  fc.tuple(pick, pick, pick, pick).map(
    ([a, b, output, input]): Edit =>
      (graph, newId) => {
        const source = nodeAt(graph, a);
        const target = nodeAt(graph, b);
        const outputs = Object.keys((source && testCatalogue.describe(source.type, 1)?.outputs) ?? {});
        const inputs = Object.keys((target && testCatalogue.describe(target.type, 1)?.inputs) ?? {});
        if (!source || !target || outputs.length === 0 || inputs.length === 0) return graph;
        const from = { node: source.id, port: outputs[output % outputs.length] as string };
        const to = { node: target.id, port: inputs[input % inputs.length] as string };
        return connect(graph, { from, to }, newId(), testCatalogue);
      },
  ),
  fc.tuple(pick, pick).map(
    ([a, b]): Edit =>
      (graph) => {
        const edge = graph.edges[b % Math.max(graph.edges.length, 1)];
        const node = nodeAt(graph, a);
        return removeSelection(graph, { nodes: node ? [node.id] : [], edges: edge ? [edge.id] : [] });
      },
  ),
  fc.tuple(pick, fc.string(), fc.jsonValue()).map(
    ([at, name, value]): Edit =>
      (graph) => {
        const node = nodeAt(graph, at);
        const keys = Object.keys((node && testCatalogue.describe(node.type, 1)?.params) ?? {});
        const key = keys[at % Math.max(keys.length, 1)];
        if (!node) return graph;
        return renameNode(key ? setParam(graph, node.id, key, value as Json) : graph, node.id, name);
      },
  ),
  fc.tuple(pick, pick).map(
    ([a, b]): Edit =>
      (graph) => {
        const node = nodeAt(graph, a);
        const other = nodeAt(graph, b);
        if (!node || !other) return graph;
        const fallback = node === other ? ('error-port' as const) : { fallback: other.id };
        return setDisabled(setPolicy(graph, node.id, { onError: fallback, cache: false }), [other.id], b % 2 === 0);
      },
  ),
  fc.tuple(pick, fc.boolean()).map(
    ([at, ask]): Edit =>
      (graph) => {
        const node = nodeAt(graph, at);
        const params = Object.entries((node && testCatalogue.describe(node.type, 1)?.params) ?? {});
        const param = params[at % Math.max(params.length, 1)];
        if (!node || !param) return graph;
        return ask ? askWhenRun(graph, node.id, param[0], param[1].title) : stopAsking(graph, node.id, param[0]);
      },
  ),
  fc.tuple(pick, fc.integer(), fc.integer()).map(
    ([at, x, y]): Edit =>
      (graph) => {
        const node = nodeAt(graph, at);
        return node ? moveNodes(graph, new Map([[node.id, { x, y }]])) : graph;
      },
  ),
  fc.array(pick, { minLength: 1 }).map(
    (ats): Edit =>
      (graph, newId) => {
        const ids = ats.flatMap((at) => nodeAt(graph, at)?.id ?? []);
        const pasted = pasteNodes(graph, copyNodes(graph, ids), { x: 24, y: 24 }, testCatalogue, newId);
        return pasted.ok ? pasted.graph : graph;
      },
  ),
);

const edits = fc.array(anyEdit, { maxLength: 30 });

function counter(): () => string {
  let next = 0;
  return () => `id${next++}`;
}

function play(sequence: readonly Edit[], newId = counter()): Graph {
  return sequence.reduce((graph, change) => change(graph, newId), emptyGraph());
}

describe('edits of a graph', () => {
  it('keep every graph savable, whatever their order', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const graph = play(sequence);
        const problems = validateGraph(graph, testCatalogue);
        expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
        expect(isSavable(problems)).toBe(true);
      }),
    );
  });

  it('leave the graph they were given as it was', () => {
    fc.assert(
      fc.property(edits, anyEdit, (sequence, last) => {
        const newId = counter();
        const graph = play(sequence, newId);
        const before = structuredClone(graph);
        last(graph, newId);
        expect(graph).toEqual(before);
      }),
    );
  });

  it('are all undone to the first graph', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const newId = counter();
        const first = play(sequence.slice(0, 3), newId);
        let history = startHistory(first);
        for (const change of sequence) history = edit(history, change(history.present, newId), { at: 0 });
        while (history.past.length > 0) history = undo(history);
        expect(history.present).toBe(first);
      }),
    );
  });

  it('paste what was copied as an isomorphic graph with fresh ids', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const newId = counter();
        const graph = play(sequence, newId);
        const pasted = pasteNodes(
          emptyGraph(),
          copyNodes(
            graph,
            graph.nodes.map((node) => node.id),
          ),
          { x: 0, y: 0 },
          testCatalogue,
          newId,
        );
        if (!pasted.ok) throw new Error(pasted.reason);
        const { nodes, edges } = pasted.graph;
        expect(nodes.map((node) => ({ ...node, id: '', policy: undefined }))).toEqual(
          graph.nodes.map((node) => ({ ...node, id: '', policy: undefined })),
        );
        const place = (list: readonly { id: string }[], id: string) => list.findIndex((entry) => entry.id === id);
        expect(edges.map((edge) => [place(nodes, edge.from.node), edge.from.port, place(nodes, edge.to.node)])).toEqual(
          graph.edges.map((edge) => [
            place(graph.nodes, edge.from.node),
            edge.from.port,
            place(graph.nodes, edge.to.node),
          ]),
        );
        const old = new Set([...graph.nodes, ...graph.edges].map((entry) => entry.id));
        expect([...nodes, ...edges].some((entry) => old.has(entry.id))).toBe(false);
      }),
    );
  });
});

function threeInARow(): Graph {
  let graph = emptyGraph();
  for (const [index, type] of ['input.image', 'processing.resize', 'processing.resize'].entries()) {
    const description = testCatalogue.describe(type, 1);
    if (description) graph = addNode(graph, nodeOf(graph, description, `n${index}`, { x: 0, y: 0 }));
  }
  const wire = (from: string, to: string) => ({ from: { node: from, port: 'image' }, to: { node: to, port: 'image' } });
  graph = connect(graph, wire('n0', 'n1'), 'e0', testCatalogue);
  return connect(graph, wire('n1', 'n2'), 'e1', testCatalogue);
}

describe('objections to a wire', () => {
  const wire = (from: [string, string], to: [string, string]) => ({
    from: { node: from[0], port: from[1] },
    to: { node: to[0], port: to[1] },
  });

  it('name the circle, the taken port, the wrong type and the node itself', () => {
    const graph = threeInARow();
    const text = testCatalogue.describe('input.text', 1);
    if (!text) throw new Error('missing type');
    const withText = addNode(graph, nodeOf(graph, text, 't', { x: 0, y: 0 }));
    const code = (from: [string, string], to: [string, string]) =>
      objectToWire(withText, wire(from, to), testCatalogue)?.code;
    expect(code(['n2', 'image'], ['n1', 'image'])).toBe('port-taken');
    expect(code(['n2', 'image'], ['t', 'item'])).toBeUndefined();
    expect(code(['t', 'text'], ['n1', 'image'])).toBe('wrong-type');
    expect(code(['n1', 'image'], ['n1', 'image'])).toBe('same-node');
    expect(code(['n0', 'image'], ['n1', 'image'])).toBe('already-wired');
    expect(code(['n0', 'nothing'], ['n1', 'image'])).toBe('no-such-port');
    const open = removeSelection(withText, { nodes: [], edges: ['e0'] });
    expect(objectToWire(open, wire(['n2', 'image'], ['n1', 'image']), testCatalogue)?.code).toBe('circle');
  });
});

describe('removing a node', () => {
  it('takes its wires and run inputs with it', () => {
    const graph = askWhenRun(threeInARow(), 'n0', 'images', 'Photo');
    expect(inputOf(graph, 'n0', 'images')?.key).toBe('photo');
    const left = removeSelection(graph, { nodes: ['n0'], edges: [] });
    expect(left.inputs).toEqual([]);
    expect(left.edges.map((edge) => edge.id)).toEqual(['e1']);
  });
});

describe('automatic layout', () => {
  it('places nodes from left to right along the wires', async () => {
    const { nodes } = await autoLayout(threeInARow(), new Map(), testCatalogue);
    const [first, second, third] = nodes.map((node) => node.position.x);
    expect(second).toBeGreaterThan((first as number) + 232);
    expect(third).toBeGreaterThan((second as number) + 232);
  });
});
