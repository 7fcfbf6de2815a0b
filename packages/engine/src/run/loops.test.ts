import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, emit, json, port, text } from '@imaginarium/node-sdk';
import type { Graph, NodePolicy } from '@imaginarium/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { aGraph, aLightNode, eachLoop, listSource, noFiles, passOn, RunHarness, untilLoop } from '../testing/index.ts';

/** What the test nodes did: the value they worked on and their idempotency keys, without the run's id. */
const done: { value: unknown; key: string }[] = [];
let most = 0;
let under = 0;

const add = defineNode({
  ...aLightNode,
  type: 'test.add',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { add: json({ title: 'Add', default: 1 }), failAt: json({ title: 'Fail at', default: [] }) },
  credits: ({ items }) => 10 * items,
  async execute({ input, params, idempotencyKey }) {
    most = Math.max(most, ++under);
    await wait(1);
    under--;
    done.push({ value: input.item, key: idempotencyKey.split(':').slice(1).join(':') });
    if ((params.failAt as unknown[]).includes(input.item)) throw new Error(`It broke at ${input.item}.`);
    return { item: Number(input.item) + Number(params.add) };
  },
});

const say = defineNode({
  ...aLightNode,
  type: 'test.say',
  inputs: { item: port.any() },
  outputs: { item: port.text() },
  params: { text: text({ title: 'Text' }) },
  execute: ({ params }) => ({ item: params.text }),
});

/** Takes all items at once. */
const sum = defineNode({
  ...aLightNode,
  type: 'test.sum',
  mode: 'all',
  inputs: { item: port.any() },
  outputs: { item: port.number() },
  execute: ({ input }) => ({ item: input.item.reduce((total: number, value) => total + Number(value), 0) }),
});

const join = defineNode({
  ...aLightNode,
  type: 'test.join',
  inputs: { a: port.any(), b: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: `${input.a}${input.b}` }),
});

/** Gives an item as often as its value says, none for 0. */
const copies = defineNode({
  ...aLightNode,
  type: 'test.copies',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: emit(Array.from({ length: Number(input.item) }, () => ({ value: input.item }))) }),
});

const nodes = [listSource, passOn, eachLoop, untilLoop, add, say, sum, join, copies];
const harness = () => new RunHarness(nodes, { openFiles: () => noFiles });
const inside = (parent: string) => ({ parent });

beforeEach(() => {
  done.length = 0;
  most = 0;
  under = 0;
});

/** list -> each { add } */
function anEach(values: number[], params = {}, addParams = {}, policy: NodePolicy = {}): Graph {
  return aGraph()
    .node('list', 'test.list', { values })
    .node('each', 'test.each', params, { policy })
    .node('a', 'test.add', addParams, inside('each'))
    .wire('list.item', 'each.items')
    .wire('each.item', 'a.item')
    .wire('a.item', 'each.result')
    .build();
}

