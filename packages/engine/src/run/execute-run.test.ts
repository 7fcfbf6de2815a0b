import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import {
  aGraph,
  aLightNode,
  listSource,
  noFiles,
  pairUp,
  passOn,
  RunHarness,
  sleep,
  split,
  twoWays,
} from '../testing/index.ts';

const harness = () => new RunHarness([listSource, passOn, split, twoWays, pairUp, sleep], { openFiles: () => noFiles });
const source = (values: Json[]) => aGraph().node('in', 'test.list', { values });

describe('branches', () => {
  it('execute at the same time', async () => {
    const graph = source(['x'])
      .node('a', 'test.sleep', { ms: '300' })
      .node('b', 'test.sleep', { ms: '300' })
      .wire('in.item', 'a.item')
      .wire('in.item', 'b.item')
      .build();
    const startedAt = performance.now();
    const { events } = await harness().run(graph);
    expect(performance.now() - startedAt).toBeLessThan(550);
    const order = events.flatMap((event) =>
      'node' in event && event.type.startsWith('step') ? [`${event.type} ${event.node}`] : [],
    );
    expect(order.indexOf('step.started b')).toBeLessThan(order.indexOf('step.finished a'));
  });

  it.each([1, 3])('together never work on more than %i items at once', async (concurrency) => {
    let [now, most] = [0, 0];
    const counting = defineNode({
      ...aLightNode,
      type: 'test.count',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      async execute({ input }) {
        most = Math.max(most, ++now);
        await wait(5);
        now--;
        return { item: input.item };
      },
    });
    const graph = source([1, 2, 3, 4, 5, 6])
      .node('a', 'test.count')
      .node('b', 'test.count')
      .wire('in.item', 'a.item')
      .wire('in.item', 'b.item')
      .settings({ concurrency })
      .build();
    await new RunHarness([listSource, counting], { openFiles: () => noFiles }).run(graph);
    expect(most).toBe(concurrency);
  });

  it('that get no items are skipped, with the reason, down to the end', async () => {
    const graph = source(['a,b'])
      .node('split', 'test.split', {}, { name: 'Splitter' })
      .node('odd', 'test.pass', {}, { name: 'Odd ones' })
      .node('after', 'test.pass')
      .node('even', 'test.pass')
      .wire('in.item', 'split.item')
      .wire('split.odd', 'odd.item')
      .wire('odd.item', 'after.item')
      .wire('split.part', 'even.item')
      .build();
    const { outcome, steps } = await harness().run(graph);
    expect(outcome.state).toBe('succeeded');
    expect(steps.odd).toMatchObject({ state: 'skipped', reason: 'Nothing came from Splitter.', startedAt: null });
    expect(steps.after).toMatchObject({ state: 'skipped', reason: 'Nothing came from Odd ones.', outputs: {} });
    expect(steps.even?.state).toBe('succeeded');
  });

  it('go on without an optional input that got nothing', async () => {
    const graph = source(['a,b'])
      .node('split', 'test.split')
      .node('pair', 'test.pair')
      .wire('in.item', 'split.item')
      .wire('in.item', 'pair.a')
      .wire('split.odd', 'pair.b')
      .build();
    const { values } = await harness().run(graph);
    expect(values('pair.pair')).toEqual([['a,b', null]]);
  });

  it('pass through a disabled node untouched', async () => {
    const graph = source(['a', 'b'])
      .node('off', 'test.pass', {}, { disabled: true })
      .node('end', 'test.pass')
      .wire('in.item', 'off.item')
      .wire('off.item', 'end.item')
      .build();
    const { steps, values } = await harness().run(graph);
    expect(steps.off).toMatchObject({ state: 'skipped', reason: 'It is disabled; what reached it was passed on.' });
    expect(values('end.item')).toEqual(['a', 'b']);
  });

  it('go one way through a disabled node with several, as the price says before', async () => {
    const graph = source(['a', 'b'])
      .node('off', 'test.ways', {}, { disabled: true })
      .node('first', 'test.pass')
      .node('second', 'test.pass')
      .wire('in.item', 'off.item')
      .wire('off.yes', 'first.item')
      .wire('off.no', 'second.item')
      .build();
    const own = harness();
    const { steps, values } = await own.run(graph);
    expect([values('first.item'), steps.second?.state]).toEqual([['a', 'b'], 'skipped']);
  });

  it('end at a disabled node that has no port of the same type to pass on', async () => {
    const graph = source(['a'])
      .node('off', 'test.split', {}, { disabled: true })
      .node('end', 'test.pass')
      .wire('in.item', 'off.item')
      .wire('off.part', 'end.item')
      .build();
    expect((await harness().run(graph)).steps.end).toMatchObject({ state: 'skipped' });
  });
});

describe('a run that cannot start', () => {
  it('fails with the first problem of its graph', async () => {
    const { outcome, steps } = await harness().run(aGraph().node('p', 'test.pass').build());
    expect(outcome.error).toEqual({
      code: 'graph-invalid',
      message: 'p has nothing wired to its item port.',
      remedy: 'Wire another node to it, or disable the node.',
    });
    expect(steps).toEqual({});
  });

  it('fails when it is given an input that the graph does not ask for', async () => {
    const { outcome } = await harness().run(source([]).build(), { size: 1 });
    expect(outcome.error).toEqual({
      code: 'input-invalid',
      message: 'inputs: this workflow asks for none, received "size"',
    });
  });
});
