import { NodeRegistry } from '@imaginarium/engine';
import { aGraph, aLightNode, noFiles, RunHarness } from '@imaginarium/engine/testing';
import { defineNode, port } from '@imaginarium/node-sdk';
import nodesBase from '@imaginarium/nodes-base';
import { type Json, type JsonObject, validateGraph } from '@imaginarium/protocol';
import { describe, expect, test } from 'vitest';
import { readText } from '../markdown.ts';
import { blocksOf, graphOf, shownGraphs } from '../shown-graphs.ts';

const page = readText('docs/guides/flow.md');
const blocks = blocksOf(page);
const shown = shownGraphs(blocks);

const registry = new NodeRegistry();
registry.add({ name: '@imaginarium/nodes-base', version: '0.0.0' }, nodesBase.nodes);

/** A node of two inputs, as packages bring them: the engine finds out which items belong together. */
const pairUp = defineNode({
  ...aLightNode,
  type: 'test.pair',
  inputs: { a: port.any(), b: port.any() },
  outputs: { pair: port.json() },
  execute: ({ fields, input }) => ({ pair: { ...fields, b: input.b as Json } }),
});

const harness = () => new RunHarness([...nodesBase.nodes, pairUp], { openFiles: () => noFiles });

describe('docs/guides/flow.md', () => {
  test('shows after each graph what came of it', () => {
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.map(({ told }) => told?.part)).not.toContain('graph');
    expect(blocks).toHaveLength(shown.length * 2);
  });

  test.each(shown)(
    'shows a graph without a problem, and what it gives: $graph.nodes.1.name',
    async ({ graph, told }) => {
      const parsed = graphOf(graph);
      expect(validateGraph(parsed, registry)).toEqual([]);
      const { outcome, steps } = await harness().run(parsed);
      if (told?.part === 'error') {
        expect(outcome).toMatchObject({ state: 'failed', error: { message: told.content } });
        return;
      }
      expect(outcome).toMatchObject({ state: 'succeeded', error: null });
      for (const [place, fields] of Object.entries(told?.content as JsonObject)) {
        const [node = '', output = ''] = place.split('.');
        expect(steps[node]?.outputs[output]?.map((item) => item.fields)).toEqual(fields);
      }
    },
  );

  test('has a row for every condition, and what it says of each holds', async () => {
    const section = page.split(/^## /m).find((part) => part.startsWith('Conditions\n')) ?? '';
    const rows = (section.match(/^\|.*\|$/gm) ?? []).slice(2).map((row) => row.slice(1, -1).split('|'));
    const { params } = nodesBase.nodes.find(({ description }) => description.type === 'flow.if')?.description ?? {};
    const options = params?.operator?.kind === 'choice' ? params.operator.options : [];
    expect(rows).toHaveLength(options.length);
    for (const [at, [label = '', value = '', other = '']] of rows.entries()) {
      const option = options[at];
      expect(option?.label).toBe(label.trim());
      const code = (cell: string) => /`(.*)`/.exec(cell)?.[1] ?? '';
      const { values } = await harness().run(
        aGraph()
          .node('text', 'input.text', { text: 'x' })
          .node('if', 'flow.if', { value: code(value), operator: option?.value ?? '', other: code(other) })
          .wire('text.text', 'if.item')
          .build(),
      );
      expect(values('if.yes'), label).toEqual(['x']);
    }
  });
});

test('conditions can look at what an expression works out', async () => {
  const wayOf = async (params: JsonObject) => {
    const graph = aGraph()
      .node('rows', 'input.dataset', { source: 'text', text: 'price,stock,cost\n30,4,10\n10,4,9' })
      .node('if', 'flow.if', params)
      .wire('rows.row', 'if.item')
      .build();
    const { steps } = await harness().run(graph);
    return steps.if?.outputs.yes?.map(({ fields }) => fields.price);
  };
  expect(await wayOf({ value: '{{ item.price * item.stock }}', operator: 'at-least', other: '100' })).toEqual([30]);
  expect(await wayOf({ value: '{{ item.price > 2 * item.cost }}', other: 'true' })).toEqual([30]);
});

