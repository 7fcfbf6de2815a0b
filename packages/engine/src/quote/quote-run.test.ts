import { defineNode, emit, number, port, text } from '@imaginarium/node-sdk';
import { quoteSchema } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, eachLoop, listSource, noFiles, RunHarness, twoWays, untilLoop } from '../testing/index.ts';
import { quoteRun } from './quote-run.ts';

const priced = defineNode({
  ...aLightNode,
  typicalMs: 100,
  type: 'test.priced',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { price: number({ title: 'Price', default: 3 }), copies: number({ title: 'Copies', default: 1 }) },
  credits: ({ params, items }) => params.price * items,
  yields: ({ params, items }) => items * params.copies,
  execute: ({ input, params }) => ({
    item: emit(Array.from({ length: params.copies }, () => ({ value: input.item }))),
  }),
});

const merge = defineNode({
  ...aLightNode,
  type: 'test.merge',
  mode: 'all',
  inputs: { item: port.any({ many: true }) },
  outputs: { item: port.any() },
  credits: ({ items }) => items,
  execute: ({ input }) => ({ item: input.item.length }),
});

const harness = () =>
  new RunHarness([listSource, eachLoop, untilLoop, priced, merge, twoWays], { openFiles: () => noFiles });
const quote = (graph: ReturnType<typeof aGraph>, measured = new Map<string, number>(), inputs = {}) =>
  quoteRun(graph.build(), inputs, harness().services.registry, { measured });

