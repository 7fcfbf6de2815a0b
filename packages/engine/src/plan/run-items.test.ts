import type { Graph, Item, PortItems } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGraph, listSource, noFiles, passOn, RunHarness } from '../testing/index.ts';
import { planRun } from './plan.ts';
import { RunItems } from './run-items.ts';

const { registry } = new RunHarness([listSource, passOn]).services;

const many = (name: string): Item[] =>
  Array.from({ length: 1001 }, (_, index) => ({ id: `${name}.${index}`, value: index, fields: {}, from: [] }));
const left = (items: RunItems, node: string) => items.collect([wire(node, 'nobody')]).length;
const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'item' },
  to: { node: to, port: 'item' },
});

/** Each node but the first is wired to one before it. */
function treeOf(sources: readonly number[]): Graph {
  const graph = aGraph().node('n0', 'test.list');
  for (const [index, source] of sources.entries())
    graph.node(`n${index + 1}`, 'test.pass').wire(`n${source % (index + 1)}.item`, `n${index + 1}.item`);
  return graph.build();
}

describe('the items of a run', () => {
  it('are there for each node until it has settled, and long lists only until then', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), fc.array(fc.boolean()), (sources, isLong) => {
        const { nodes, readers } = planRun(treeOf(sources), registry);
        const items = new RunItems(treeOf(sources), { readers });
        const gave = new Map<string, PortItems>();
        for (const planned of nodes) {
          const [from] = planned.after;
          expect(items.gather(planned)).toEqual(from === undefined ? {} : { item: gave.get(from)?.item });
          const id = planned.node.id;
          const item = isLong[gave.size] ? many(id) : many(id).slice(0, 3);
          gave.set(id, { item });
          items.keep(id, { item });
        }
        for (const [id, { item = [] }] of gave) expect(left(items, id)).toBe(item.length > 3 ? 0 : 3);
      }),
      { numRuns: 30 },
    );
  });

  it('stay where an expression names nodes, or several inputs are paired', () => {
    const readersOf = (graph: Graph) => planRun(graph, registry).readers;
    const named = treeOf([0, 1]);
    expect(readersOf(named)).toEqual(new Map(Object.entries({ n0: ['n1'], n1: ['n2'], n2: [] })));
    named.nodes[0]?.params && Object.assign(named.nodes[0].params, { values: [['{{ nodes["n0"].items[0].value }}']] });
    expect(readersOf(named)).toBeUndefined();
    const paired = treeOf([0, 0]);
    paired.edges.push({ ...wire('n1', 'n2'), to: { node: 'n2', port: 'other' } });
    expect(readersOf(paired)).toBeUndefined();
  });

  it('are found by who looks back, however many there are', async () => {
    const values = Array.from({ length: 1500 }, (_, index) => index);
    const graph = aGraph()
      .node('first', 'test.list', { values })
      .node('second', 'test.pass')
      .node('third', 'test.pass')
      .node('last', 'test.list', { values: ['{{ nodes["first"].items[1400].value }}'] })
      .wire('first.item', 'second.item')
      .wire('second.item', 'third.item')
      .build();
    // Named by an expression, it is settled before.
    const { values: valuesOf } = await new RunHarness([listSource, passOn], { openFiles: () => noFiles }).run(graph);
    expect(valuesOf('last.item')).toEqual([1400]);
    expect(valuesOf('third.item')).toEqual(values);
  });
});