describe('a loop over items', () => {
  it('runs what is placed in it once for each item, and gives what comes back in the order of the items', async () => {
    const run = await harness().run(anEach([5, 6, 7]));
    expect(run.outcome).toMatchObject({ state: 'succeeded', creditsSpent: 30 });
    expect(run.values('each.results')).toEqual([6, 7, 8]);
    expect(run.steps.each).toMatchObject({ state: 'succeeded', itemsIn: 3, reason: '3 iterations.' });
    expect(run.steps['a@each#1']).toMatchObject({ node: 'a', iteration: 'each#1', state: 'succeeded', credits: 10 });
    expect(run.steps.a).toBeUndefined();
    expect(done.map(({ key }) => key).sort()).toEqual(['a@each#0:0', 'a@each#1:0', 'a@each#2:0']);
  });

  it('gives items with fields and descent, so that they pair with what they were made from', async () => {
    const graph = anEach([5, 6, 7]);
    const paired = aGraph()
      .node('join', 'test.join')
      .wire('list.item', 'join.a')
      .wire('each.results', 'join.b')
      .build();
    const run = await harness().run({
      ...graph,
      nodes: [...graph.nodes, ...paired.nodes],
      edges: [...graph.edges, ...paired.edges.map((edge) => ({ ...edge, id: `j${edge.id}` }))],
    });
    expect(run.values('join.item')).toEqual(['56', '67', '78']);
    expect(run.steps.each?.outputs.results?.[2]).toEqual({
      ...{ id: 'each.results.2', value: 8, fields: { row: 2 }, from: ['list.item.2'] },
    });
  });

  it('hands several items to each iteration, and what is left to the last', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3, 4, 5] })
      .node('each', 'test.each', { size: 2 })
      .node('sum', 'test.sum', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'sum.item')
      .wire('sum.item', 'each.result')
      .build();
    const run = await harness().run(graph);
    expect(run.values('each.results')).toEqual([3, 7, 5]);
    expect(run.steps.each?.outputs.results?.[0]?.from).toEqual(['list.item.0', 'list.item.1']);
  });

  it('keeps as many iterations under way as it says, and the run no more items than its settings say', async () => {
    const many = Array.from({ length: 20 }, (_, index) => index);
    await harness().run(anEach(many, { atOnce: 1 }));
    expect(most).toBe(1);
    expect(done.map(({ value }) => value)).toEqual(many);
    most = 0;
    await harness().run(anEach(many, { atOnce: 3 }));
    expect(most).toBe(3);
    most = 0;
    await harness().run({ ...anEach(many, { atOnce: 16 }), settings: { concurrency: 2 } });
    expect(most).toBe(2);
  });

  it('lets expressions see the nodes around it and inside it, and where the loop is', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: ['x', 'y'] })
      .node('other', 'test.list', { values: ['far'] })
      .node('each', 'test.each')
      .node('near', 'test.pass', {}, inside('each'))
      .node(
        'say',
        'test.say',
        {
          text: '{{ nodes.other.items[0].value }} {{ nodes.near.items[0].value }} {{ nodes.each.items[0].value }} {{ loop.index + 1 }}/{{ loop.count }}',
        },
        inside('each'),
      )
      .wire('list.item', 'each.items')
      .wire('each.item', 'near.item')
      .wire('near.item', 'say.item')
      .wire('say.item', 'each.result')
      .build();
    const run = await harness().run(graph);
    expect(run.values('each.results')).toEqual(['far x x 1/2', 'far y y 2/2']);
  });

  it('hands what is shared whole to every iteration', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2] })
      .node('mark', 'test.list', { values: ['!'] })
      .node('each', 'test.each')
      .node('join', 'test.join', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('mark.item', 'each.shared')
      .wire('each.item', 'join.a')
      .wire('each.shared', 'join.b')
      .wire('join.item', 'each.result')
      .build();
    expect((await harness().run(graph)).values('each.results')).toEqual(['1!', '2!']);
  });

  it('takes none or several items from an iteration, and skips nodes that nothing reaches', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [2, 0, 1] })
      .node('each', 'test.each')
      .node('copies', 'test.copies', {}, inside('each'))
      .node('pass', 'test.pass', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'copies.item')
      .wire('copies.item', 'pass.item')
      .wire('pass.item', 'each.result')
      .build();
    const run = await harness().run(graph);
    expect(run.values('each.results')).toEqual([2, 2, 1]);
    expect(run.steps['pass@each#1']).toMatchObject({ state: 'skipped', reason: 'Nothing came from copies.' });
  });

  it('ends with the first iteration that fails, says which, and stops the others', async () => {
    const run = await harness().run(anEach([1, 2, 3, 4], { atOnce: 2 }, { failAt: [2] }));
    const error = { code: 'step-failed', message: 'Iteration 2 of 4: It broke at 2.', node: 'a' };
    expect(run.outcome).toMatchObject({ state: 'failed', error });
    expect(run.steps.each).toMatchObject({ state: 'failed', error });
    expect(run.steps['a@each#1']).toMatchObject({ state: 'failed', error: { message: 'It broke at 2.' } });
    expect(run.steps['a@each#3']).toBeUndefined();
  });

  it('leaves iterations out that fail where its policy says so', async () => {
    const run = await harness().run(anEach([1, 2, 3], {}, { failAt: [2] }, { onError: 'skip-item' }));
    expect(run.outcome).toMatchObject({ state: 'succeeded', creditsSpent: 20 });
    expect(run.values('each.results')).toEqual([2, 4]);
    expect(run.steps.each).toMatchObject({ state: 'succeeded', itemsFailed: 1 });
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'log', node: 'each', message: 'Iteration 2 of 3 was left out: It broke at 2.' }),
    );
  });

  it('sends iterations that fail to the error port where its policy says so', async () => {
    const run = await harness().run(anEach([1, 2, 3], {}, { failAt: [3, 1] }, { onError: 'error-port' }));
    expect(run.values('each.results')).toEqual([3]);
    expect(run.steps.each?.outputs.error).toMatchObject([
      { id: 'each.error.0', value: { message: 'It broke at 1.' }, fields: { row: 0 }, from: ['list.item.0'] },
      { id: 'each.error.1', value: { message: 'It broke at 3.' }, fields: { row: 2 }, from: ['list.item.2'] },
    ]);
  });

  it('limits the time of each iteration', async () => {
    const slow = defineNode({
      ...aLightNode,
      type: 'test.slow',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      async execute({ input, signal }) {
        if (input.item === 2) await wait(60_000, undefined, { signal });
        return { item: input.item };
      },
    });
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3] })
      .node('each', 'test.each', {}, { policy: { timeoutMs: 100, onError: 'skip-item' } })
      .node('slow', 'test.slow', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'slow.item')
      .wire('slow.item', 'each.result')
      .build();
    const run = await new RunHarness([...nodes, slow], { openFiles: () => noFiles }).run(graph);
    expect(run.values('each.results')).toEqual([1, 3]);
    expect(run.steps['slow@each#1']).toMatchObject({ state: 'cancelled' });
  });

  it('is passed by when it is disabled, with all that is in it', async () => {
    const graph = anEach([1, 2]);
    const off = graph.nodes.map((node) => (node.id === 'each' ? { ...node, disabled: true } : node));
    const run = await harness().run({ ...graph, nodes: off });
    expect(run.values('each.results')).toEqual([1, 2]);
    expect(Object.keys(run.steps).sort()).toEqual(['each', 'list']);
  });

  it('is cancelled with its run', async () => {
    const stop = new AbortController();
    const running = harness().run(anEach(Array.from({ length: 1000 }, (_, index) => index)), {}, stop.signal);
    await wait(50);
    stop.abort(new RunStoppedError('run-cancelled', 'Somebody cancelled it.'));
    const run = await running;
    expect(run.outcome.state).toBe('cancelled');
    expect(run.steps.each?.state).toBe('cancelled');
    expect(Object.values(run.steps).filter(({ state }) => state === 'running')).toEqual([]);
  });

  it('says how far it is', async () => {
    const { events } = await harness().run(anEach([1, 2]));
    expect(events).toContainEqual(expect.objectContaining({ type: 'step.progress', node: 'each', message: '0 of 2' }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'step.started', node: 'a', iteration: 'each#1' }));
  });

  it('stands in another loop', async () => {
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3] })
      .node('outer', 'test.each', { size: 2 })
      .node('inner', 'test.each', {}, inside('outer'))
      .node('a', 'test.say', { text: '{{ item.value }}:{{ loop.outer.index }}.{{ loop.index }}' }, inside('inner'))
      .wire('list.item', 'outer.items')
      .wire('outer.item', 'inner.items')
      .wire('inner.item', 'a.item')
      .wire('a.item', 'inner.result')
      .wire('inner.results', 'outer.result')
      .build();
    const run = await harness().run(graph);
    expect(run.values('outer.results')).toEqual(['1:0.0', '2:0.1', '3:1.0']);
    expect(run.steps['a@outer#0/inner#1']?.iteration).toBe('outer#0/inner#1');
    expect(run.steps.outer?.outputs.results?.[2]?.from).toEqual(['list.item.2']);
  });

  it('takes ten thousand iterations, stored in many small parts', { timeout: 30_000 }, async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index);
    const graph = aGraph()
      .node('list', 'test.list', { values: many })
      .node('each', 'test.each')
      .node('pass', 'test.pass', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'pass.item')
      .wire('pass.item', 'each.result')
      .build();
    const world = harness();
    let largest = 0;
    const checkpoint = world.store.checkpoint.bind(world.store);
    world.store.checkpoint = (lease, part) => {
      largest = Math.max(largest, part.steps.length + part.events.length);
      return checkpoint(lease, part);
    };
    const run = await world.run(graph);
    expect(run.values('each.results')).toEqual(many);
    expect(Object.keys(run.steps)).toHaveLength(10_002);
    expect(largest).toBeLessThan(1000);
  });
});

