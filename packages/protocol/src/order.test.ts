import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from './find-cycles.ts';
import type { GraphEdge } from './graph.ts';
import { topologicalOrder } from './order.ts';

type Wire = Pick<GraphEdge, 'from' | 'to'>;
const wire = (from: number | string, to: number | string): Wire => ({
  from: { node: `n${from}`, port: 'out' },
  to: { node: `n${to}`, port: 'in' },
});
const nodes = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `n${index}` }));

/** A graph whose edges all run from a lower to a higher number, with its nodes listed in any order. */
const acyclic = fc
  .integer({ min: 1, max: 40 })
  .chain((count) =>
    fc.record({
      listed: fc.shuffledSubarray(nodes(count), { minLength: count }),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 120 }),
    }),
  )
  .map(({ listed, pairs }) => ({
    listed,
    edges: pairs.flatMap(([a, b]) => (a === b ? [] : [wire(Math.min(a, b), Math.max(a, b))])),
  }));

/** Any graph at all, with wires to nodes that are missing among them. */
const any = fc.integer({ min: 0, max: 25 }).chain((count) =>
  fc.record({
    listed: fc.constant(nodes(count)),
    edges: fc.array(
      fc.tuple(fc.nat(count), fc.nat(count)).map(([a, b]) => wire(a, b)),
      { maxLength: 60 },
    ),
  }),
);

describe('topologicalOrder', () => {
  it('puts every edge forward and loses no node, for any graph without a circle', () => {
    fc.assert(
      fc.property(acyclic, ({ listed, edges }) => {
        const { order, cyclic } = topologicalOrder(listed, edges);
        expect(cyclic).toEqual([]);
        expect(order.toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
        const place = new Map(order.map((id, index) => [id, index]));
        for (const { from, to } of edges) expect(place.get(from.node)).toBeLessThan(place.get(to.node) as number);
      }),
    );
  });

  it('is stable: an order that holds already is kept, and the order of the edges changes nothing', () => {
    fc.assert(
      fc.property(acyclic, ({ listed, edges }) => {
        const { order } = topologicalOrder(listed, edges);
        const inOrder = order.map((id) => ({ id }));
        expect(topologicalOrder(inOrder, edges).order).toEqual(order);
        expect(topologicalOrder(listed, edges.toReversed()).order).toEqual(order);
      }),
    );
    const pairs = topologicalOrder(nodes(4), [wire(0, 1), wire(2, 3)]);
    expect(pairs.order).toEqual(['n0', 'n1', 'n2', 'n3']);
  });

  it('shares the nodes out between order and circles, for any graph', () => {
    fc.assert(
      fc.property(any, ({ listed, edges }) => {
        const { order, cyclic } = topologicalOrder(listed, edges);
        expect([...order, ...cyclic].toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
        const placed = new Set(order);
        for (const { from, to } of edges) {
          const known = listed.some(({ id }) => id === from.node);
          if (known && placed.has(to.node)) expect(placed).toContain(from.node);
        }
      }),
    );
  });

  it('orders a ladder of 30 diamonds, which has a thousand million paths, at once', () => {
    const edges = Array.from({ length: 30 }, (_, step) => [
      wire(step * 3, step * 3 + 1),
      wire(step * 3, step * 3 + 2),
      wire(step * 3 + 1, step * 3 + 3),
      wire(step * 3 + 2, step * 3 + 3),
    ]).flat();
    expect(topologicalOrder(nodes(91).toReversed(), edges).order).toHaveLength(91);
  });

  it('orders a chain and a fan of 5,000 nodes, listed the wrong way round', () => {
    const chain = Array.from({ length: 4999 }, (_, index) => wire(index, index + 1));
    expect(topologicalOrder(nodes(5000).toReversed(), chain).order).toEqual(nodes(5000).map(({ id }) => id));
    const fan = Array.from({ length: 4999 }, (_, index) => wire(0, index + 1));
    expect(topologicalOrder(nodes(5000).toReversed(), fan).order.at(0)).toBe('n0');
  });

  it('lists a repeated id once', () => {
    expect(topologicalOrder([...nodes(2), ...nodes(2)], [wire(0, 1)]).order).toEqual(['n0', 'n1']);
  });
});

describe('findCycles', () => {
  it('names the nodes of a circle in the direction of the wires, without those that hang on it', () => {
    const cycles = findCycles(nodes(6), [wire(0, 1), wire(1, 2), wire(2, 3), wire(3, 1), wire(3, 4), wire(4, 5)]);
    expect(cycles).toHaveLength(1);
    expect(cycles[0]?.toSorted()).toEqual(['n1', 'n2', 'n3']);
  });

  it('gives real circles that share no node, and leaves none behind, for any graph', () => {
    fc.assert(
      fc.property(any, ({ listed, edges }) => {
        const cycles = findCycles(listed, edges);
        for (const cycle of cycles) {
          for (const [index, id] of cycle.entries()) {
            const next = cycle[(index + 1) % cycle.length];
            expect(edges.some(({ from, to }) => from.node === id && to.node === next)).toBe(true);
          }
        }
        const found = cycles.flat();
        expect(new Set(found).size).toBe(found.length);
        const left = listed.filter(({ id }) => !found.includes(id));
        expect(topologicalOrder(left, edges).cyclic).toEqual([]);
      }),
    );
  });

  it('finds each of several circles', () => {
    expect(findCycles(nodes(5), [wire(0, 0), wire(1, 2), wire(2, 1), wire(3, 4)])).toHaveLength(2);
  });
});
