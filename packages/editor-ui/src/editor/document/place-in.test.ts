import { type Graph, isSavable, loopsAround, nodesInside, validateGraph } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, startHistory, undo } from '../store/history.ts';
import { aLoop, loopCatalogue, loopTypes, placed } from '../testing/loop-graphs.ts';
import { copyNodes, pasteNodes } from './clipboard.ts';
import { type Box, FRAME_ROOM, frameAt, frameBoxes } from './frames.ts';
import { autoLayout } from './layout.ts';
import { addNode, moveNodes, nodeOf, removeSelection } from './nodes.ts';
import { dissolveLoop, moveInto, placeIn, refusePlace, resizeFrame } from './place-in.ts';
import { connect } from './wires.ts';

type Edit = (graph: Graph, newId: () => string) => Graph;

const pick = fc.nat({ max: 1000 });
const pixel = fc.integer({ min: -5000, max: 5000 });
const at = (graph: Graph, index: number) => graph.nodes[index % Math.max(graph.nodes.length, 1)];
const loopAt = (graph: Graph, index: number) => {
  const loops = graph.nodes.filter((node) => node.type === 'test.each');
  return index % 3 === 0 ? null : (loops[index % Math.max(loops.length, 1)]?.id ?? null);
};

/** Anything that the editor does to nodes and the loops they stand in. */
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(pick, pixel, pixel, pick).map(
    ([type, x, y, into]): Edit =>
      (graph, newId) => {
        const description = loopTypes[type % loopTypes.length];
        if (!description) return graph;
        const id = newId();
        const grown = addNode(graph, nodeOf(graph, description, id, { x, y }));
        const loop = loopAt(graph, into);
        return refusePlace(grown, [id], loop, loopCatalogue) ? grown : placeIn(grown, [id], loop);
      },
  ),
  fc.tuple(fc.array(pick, { minLength: 1, maxLength: 4 }), pick).map(
    ([which, into]): Edit =>
      (graph) => {
        const ids = which.flatMap((index) => at(graph, index)?.id ?? []);
        const loop = loopAt(graph, into);
        return refusePlace(graph, ids, loop, loopCatalogue) ? graph : moveInto(graph, ids, loop, loopCatalogue);
      },
  ),
  fc.tuple(pick, pick, pick, pick).map(
    ([a, b, out, into]): Edit =>
      (graph, newId) => {
        const [source, target] = [at(graph, a), at(graph, b)];
        if (!source || !target) return graph;
        const from = { node: source.id, port: ['item', 'results', 'one'][out % 3] as string };
        const to = { node: target.id, port: ['item', 'items', 'result'][into % 3] as string };
        return connect(graph, { from, to }, newId(), loopCatalogue);
      },
  ),
  fc.tuple(pick, pixel, pixel).map(
    ([index, x, y]): Edit =>
      (graph) => {
        const node = at(graph, index);
        return node ? moveNodes(graph, new Map([[node.id, { x, y }]])) : graph;
      },
  ),
  fc.tuple(pick, fc.constantFrom('remove', 'dissolve', 'copy')).map(
    ([index, how]): Edit =>
      (graph, newId) => {
        const node = at(graph, index);
        if (!node) return graph;
        if (how === 'remove') return removeSelection(graph, { nodes: [node.id], edges: [] });
        if (how === 'dissolve') return node.type === 'test.each' ? dissolveLoop(graph, node.id) : graph;
        const pasted = pasteNodes(graph, copyNodes(graph, [node.id]), { x: 32, y: 32 }, loopCatalogue, newId);
        return pasted.ok ? pasted.graph : graph;
      },
  ),
);
const edits = fc.array(anyEdit, { maxLength: 30 });

function play(sequence: readonly Edit[]): Graph[] {
  let next = 0;
  const graphs = [placed({})];
  for (const change of sequence) graphs.push(change(graphs.at(-1) as Graph, () => `id${next++}`));
  return graphs;
}

function holds(outer: Box, inner: Box, { top, right, bottom, left } = FRAME_ROOM): boolean {
  return (
    inner.x - left >= outer.x &&
    inner.y - top >= outer.y &&
    inner.x + inner.width + right <= outer.x + outer.width &&
    inner.y + inner.height + bottom <= outer.y + outer.height
  );
}

