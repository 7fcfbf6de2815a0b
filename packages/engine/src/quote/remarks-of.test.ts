import { defineNode, port, text } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, eachLoop, listSource, noFiles, RunHarness } from '../testing/index.ts';
import { quoteRun } from './quote-run.ts';
import { remarksOf } from './remarks-of.ts';

/** Says which model it goes without, unless that lies in the folder. */
const needy = defineNode({
  ...aLightNode,
  type: 'test.needy',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { model: text({ title: 'Model', default: 'large' }) },
  remarks: ({ params, modelsFolder }) => {
    if (params.model === 'broken') throw new Error('It could not look.');
    return modelsFolder.endsWith(params.model) ? [] : [`There is no ${params.model}.`];
  },
  execute: ({ input }) => ({ item: input.item }),
});

const { registry } = new RunHarness([listSource, eachLoop, needy], { openFiles: () => noFiles }).services;
const from = () => aGraph().node('in', 'test.list', { values: [1, 2] });
const remarks = async (graph: ReturnType<typeof aGraph>, folder = '/models') =>
  Object.fromEntries(await remarksOf(graph.build(), {}, registry, folder));

describe('remarksOf', () => {
  it('asks every node with its params, and keeps what they say', async () => {
    const graph = from().node('a', 'test.needy').node('b', 'test.needy', { model: 'small' });
    expect(await remarks(graph)).toEqual({ a: ['There is no large.'], b: ['There is no small.'] });
    expect(await remarks(graph, '/models/small')).toEqual({ a: ['There is no large.'] });
  });

  it('counts a param that only the run knows as its default, and a failure as nothing said', async () => {
    const graph = from()
      .node('a', 'test.needy', { model: '{{ item.value }}' })
      .node('b', 'test.needy', { model: 'broken' });
    expect(await remarks(graph)).toEqual({ a: ['There is no large.'] });
  });

  it('puts them into the quote', async () => {
    const graph = from().node('a', 'test.needy').wire('in.item', 'a.item').build();
    const quote = quoteRun(graph, {}, registry, {
      measured: new Map(),
      remarks: await remarksOf(graph, {}, registry, '/models'),
    });
    expect(quote.nodes.map(({ node, remarks: said }) => [node, said])).toEqual([
      ['in', undefined],
      ['a', ['There is no large.']],
    ]);
  });
});
