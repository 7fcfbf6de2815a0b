import { describe, expect, it } from 'vitest';
import { executeRun } from '../run/execute-run.ts';
import { aGraph, aNewRun, listSource, noFiles, passOn, RunHarness } from '../testing/index.ts';
import { nodesOver, partOf } from './run-part.ts';

/** in → a → b → d, and c → d beside it; e reads what a gave; nothing hangs on alone. */
const graph = aGraph()
  .node('in', 'test.list', { values: ['x'] })
  .node('a', 'test.pass')
  .node('b', 'test.pass')
  .node('c', 'test.list', { values: ['y'] })
  .node('d', 'test.pass')
  .node('e', 'test.list', { values: '{{ nodes["a"].items }}' })
  .node('alone', 'test.list', { values: ['z'] })
  .wire('in.item', 'a.item')
  .wire('a.item', 'b.item')
  .wire('b.item', 'd.item')
  .wire('c.item', 'd.item')
  .build();

const sorted = (ids: ReadonlySet<string>) => [...ids].sort();

describe('a part of a graph', () => {
  it('is all of it when nothing is said', () => {
    expect(sorted(partOf(graph, {}).executed)).toEqual(['a', 'alone', 'b', 'c', 'd', 'e', 'in']);
  });

  it('up to a node is that node and what it depends on, by wires or by name', () => {
    expect(sorted(partOf(graph, { until: 'b' }).executed)).toEqual(['a', 'b', 'in']);
    expect(sorted(partOf(graph, { until: 'e' }).executed)).toEqual(['a', 'e', 'in']);
    expect(sorted(partOf(graph, { until: 'b' }).left)).toEqual(['alone', 'c', 'd', 'e']);
  });

  it('from a node is that node and what follows; what feeds it is named', () => {
    const { executed, before, feeding, left } = partOf(graph, { from: 'b' });
    expect([executed, before, feeding, left].map(sorted)).toEqual([
      ['b', 'd'],
      ['a', 'c', 'in'],
      ['a', 'c'],
      ['alone', 'e'],
    ]);
  });

  it('goes no further back than items that are given', () => {
    expect(sorted(partOf(graph, { until: 'd' }, new Set(['b'])).executed)).toEqual(['c', 'd']);
  });

  it('knows a loop as one, with all that is placed in it', () => {
    const loop = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('other', 'test.list', { values: ['y'] })
      .node('each', 'test.each')
      .node('a', 'test.pass', {}, { parent: 'each' })
      .node('b', 'test.list', { values: '{{ nodes["other"].items }}' }, { parent: 'each' })
      .node('end', 'test.pass')
      .wire('in.item', 'each.items')
      .wire('each.item', 'a.item')
      .wire('a.item', 'each.result')
      .wire('each.results', 'end.item')
      .build();
    expect(sorted(partOf(loop, { until: 'a' }).executed)).toEqual(['each', 'in', 'other']);
    expect(sorted(partOf(loop, { from: 'a' }).executed)).toEqual(['each', 'end']);
    expect(sorted(partOf(loop, { from: 'end' }).feeding)).toEqual(['each']);
    const step = (node: string, iteration: string) => ({ node, iteration });
    expect(sorted(nodesOver(loop, [step('each', ''), step('in', '')]))).toEqual(['a', 'b', 'each', 'in']);
    expect(sorted(nodesOver(loop, [step('a', 'each#0')]))).toEqual([]);
  });

  it('leaves out a node that only stands in for another one', () => {
    const withFallback = aGraph()
      .node('a', 'test.pass')
      .node('spare', 'test.pass')
      .policy('a', { onError: { fallback: 'spare' } });
    expect(sorted(partOf(withFallback.build(), {}).executed)).toEqual(['a']);
  });
});

describe('a run with settled steps', () => {
  it('executes the rest on their outputs, pays nothing for them and tells of them first', async () => {
    const harness = new RunHarness([listSource, passOn], { openFiles: () => noFiles });
    const { store, services } = harness;
    const chain = aGraph()
      .node('in', 'test.list', { values: 7 })
      .node('a', 'test.pass')
      .wire('in.item', 'a.item')
      .build();
    const items = [{ id: 'in.item.0', value: 'kept', fields: { row: 0 }, from: [] }];
    const step = {
      ...{
        node: 'in',
        iteration: '',
        name: 'in',
        type: 'test.list',
        state: 'cached' as const,
        attempts: 0,
        startedAt: null,
      },
      ...{ finishedAt: '2026-01-01T00:00:00.000Z', itemsIn: 0, itemsFailed: 0, credits: 0, error: null },
      ...{ reason: 'Taken over from an earlier run.', outputs: { item: items } },
    };
    const { run } = await store.accept(aNewRun({ graph: chain, inputs: {}, settled: [step] }));
    const lease = await store.claim(run.id, 'test', 60_000);
    const record = await store.load(run.id);
    if (!lease || !record) throw new Error('The run could not be claimed.');
    const outcome = await executeRun(record, lease, services, new AbortController().signal);
    expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: 0 });
    const ended = await store.load(run.id);
    expect(ended?.steps.find(({ node }) => node === 'in')).toEqual(step);
    expect(ended?.steps.find(({ node }) => node === 'a')?.outputs.item?.[0]).toMatchObject({
      value: 'kept',
      from: ['in.item.0'],
    });
    const told = (await store.events(run.id, 0)).map((event) => `${event.type} ${'node' in event ? event.node : ''}`);
    expect(told.slice(0, 3)).toEqual(['run.started ', 'step.finished in', 'step.started a']);
  });

  it('asks nothing of the params of settled nodes, and all of the others', async () => {
    const harness = new RunHarness([listSource, passOn], { openFiles: () => noFiles });
    const broken = aGraph().node('a', 'test.pass').build();
    expect((await harness.run(broken)).outcome.error?.code).toBe('graph-invalid');
  });
});