/** list -> until { add } */
function anUntil(values: number[], params = {}, addParams = {}, policy: NodePolicy = {}): Graph {
  return aGraph()
    .node('list', 'test.list', { values })
    .node('until', 'test.until', params, { policy })
    .node('a', 'test.add', addParams, inside('until'))
    .wire('list.item', 'until.start')
    .wire('until.current', 'a.item')
    .wire('a.item', 'until.result')
    .build();
}

describe('a loop that repeats', () => {
  it('goes round with each item until it is done, and gives them in the order in which they came', async () => {
    const run = await harness().run(anUntil([7, 9, 8]));
    expect(run.values('until.done')).toEqual([10, 10, 10]);
    expect(run.steps.until?.outputs.done?.map(({ fields, from }) => [fields.row, from])).toEqual([
      [0, ['list.item.0']],
      [1, ['list.item.1']],
      [2, ['list.item.2']],
    ]);
    expect(run.steps.until?.reason).toBe('3 rounds.');
    expect([0, 1, 2].map((round) => run.steps[`a@until#${round}`]?.itemsIn)).toEqual([3, 2, 1]);
    expect(run.outcome.creditsSpent).toBe(60);
  });

  it('lets items that reach the limit leave by a port of their own', async () => {
    const run = await harness().run(anUntil([7, 1], { limit: 3 }));
    expect([run.values('until.done'), run.values('until.unfinished')]).toEqual([[10], [4]]);
    expect(run.steps.until?.reason).toBe('3 rounds; the limit stopped some items.');
  });

  it('goes round at least once, and ends when nothing comes back', async () => {
    expect((await harness().run(anUntil([50]))).values('until.done')).toEqual([51]);
    const graph = anUntil([0]);
    const nodes = graph.nodes.map((node) => (node.id === 'a' ? { ...node, type: 'test.copies', params: {} } : node));
    const run = await harness().run({ ...graph, nodes });
    expect(run.outcome.state).toBe('succeeded');
    expect(run.values('until.done')).toEqual([]);
  });

  it('keeps what was done before a round failed, where its policy says so', async () => {
    const run = await harness().run(anUntil([9, 1], {}, { failAt: [3] }, { onError: 'skip-item' }));
    expect(run.values('until.done')).toEqual([10]);
    expect(run.steps.until).toMatchObject({ state: 'succeeded', itemsFailed: 1 });
    const stopped = await harness().run(anUntil([1], {}, { failAt: [3] }));
    expect(stopped.outcome.error?.message).toBe('Iteration 3: It broke at 3.');
  });
});