const csv = (rows: number) => ['n,odd', ...Array.from({ length: rows }, (_, n) => `${n},${n % 2 === 1}`)].join('\n');

describe('branches', () => {
  test('that come together again keep each row with what it was made from', async () => {
    const graph = aGraph()
      .node('rows', 'input.dataset', { source: 'text', text: csv(5) })
      .node('if', 'flow.if', { value: '{{ item.odd }}', other: 'true' })
      .node('yes', 'flow.set-fields', { fields: { way: 'yes {{ item.n }}' } })
      .node('no', 'flow.set-fields', { fields: { way: 'no {{ item.n }}' } })
      .node('merge', 'flow.merge')
      .node('pair', 'test.pair')
      .wire('rows.row', 'if.item')
      .wire('if.yes', 'yes.item')
      .wire('if.no', 'no.item')
      .wire('yes.item', 'merge.a')
      .wire('no.item', 'merge.b')
      .wire('merge.item', 'pair.a')
      .wire('rows.row', 'pair.b')
      .build();
    const { outcome, values } = await harness().run(graph);
    expect(outcome).toMatchObject({ state: 'succeeded', error: null });
    const pairs = values('pair.pair') as { n: number; way: string; b: { n: number } }[];
    expect(pairs.map(({ way }) => way)).toEqual(['yes 1', 'yes 3', 'no 0', 'no 2', 'no 4']);
    for (const { n, way, b } of pairs) expect([b.n, way.split(' ')[1]]).toEqual([n, String(n)]);
  });

  test('that are sorted and limited still pair with where they came from', async () => {
    const graph = aGraph()
      .node('rows', 'input.dataset', { source: 'text', text: csv(4) })
      .node('sort', 'flow.sort', { by: 'n', direction: 'descending' })
      .node('pair', 'test.pair')
      .wire('rows.row', 'sort.item')
      .wire('sort.item', 'pair.a')
      .wire('rows.row', 'pair.b')
      .build();
    const { values } = await harness().run(graph);
    const pairs = values('pair.pair') as { n: number; b: { n: number } }[];
    expect(pairs.map(({ n, b }) => [n, b.n])).toEqual([3, 2, 1, 0].map((n) => [n, n]));
  });
});

describe('10,000 items', () => {
  const condition = { value: '{{ item.n }}', operator: 'less', other: '5000' };
  const nodes: [type: string, params: JsonObject, port: string, count: number][] = [
    ['flow.if', condition, 'yes', 5000],
    ['flow.switch', { value: '{{ item.n }}', operator: 'less', a: '100', b: '5000' }, 'b', 4900],
    ['flow.filter', { ...condition, also: 'and', value2: '{{ item.odd }}', other2: 'true' }, 'item', 2500],
    ['flow.sort', { by: 'n', direction: 'descending' }, 'item', 10_000],
    ['flow.sort', { by: 'n', compareAs: 'text' }, 'item', 10_000],
    ['flow.limit', { how: 'every', count: 10 }, 'item', 1000],
    ['flow.aggregate', { operation: 'sum', field: 'n', groupBy: 'odd' }, 'item', 2],
    ['flow.split', { source: 'field', field: 'n' }, 'item', 10_000],
    ['flow.dedupe', {}, 'item', 10_000],
    [
      'flow.stop',
      { message: 'x', when: 'if', value: '{{ item.n }}', operator: 'greater', other: '10000' },
      'item',
      10_000,
    ],
  ];

  test.each(nodes)('go through %s %j without much ado', { timeout: 60_000 }, async (type, params, output, count) => {
    const graph = aGraph()
      .node('rows', 'input.dataset', { source: 'text', text: csv(10_000) })
      .node('flow', type, params)
      .wire('rows.row', 'flow.item')
      .build();
    const before = process.cpuUsage();
    const { outcome, steps } = await harness().run(graph);
    // The processor's time for the whole run, as a clock on the wall would count what else the machine does.
    const { user, system } = process.cpuUsage(before);
    expect(outcome).toMatchObject({ state: 'succeeded', error: null });
    expect(steps.flow?.outputs[output]).toHaveLength(count);
    expect((user + system) / 1000).toBeLessThan(3000); // Measured, with reading the table: 80 to 630 ms.
  });
});
