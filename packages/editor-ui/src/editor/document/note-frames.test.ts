import { type Graph, graphSchema } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLoop, loopCatalogue, placed } from '../testing/loop-graphs.ts';
import { DEFAULT_CARD, nodeBoxes } from './frames.ts';
import { autoLayout } from './layout.ts';
import { addNoteFrame, idsWithin, moveNoteFrame, noteBoxes, refitNoteFrames } from './note-frames.ts';
import { addNote } from './notes.ts';

const boxesOf = (graph: Graph) => nodeBoxes(graph, loopCatalogue, () => DEFAULT_CARD);
const lastNote = (graph: Graph) => graph.notes.at(-1) as Graph['notes'][number];

/** The graph with a frame around some of its nodes. */
function framed(graph: Graph, ids: readonly string[]): Graph {
  const boxes = boxesOf(graph);
  return addNoteFrame(
    graph,
    'frame',
    ids.flatMap((id) => boxes.get(id) ?? []),
  );
}

const pixel = fc.integer({ min: -3000, max: 3000 });
const graph = fc
  .array(fc.tuple(pixel, pixel), { minLength: 1, maxLength: 6 })
  .map((places) => placed(Object.fromEntries(places.map(([x, y], index) => [`n${index}`, ['test.step', x, y]]))));

describe('a frame that a person draws', () => {
  it('goes around what was chosen, whatever that is, and is kept by the schema', () => {
    fc.assert(
      fc.property(graph, fc.nat({ max: 5 }), (before, last) => {
        const chosen = before.nodes.slice(0, last + 1).map(({ id }) => id);
        const after = framed(before, chosen);
        expect(graphSchema.parse(after)).toEqual(after);
        expect(idsWithin(lastNote(after), boxesOf(after))).toEqual(expect.arrayContaining(chosen));
      }),
    );
  });

  it('is not drawn around nothing', () => {
    const before = aLoop();
    expect(framed(before, [])).toBe(before);
  });

  it('takes along what lies in it and nothing else, and comes back to where it was', () => {
    fc.assert(
      fc.property(graph, pixel, pixel, (before, x, y) => {
        const start = framed(before, ['n0']);
        const frame = lastNote(start);
        const within = new Set(idsWithin(frame, boxesOf(start)));
        const away = moveNoteFrame(start, frame, { x, y }, boxesOf(start));
        const by = { x: x - frame.position.x, y: y - frame.position.y };
        expect(away.nodes.map(({ position }) => position)).toEqual(
          start.nodes.map(({ id, position }) =>
            within.has(id) ? { x: position.x + by.x, y: position.y + by.y } : position,
          ),
        );
        // What else lies where the frame was put would go along on the way back, so it is looked at alone.
        const alone = { ...away, nodes: away.nodes.filter(({ id }) => within.has(id)) };
        const back = moveNoteFrame(alone, lastNote(alone), frame.position, boxesOf(alone));
        expect(back.notes).toEqual(start.notes);
        expect(back.nodes).toEqual(start.nodes.filter(({ id }) => within.has(id)));
      }),
    );
  });

  it('takes along a loop with all that stands in it, and a note', () => {
    const loop = aLoop();
    const withNote = addNote(framed(loop, [...boxesOf(loop).keys()]), 'note', { x: 0, y: 0 });
    const start = { ...withNote, notes: withNote.notes.toReversed() };
    const frame = lastNote(start);
    const { x, y } = frame.position;
    expect(idsWithin(frame, noteBoxes(start))).toEqual(['note']);
    const moved = moveNoteFrame(start, frame, { x: x + 100, y: y - 40 }, boxesOf(start));
    expect(moved.nodes.map(({ position }) => position)).toEqual(
      start.nodes.map(({ position }) => ({ x: position.x + 100, y: position.y - 40 })),
    );
    expect(moved.notes.map(({ position }) => position)).toEqual([
      { x: 100, y: -40 },
      { x: x + 100, y: y - 40 },
    ]);
  });

  it('is fitted again around what lay in it when the graph is laid out anew', async () => {
    const before = framed(aLoop(), [...boxesOf(aLoop()).keys()]);
    const after = await autoLayout(before, new Map(), loopCatalogue);
    const fitted = refitNoteFrames(before, after, boxesOf(before), boxesOf(after));
    expect(idsWithin(lastNote(fitted), boxesOf(fitted))).toEqual(fitted.nodes.map(({ id }) => id));
    expect(fitted.nodes).toBe(after.nodes);
  });
});