describe('nodes that move into loops and out of them', () => {
  it('leave a graph that can be saved, whatever the order, and undo goes back all the way', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const graphs = play(sequence);
        for (const graph of graphs) expect(isSavable(validateGraph(graph, loopCatalogue))).toBe(true);
        let history = startHistory(graphs[0] as Graph);
        for (const graph of graphs) history = edit(history, graph, { at: 0 });
        while (history.past.length > 0) history = undo(history);
        expect(history.present).toBe(graphs[0]);
      }),
      { numRuns: 60 },
    );
  });

  it('stand inside of the frames of their loops, and those in theirs', () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const graph = play(sequence).at(-1) as Graph;
        const frames = frameBoxes(graph, loopCatalogue);
        for (const node of graph.nodes) {
          const around = node.parent ? frames.get(node.parent) : undefined;
          const box = frames.get(node.id) ?? { ...node.position, width: 232, height: 168 };
          if (node.parent) expect(around && holds(around, box)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('go where their loop goes, each as far as the others', () => {
    fc.assert(
      fc.property(edits, pick, pixel, pixel, (sequence, index, x, y) => {
        const graph = play(sequence).at(-1) as Graph;
        const loop = at(graph, index);
        if (!loop) return;
        const by = { x: x - loop.position.x, y: y - loop.position.y };
        const moving = new Set([loop.id, ...nodesInside(graph, loop.id)]);
        const after = moveNodes(graph, new Map([[loop.id, { x, y }]]));
        for (const [place, node] of graph.nodes.entries()) {
          const shift = moving.has(node.id) ? by : { x: 0, y: 0 };
          const expected = { x: node.position.x + shift.x, y: node.position.y + shift.y };
          expect(after.nodes[place]?.position).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keep the wires among themselves, and lose those that would cross a border', () => {
    const graph = aLoop();
    const out = moveInto(graph, ['a', 'b'], null, loopCatalogue);
    expect(out.edges.map(({ id }) => id)).toEqual(['in_each', 'a_b']);
    expect(moveInto(out, ['a', 'b'], 'each', loopCatalogue).edges.map(({ id }) => id)).toEqual(['in_each', 'a_b']);
    const frame = frameBoxes(out, loopCatalogue).get('each') as Box;
    for (const id of ['a', 'b'])
      expect(out.nodes.find((node) => node.id === id)?.position.x).toBeGreaterThan(frame.x + frame.width);
  });

  it('are refused where they may not stand, in the words of the server', () => {
    const graph = placed({ each: ['test.each', 0, 0], hook: ['test.trigger', 0, 400] });
    expect(refusePlace(graph, ['hook'], 'each', loopCatalogue)?.code).toBe('not-in-loops');
    expect(refusePlace(graph, ['each'], 'each', loopCatalogue)?.code).toBe('cycle');
    const deep = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`l${index}`, ['test.each', 0, 0]] as const),
    ) as Parameters<typeof placed>[0];
    const nested = [1, 2, 3, 4].reduce((result, n) => placeIn(result, [`l${n}`], `l${n - 1}`), placed(deep));
    expect(refusePlace(nested, ['l5'], 'l4', loopCatalogue)?.code).toBe('too-deep-loops');
    expect(refusePlace(nested, ['l5'], 'l3', loopCatalogue)).toBeUndefined();
    // What it brings along would stand too deep, though it itself would not.
    expect(refusePlace(placeIn(nested, ['l4'], 'l5'), ['l5'], 'l3', loopCatalogue)?.code).toBe('too-deep-loops');
  });
});

describe('a frame', () => {
  it('that nobody gave a size, as in graphs from before frames, goes around what stands in it', () => {
    const graph = aLoop();
    const old = { ...graph, nodes: graph.nodes.map(({ size: _size, ...node }) => node) };
    const { top, right, bottom, left } = FRAME_ROOM;
    expect(frameBoxes(old, loopCatalogue).get('each')).toEqual({
      ...{ x: 440 - left, y: 100 - top },
      ...{ width: 320 + 232 + left + right, height: 168 + top + bottom },
    });
  });

  it('has the size it was given, and room for what stands in it', () => {
    const graph = aLoop();
    const large = { x: 240, y: -40, width: 1400, height: 900 };
    expect(frameBoxes(resizeFrame(graph, 'each', large), loopCatalogue).get('each')).toEqual(large);
    const small = frameBoxes(resizeFrame(graph, 'each', { ...large, width: 10, height: 10 }), loopCatalogue);
    expect(small.get('each')?.width).toBe(760 + 232 + FRAME_ROOM.right - 240);
  });

  it('is found under a point, the innermost first, but not by itself or by what stands in it', () => {
    const graph = placeIn(
      placed({ outer: ['test.each', 0, 0], inner: ['test.each', FRAME_ROOM.left, FRAME_ROOM.top] }),
      ['inner'],
      'outer',
    );
    const frames = frameBoxes(graph, loopCatalogue);
    expect(frameAt(graph, frames, { x: 200, y: 200 })).toBe('inner');
    expect(frameAt(graph, frames, { x: 20, y: 20 })).toBe('outer');
    expect(frameAt(graph, frames, { x: -1, y: 20 })).toBeNull();
    expect(frameAt(graph, frames, { x: 200, y: 200 }, new Set(['outer']))).toBeNull();
  });

  it('is taken away alone, and leaves its nodes one level further out, wired among themselves', () => {
    const graph = dissolveLoop(aLoop(), 'each');
    expect(graph.nodes.map(({ id, parent }) => [id, parent ?? null])).toEqual([
      ['in', null],
      ['a', null],
      ['b', null],
    ]);
    expect(graph.edges.map(({ id }) => id)).toEqual(['a_b']);
  });

  it('is laid out with its nodes: none lies on another, and each frame is as large as it must be', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (sequence) => {
        const graph = await autoLayout(play(sequence).at(-1) as Graph, new Map(), loopCatalogue);
        const frames = frameBoxes(graph, loopCatalogue);
        const byId = new Map(graph.nodes.map((node) => [node.id, node]));
        const boxes = graph.nodes.map((node) => ({
          node,
          box: frames.get(node.id) ?? { ...node.position, width: 232, height: 168 },
        }));
        for (const { node, box } of boxes) {
          if (node.size && frames.has(node.id)) expect(box).toEqual({ ...node.position, ...node.size });
          for (const other of boxes) {
            if (other.node === node || loopsAround(other.node.id, byId)[0] !== loopsAround(node.id, byId)[0]) continue;
            const apart =
              box.x + box.width <= other.box.x + 1 ||
              other.box.x + other.box.width <= box.x + 1 ||
              box.y + box.height <= other.box.y + 1 ||
              other.box.y + other.box.height <= box.y + 1;
            expect(apart).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
