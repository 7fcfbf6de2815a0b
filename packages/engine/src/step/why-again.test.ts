import { defineNode, type NodeDefinition, number, port, text } from '@imaginarium/node-sdk';
import type { Graph, JsonObject } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { LocalExecutor } from '../call/local-executor.ts';
import { MemoryStepCache } from '../memory/memory-step-cache.ts';
import { NodeRegistry } from '../packages/node-registry.ts';
import type { StepCache } from '../ports/step-cache.ts';
import { aGraph, aLightNode, eachLoop, listSource, noFiles, RunHarness } from '../testing/index.ts';

let model = 'model 1';

const tint = (version: number) =>
  defineNode({
    ...{ ...aLightNode, effects: 'pure', typicalMs: 100, type: 'test.tint', version },
    inputs: { item: port.any({ title: 'Picture' }), mask: port.any({ optional: true }) },
    outputs: { item: port.text() },
    params: {
      width: number({ title: 'Width', default: 1 }),
      height: number({ title: 'Height', default: 1 }),
      tone: text({ title: 'Tone', default: 'warm' }),
    },
    fingerprint: () => model,
    execute: ({ input, params }) => ({ item: `${String(input.item)} ${params.width}` }),
  });
const save = defineNode({
  ...{ ...aLightNode, effects: 'idempotent', typicalMs: 100, type: 'test.save' },
  inputs: { item: port.any() },
  outputs: {},
  execute: () => ({}),
});
const NODES = [eachLoop, listSource, tint(1), tint(2), save] as NodeDefinition[];

function harness(cache: StepCache = new MemoryStepCache(), packageVersion = '1.0.0') {
  const registry = new NodeRegistry();
  registry.add({ name: '@test/nodes', version: packageVersion }, NODES);
  const executor = new LocalExecutor(registry);
  return new RunHarness(NODES, { cache, registry, openFiles: () => noFiles, executorFor: () => executor });
}

const source = (values: string[] = ['a', 'b']) => aGraph().node('in', 'test.list', { values });
const graph = (params: JsonObject = {}, values?: string[]): Graph =>
  source(values).node('tint', 'test.tint', params).wire('in.item', 'tint.item').build();
const withMask = source()
  .node('mask', 'test.list', { values: ['m', 'n'] })
  .node('tint', 'test.tint');
const masked = withMask.wire('in.item', 'tint.item').wire('mask.item', 'tint.mask').build();
const named = (built: Graph): Graph => ({
  ...built,
  nodes: built.nodes.map((node) => (node.id === 'in' ? { ...node, name: 'My pictures' } : node)),
});
const upgraded = (built: Graph): Graph => ({
  ...built,
  nodes: built.nodes.map((node) => (node.id === 'tint' ? { ...node, version: 2 } : node)),
});

async function reasonAfter(first: Graph, second: Graph, own = harness()): Promise<string | null | undefined> {
  await own.run(first);
  const { steps } = await own.run(second);
  return steps.tint?.reason;
}

describe('a step that is executed though its results are kept says why', () => {
  it.each<[string, Graph, Graph, string]>([
    ['a param', graph(), graph({ width: 2 }), 'Its param Width changed.'],
    ['two params', graph(), graph({ width: 2, height: 2 }), 'Its params Width and Height changed.'],
    [
      'a param that an expression gives',
      graph({ tone: '{{ item.row }}' }),
      graph({ tone: 'x{{ item.row }}' }),
      'Its param Tone changed.',
    ],
    ['an item', graph(), named(graph({}, ['a', 'c'])), 'Its input Picture from My pictures changed.'],
    [
      'the number of items',
      graph(),
      named(graph({}, ['a', 'b', 'c'])),
      'Its input Picture from My pictures changed: 3 items instead of 2.',
    ],
    ['fewer items', graph(), graph({}, ['a']), 'Its input Picture from in changed: 1 item instead of 2.'],
    ['a port that is wired', graph(), masked, 'What comes in by mask from mask is new.'],
    ['a port that is wired no more', masked, graph(), 'Nothing comes in by mask any more.'],
    [
      'param and item',
      graph(),
      graph({ width: 2 }, ['z', 'b']),
      'Its param Width changed. Its input Picture from in changed.',
    ],
    ['the version of the node', graph(), upgraded(graph()), 'It is test.tint@2 now and was test.tint@1.'],
  ])('when %s changed', async (_what, first, second, reason) => {
    expect(await reasonAfter(first, second)).toBe(reason);
  });

  it('when it is new in the workflow, and when what it gave was forgotten', async () => {
    const cache = new MemoryStepCache(1);
    const own = harness(cache);
    const { steps } = await own.run(graph());
    expect(steps.tint?.reason).toBe('It was not executed in this workflow before.');
    await cache.put('elsewhere', 'key', { outputs: {} });
    expect((await own.run(graph())).steps.tint?.reason).toBe('What it gave before was no longer kept.');
  });

  it('when its package came in another version, or a model', async () => {
    const cache = new MemoryStepCache();
    await harness(cache).run(graph());
    const updated = await harness(cache, '1.1.0').run(graph());
    expect(updated.steps.tint?.reason).toBe('Its node package is @test/nodes 1.1.0 now and was @test/nodes 1.0.0.');
    model = 'model 2';
    const { steps } = await harness(cache, '1.1.0').run(graph());
    expect(steps.tint?.reason).toBe('Something else that it depends on changed, such as an installed model.');
  });

  it('compares with when its result was last kept, not with a run that was answered from the cache', async () => {
    const own = harness();
    for (const width of [1, 2, 1]) await own.run(graph({ width }));
    expect((await own.run(graph({ width: 3, tone: 'cold' }))).steps.tint?.reason).toBe(
      'Its params Width and Tone changed.',
    );
  });

  it('compares an iteration of a loop with the same iteration before, not with the one that came last', async () => {
    const own = harness();
    const looped = (tone: string) =>
      source()
        .node('each', 'test.each')
        .node('tint', 'test.tint', { tone }, { parent: 'each' })
        .wire('in.item', 'each.items')
        .wire('each.item', 'tint.item')
        .wire('tint.item', 'each.result')
        .build();
    await own.run(looped('warm'));
    const { steps } = await own.run(looped('cold'));
    expect(['tint@each#0', 'tint@each#1'].map((key) => steps[key]?.reason)).toEqual(
      Array(2).fill('Its param Tone changed.'),
    );
  });

  it('or why nothing of it is kept, where its work is dear', async () => {
    const own = harness();
    const built = aGraph()
      .node('in', 'test.list', { values: ['a'] })
      .node('tint', 'test.tint')
      .policy('tint', { cache: false })
      .node('save', 'test.save')
      .wire('in.item', 'tint.item')
      .wire('tint.item', 'save.item')
      .build();
    const { steps } = await own.run(built);
    expect([steps.in?.reason, steps.tint?.reason, steps.save?.reason]).toEqual([
      null,
      'It is executed each time, as its policy says.',
      'It is executed each time, because it does more than give a result.',
    ]);
  });
});
