import { defineNode, type NodeDefinition, port, text } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { LocalExecutor } from '../call/local-executor.ts';
import { MemoryStepCache } from '../memory/memory-step-cache.ts';
import { NodeRegistry } from '../packages/node-registry.ts';
import type { StepCache } from '../ports/step-cache.ts';
import { aGraph, aLightNode, listSource, noFiles, RunHarness } from '../testing/index.ts';

const calls: string[] = [];
let models = 'model 1';

const stamp = defineNode({
  ...aLightNode,
  effects: 'pure',
  typicalMs: 100,
  type: 'test.stamp',
  inputs: { item: port.any() },
  outputs: { item: port.text() },
  params: { mark: text({ title: 'Mark', default: '!' }), fail: text({ title: 'Fail', default: '' }) },
  credits: ({ items }) => 5 * items,
  fingerprint: ({ params }) => (params.mark.startsWith('m') ? models : ''),
  execute({ input, params, fields }) {
    calls.push(`${String(input.item)}${params.mark}`);
    if (params.fail !== '' && String(input.item) === params.fail) throw new Error('no');
    return { item: `${String(input.item)}${params.mark}`, fields: { ...fields, stamped: true } };
  },
});

const joined = defineNode({
  ...aLightNode,
  effects: 'pure',
  typicalMs: 100,
  mode: 'all',
  type: 'test.joined',
  inputs: { item: port.any() },
  outputs: { text: port.text() },
  execute({ items }) {
    calls.push('join');
    return { text: items.item.map(({ value, fields }) => `${String(value)}${String(fields.row)}`).join(' ') };
  },
});

const NODES = [listSource, stamp, joined];
const harness = (changes: ConstructorParameters<typeof RunHarness>[1] = {}) => {
  calls.length = 0;
  return new RunHarness(NODES, { openFiles: () => noFiles, ...changes });
};
const graph = (values: string[] = ['a', 'b'], first = '!', last = '?') =>
  aGraph()
    .node('in', 'test.list', { values })
    .node('first', 'test.stamp', { mark: first })
    .node('last', 'test.stamp', { mark: last })
    .wire('in.item', 'first.item')
    .wire('first.item', 'last.item');

describe('the cache of results', () => {
  it('answers a second run whole: no call, no credits, the same items', async () => {
    const own = harness();
    const before = await own.run(graph().build());
    expect(before.outcome.creditsSpent).toBe(20);
    expect(before.steps.first).toMatchObject({
      state: 'succeeded',
      reason: 'It was not executed in this workflow before.',
    });
    calls.length = 0;
    const after = await own.run(graph().build());
    expect(calls).toEqual([]);
    expect(after.outcome).toMatchObject({ state: 'succeeded', creditsSpent: 0 });
    expect(after.steps.last).toMatchObject({
      state: 'cached',
      credits: 0,
      attempts: 0,
      reason: 'Nothing it depends on has changed since it was last executed.',
      outputs: before.steps.last?.outputs,
    });
  });

  it('executes only the last node again when only that one was changed', async () => {
    const own = harness();
    await own.run(graph().build());
    calls.length = 0;
    const { steps } = await own.run(graph(undefined, '!', '.').build());
    expect([steps.first?.state, steps.last?.state]).toEqual(['cached', 'succeeded']);
    expect(calls).toEqual(['a!.', 'b!.']);
  });

  it.each<[string, ReturnType<typeof graph>]>([
    ['an item', graph(['a', 'c'])],
    ['the order of items', graph(['b', 'a'])],
    ['the number of items', graph(['a'])],
    ['a param', graph(undefined, ':')],
  ])('executes again when %s changed', async (_what, changed) => {
    const own = harness();
    await own.run(graph().build());
    expect((await own.run(changed.build())).steps.first?.state).toBe('succeeded');
  });

  it('does not care about ids, names, places and notes', async () => {
    const own = harness();
    await own.run(graph().build());
    const moved = graph().build();
    for (const node of moved.nodes)
      Object.assign(node, { id: `${node.id}2`, name: 'X', notes: 'n', position: { x: 9, y: 9 } });
    for (const edge of moved.edges) for (const end of [edge.from, edge.to]) end.node += '2';
    expect((await own.run(moved)).steps.first2?.state).toBe('cached');
  });

  it('executes again when the fingerprint changed, such as an installed model', async () => {
    const own = harness();
    await own.run(graph(undefined, 'm').build());
    models = 'model 2';
    expect((await own.run(graph(undefined, 'm').build())).steps.first?.state).toBe('succeeded');
    expect((await own.run(graph(undefined, 'm').build())).steps.first?.state).toBe('cached');
  });

  it('takes the fingerprint of every set of params, not of the first item only', async () => {
    const own = harness();
    const byItem = graph(['x', 'm'], '{{ item.value }}').build();
    await own.run(byItem);
    models = 'model 3';
    expect((await own.run(byItem)).steps.first?.state).toBe('succeeded');
  });

  it('executes again when the package came in another version', async () => {
    const cache = new MemoryStepCache();
    const versioned = (version: string) => {
      const registry = new NodeRegistry();
      registry.add({ name: 'test-nodes', version }, NODES as NodeDefinition[]);
      const executor = new LocalExecutor(registry);
      return harness({ cache, registry, executorFor: () => executor });
    };
    await versioned('1.0.0').run(graph().build());
    expect((await versioned('1.0.0').run(graph().build())).steps.first?.state).toBe('cached');
    expect((await versioned('1.0.1').run(graph().build())).steps.first?.state).toBe('succeeded');
  });

  it('keeps nothing of a step in which an item failed', async () => {
    const own = harness();
    const failing = aGraph()
      .node('in', 'test.list', { values: ['a', 'b'] })
      .node('s', 'test.stamp', { fail: 'b' })
      .wire('in.item', 's.item')
      .policy('s', { onError: 'skip-item' })
      .build();
    await own.run(failing);
    expect((await own.run(failing)).steps.s).toMatchObject({ state: 'succeeded', itemsFailed: 1 });
  });

  it('is left alone when the policy says so, and by nodes that are not pure', async () => {
    const own = harness();
    const built = graph().policy('first', { cache: false }).build();
    await own.run(built);
    const { steps } = await own.run(built);
    expect([steps.in?.state, steps.first?.state, steps.last?.state]).toEqual(['succeeded', 'succeeded', 'cached']);
    expect(steps.in?.reason).toBeNull();
  });

  it('looks at all items and their fields of a node that takes them all', async () => {
    const own = harness();
    const built = (values: string[]) =>
      aGraph().node('in', 'test.list', { values }).node('j', 'test.joined').wire('in.item', 'j.item').build();
    expect((await own.run(built(['a', 'b']))).values('j.text')).toEqual(['a0 b1']);
    expect((await own.run(built(['a', 'c']))).values('j.text')).toEqual(['a0 c1']);
    expect((await own.run(built(['a', 'b']))).steps.j?.state).toBe('cached');
  });

  it('that fails is one that forgot: the run goes on and its log says why', async () => {
    const broken: StepCache = {
      get: async () => Promise.reject(new Error('table is locked')),
      put: async () => Promise.reject(new Error('disk is full')),
      trace: async () => Promise.reject(new Error('table is gone')),
    };
    const { outcome, events } = await harness({ cache: broken }).run(graph().build());
    expect(outcome.state).toBe('succeeded');
    const warned = events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
    expect(warned).toContain('The cache of results failed: table is locked');
    expect(warned).toContain('The cache of results failed: disk is full');
    expect(warned).toContain('The cache of results failed: table is gone');
  });
});
