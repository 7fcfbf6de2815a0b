import { type Graph, validateGraph } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aLoop, loopCatalogue, placed, wire } from '../testing/loop-graphs.ts';
import { copyNodes } from './clipboard.ts';
import { fittingPorts, portKey } from './fitting-ports.ts';
import { loopsFor } from './loops.ts';
import { removeSelection } from './nodes.ts';
import { placeIn } from './place-in.ts';
import { objectToWire } from './wires.ts';

const catalogue = loopCatalogue;
const start = wire(
  wire(
    wire(
      placed({
        in: ['test.source', 0, 0],
        each: ['test.each', 0, 0],
        a: ['test.step', 0, 0],
        b: ['test.step', 0, 0],
      }),
      ['in', 'item'],
      ['each', 'items'],
    ),
    ['in', 'item'],
    ['a', 'item'],
  ),
  ['a', 'item'],
  ['b', 'item'],
);
const inside = aLoop();
const ends = ({ edges }: Graph) => edges.map(({ from, to }) => `${from.node}.${from.port} -> ${to.node}.${to.port}`);

describe('loops in the document', () => {
  it('take nodes in, without the wires that would cross their border, and are wired by their inner ports', () => {
    expect(ends(placeIn(start, ['a'], 'each'))).toEqual(['in.item -> each.items']);
    expect(ends(placeIn(start, ['a', 'b'], 'each'))).toEqual(['in.item -> each.items', 'a.item -> b.item']);
    expect(ends(inside)).toEqual([
      'in.item -> each.items',
      'each.one -> a.item',
      'a.item -> b.item',
      'b.item -> each.result',
    ]);
    expect(validateGraph(inside, catalogue)).toEqual([]);
  });

  it('let nodes out again', () => {
    expect(ends(placeIn(inside, ['b'], null))).toEqual(['in.item -> each.items', 'each.one -> a.item']);
    expect(placeIn(inside, ['b'], 'each')).toBe(inside);
  });

  it('refuse wires across their border, while they are drawn too', () => {
    const out = placeIn(inside, ['b'], null);
    const cross = { from: { node: 'a', port: 'item' }, to: { node: 'b', port: 'item' } };
    expect(objectToWire(out, cross, catalogue)?.code).toBe('loop-border');
    const fits = fittingPorts(out, { node: 'a', port: 'item', side: 'output' }, catalogue);
    expect([...fits]).toEqual([portKey('each', 'input', 'result')]);
  });

  it('go with all that is in them', () => {
    expect(removeSelection(inside, { nodes: ['each'], edges: [] }).nodes.map(({ id }) => id)).toEqual(['in']);
    expect(JSON.parse(copyNodes(inside, ['each'])).nodes).toHaveLength(3);
  });

  it('are offered to nodes that do not hold them', () => {
    expect(loopsFor(inside, ['a'], catalogue).map(({ id }) => id)).toEqual(['each']);
    expect(loopsFor(inside, ['each'], catalogue)).toEqual([]);
  });
});