describe('quoteRun', () => {
  it('follows the items through the graph and adds prices and times along the longest path', () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1, 2] })
      .node('p', 'test.priced', { copies: 3 })
      .node('q', 'test.priced', { price: 10 })
      .node('short', 'test.priced')
      .wire('in.item', 'p.item')
      .wire('p.item', 'q.item')
      .wire('in.item', 'short.item');
    const result = quote(graph, new Map([['test.list@1', 5]]));
    expect(quoteSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({ total: 6 + 60 + 6, estimateMs: 5 + 200 + 600, measured: false });
    expect(result.nodes.map(({ node, items, credits }) => [node, items, credits])).toEqual([
      ['in', 1, 0],
      ['p', 2, 6],
      ['q', 6, 60],
      ['short', 2, 6],
    ]);
    expect(
      quote(
        graph,
        new Map([
          ['test.list@1', 5],
          ['test.priced@1', 1],
        ]),
      ),
    ).toMatchObject({ measured: true, estimateMs: 5 + 2 + 6 });
  });

  it('asks nothing for a disabled node, and counts what it passes on', () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1, 2] })
      .node('off', 'test.priced', { copies: 9 }, { disabled: true })
      .node('p', 'test.priced')
      .wire('in.item', 'off.item')
      .wire('off.item', 'p.item');
    expect(quote(graph)).toMatchObject({ total: 6, nodes: [{}, { credits: 0, estimateMs: 0 }, { items: 2 }] });
  });

  it('counts what a disabled node with several ways passes on by the one that it takes', () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1, 2] })
      .node('off', 'test.ways', {}, { disabled: true })
      .node('p', 'test.priced')
      .node('q', 'test.priced')
      .wire('in.item', 'off.item')
      .wire('off.yes', 'p.item')
      .wire('off.no', 'q.item');
    expect(quote(graph)).toMatchObject({ total: 6, nodes: [{}, {}, { items: 2 }, { items: 0, credits: 0 }] });
  });

  it('counts an expression as the default, and what a run brings as it is', () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1] })
      .node('p', 'test.priced', { price: '{{ item.price }}' })
      .wire('in.item', 'p.item')
      .input('price', 'p.price');
    expect(quote(graph).total).toBe(3);
    expect(quote(graph, new Map(), { price: 8 }).total).toBe(8);
    expect(() => quote(graph, new Map(), { prize: 8 })).toThrow('inputs: expected price, received "prize"');
  });

  it('asks for a quote while required params are still empty', () => {
    const strict = defineNode({
      ...aLightNode,
      type: 'test.strict',
      inputs: {},
      outputs: {},
      params: { must: text({ title: 'Must', default: '', required: true }) },
      credits: 4,
      execute: () => ({}),
    });
    const { registry } = new RunHarness([strict]).services;
    expect(quoteRun(aGraph().node('s', 'test.strict').build(), {}, registry, { measured: new Map() }).total).toBe(4);
  });

  it('is what the run costs, for any graph whose numbers of items are known', async () => {
    const node = fc.record({
      kind: fc.constantFrom('test.priced', 'test.merge'),
      after: fc.nat(),
      price: fc.integer({ min: 0, max: 9 }),
      copies: fc.integer({ min: 1, max: 3 }),
    });
    const graphs = fc.record({
      sources: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
      nodes: fc.array(node, { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(graphs, async ({ sources, nodes }) => {
        const graph = aGraph();
        const ids = sources.map((count, index) => {
          graph.node(`s${index}`, 'test.list', { values: Array.from({ length: count }, () => 'x') });
          return `s${index}`;
        });
        for (const [index, { kind, after, price, copies }] of nodes.entries()) {
          const id = `n${index}`;
          graph.node(id, kind, kind === 'test.priced' ? { price, copies } : {});
          const chosen = ids[after % ids.length] as string;
          graph.wire(`${chosen}.item`, `${id}.item`);
          const other = ids[(after + 1) % ids.length] as string;
          if (kind === 'test.merge' && other !== chosen) graph.wire(`${other}.item`, `${id}.item`);
          ids.push(id);
        }
        const own = harness();
        const asked = quoteRun(graph.build(), {}, own.services.registry, { measured: new Map() });
        const { outcome, steps } = await own.run(graph.build());
        expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: asked.total });
        for (const entry of asked.nodes) expect(steps[entry.node]?.credits).toBe(entry.credits);
      }),
      { numRuns: 60 },
    );
  });

  it('counts what is in a loop over items with all of them, however they are divided', async () => {
    const loop = (size: number, atOnce: number) =>
      aGraph()
        .node('in', 'test.list', { values: [1, 2, 3, 4, 5] })
        .node('each', 'test.each', { size, atOnce })
        .node('p', 'test.priced', { price: 3 }, { parent: 'each' })
        .node('m', 'test.merge', {}, { parent: 'each' })
        .node('end', 'test.priced', { price: 7 })
        .wire('in.item', 'each.items')
        .wire('each.item', 'p.item')
        .wire('p.item', 'm.item')
        .wire('m.item', 'each.result')
        .wire('each.results', 'end.item');
    for (const [size, atOnce] of [
      [1, 4],
      [2, 1],
      [10, 2],
    ] as const) {
      const asked = quote(loop(size, atOnce));
      const { outcome, steps } = await harness().run(loop(size, atOnce).build());
      expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: asked.total });
      expect(asked.nodes.find(({ node }) => node === 'p')).toMatchObject({ items: 5, credits: 15 });
      expect(asked.nodes.find(({ node }) => node === 'end')?.credits).toBe(steps.end?.credits);
    }
    const times = new Map([['test.priced@1', 100]]);
    const slow = quote(loop(1, 1), times).estimateMs;
    expect(quote(loop(1, 5), times).estimateMs).toBeLessThan(slow);
  });

  it('counts what is in a loop that repeats with all the rounds it may make', () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1, 2] })
      .node('until', 'test.until', { limit: 6 })
      .node('p', 'test.priced', { price: 3 }, { parent: 'until' })
      .node('end', 'test.priced', { price: 7 })
      .wire('in.item', 'until.start')
      .wire('until.current', 'p.item')
      .wire('p.item', 'until.result')
      .wire('until.done', 'end.item');
    expect(quote(graph).nodes.map(({ node, credits }) => [node, credits])).toEqual([
      ['in', 0],
      ['p', 36],
      ['until', 0],
      ['end', 14],
    ]);
  });

  it('prices items apart whose params differ, so that none rides on the params of the first', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1, 10, 1] })
      .node('p', 'test.priced', { price: '{{ item.value }}' })
      .wire('in.item', 'p.item');
    expect((await harness().run(graph.build())).steps.p?.credits).toBe(12);
  });

  it('refuses a price that is no price, and rounds half a credit up', async () => {
    const graph = (price: number) =>
      aGraph()
        .node('in', 'test.list', { values: [1] })
        .node('p', 'test.priced', { price })
        .wire('in.item', 'p.item');
    expect(() => quote(graph(-1))).toThrow('test.priced: expected a price from 0 up, its formula gave -1.');
    expect((await harness().run(graph(-1).build())).outcome.error?.code).toBe('step-refused');
    expect(quote(graph(2.5)).total).toBe(3);
  });
});
