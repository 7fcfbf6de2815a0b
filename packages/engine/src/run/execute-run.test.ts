import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, emit, port, text } from '@imaginarium/node-sdk';
import { type Json, runEventSchema, stepSchema } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { aGraph, aLightNode, listSource, noFiles, passOn, RunHarness, twoWays } from '../testing/index.ts';

const split = defineNode({
  ...aLightNode,
  type: 'test.split',
  inputs: { item: port.any() },
  outputs: { part: port.text(), odd: port.text() },
  execute: ({ input, fields }) => {
    const parts = String(input.item).split(',');
    return {
      part: emit(parts.map((value, index) => (index === 0 ? { value } : { value, fields: { ...fields, index } }))),
      odd: parts.length % 2 === 1 ? 'odd' : undefined,
    };
  },
});

const join = defineNode({
  ...aLightNode,
  type: 'test.join',
  mode: 'all',
  inputs: { item: port.any({ many: true }) },
  outputs: { text: port.text(), last: port.any() },
  execute: ({ input, items }) => ({
    text: input.item.join('+'),
    last: emit([{ value: items.item.at(-1)?.value ?? null, from: items.item.length - 1 }]),
  }),
});

const pairUp = defineNode({
  ...aLightNode,
  type: 'test.pair',
  inputs: { a: port.any(), b: port.any({ optional: true }) },
  outputs: { pair: port.json() },
  execute: ({ input }) => ({ pair: [input.a, input.b ?? null] as Json }),
});

const list = defineNode({
  ...aLightNode,
  type: 'test.collect',
  inputs: { item: port.list(port.text()) },
  outputs: { item: port.list(port.text()) },
  execute: ({ input }) => ({ item: input.item }),
});

const sleep = defineNode({
  ...aLightNode,
  type: 'test.sleep',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { ms: text({ title: 'Milliseconds', default: '50' }) },
  async execute({ input, params, signal }) {
    await wait(Number(params.ms), undefined, { signal });
    return { item: input.item };
  },
});

/** Never returns and never listens: what a hanging library looks like. */
const hang = defineNode({
  ...aLightNode,
  type: 'test.hang',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: () => new Promise<never>(() => undefined),
});

const harness = () =>
  new RunHarness([listSource, passOn, split, twoWays, join, pairUp, list, sleep, hang], { openFiles: () => noFiles });
const source = (values: Json[]) => aGraph().node('in', 'test.list', { values });

describe('items', () => {
  it('pass through nodes one by one, in order, with their fields and what they were made from', async () => {
    const graph = source(['a', 'b', 'c']).node('pass', 'test.pass').wire('in.item', 'pass.item').build();
    const { outcome, steps } = await harness().run(graph);
    expect(outcome).toEqual({ state: 'succeeded', creditsSpent: 0, error: null, cover: null });
    expect(steps.pass).toMatchObject({ state: 'succeeded', itemsIn: 3, itemsFailed: 0, attempts: 1 });
    expect(steps.pass?.outputs).toEqual({
      item: ['a', 'b', 'c'].map((value, row) => ({
        ...{ id: `pass.item.${row}`, value, fields: { row }, from: [`in.item.${row}`] },
      })),
    });
  });

  it('multiply with emit, keep the fields a node leaves out, and leave out ports that got nothing', async () => {
    const graph = source(['a,b', 'c']).node('split', 'test.split').wire('in.item', 'split.item').build();
    const { steps } = await harness().run(graph);
    expect(steps.split?.outputs.part?.map(({ value, fields, from }) => ({ value, fields, from }))).toEqual([
      { value: 'a', fields: { row: 0 }, from: ['in.item.0'] },
      { value: 'b', fields: { row: 0, index: 1 }, from: ['in.item.0'] },
      { value: 'c', fields: { row: 1 }, from: ['in.item.1'] },
    ]);
    expect(steps.split?.outputs.odd?.map(({ from }) => from)).toEqual([['in.item.1']]);
  });

  it('reach a node of mode all together, wires in the order they were drawn; it says what each came from', async () => {
    const graph = source(['a', 'b'])
      .node('more', 'test.list', { values: ['c'] })
      .node('join', 'test.join')
      .wire('more.item', 'join.item')
      .wire('in.item', 'join.item')
      .build();
    const { steps, values } = await harness().run(graph);
    expect(values('join.text')).toEqual(['c+a+b']);
    expect(steps.join?.outputs.text?.[0]).toMatchObject({ fields: {}, from: [] });
    expect(steps.join?.outputs.last?.[0]).toMatchObject({ value: 'b', fields: { row: 1 }, from: ['in.item.1'] });
  });

  it('of two branches meet again by descent', async () => {
    const graph = source(['a,b', 'c,d,e'])
      .node('split', 'test.split')
      .node('pair', 'test.pair')
      .wire('in.item', 'split.item')
      .wire('split.part', 'pair.a')
      .wire('in.item', 'pair.b')
      .build();
    const { values } = await harness().run(graph);
    expect(values('pair.pair')).toEqual([
      ['a', 'a,b'],
      ['b', 'a,b'],
      ['c', 'c,d,e'],
      ['d', 'c,d,e'],
      ['e', 'c,d,e'],
    ]);
  });

  it('that do not pair end the step with words, not with a guess', async () => {
    const graph = source([1, 2, 3])
      .node('two', 'test.list', { values: ['x', 'y'] })
      .node('pair', 'test.pair')
      .wire('in.item', 'pair.a')
      .wire('two.item', 'pair.b')
      .build();
    const { outcome } = await harness().run(graph);
    expect(outcome.error).toEqual({
      code: 'items-do-not-pair',
      node: 'pair',
      message: 'a has 3 items and b has 2, and they do not belong together one by one: some would be left over.',
      remedy: 'Bring both ports the same number of items, or one.',
    });
  });

  it('give the fields of the first port of the description, whichever wire was drawn first', async () => {
    const graph = source(['many', 'more'])
      .node('one', 'test.list', { values: ['single'] })
      .node('pair', 'test.pair')
      .wire('in.item', 'pair.b')
      .wire('one.item', 'pair.a')
      .build();
    const { steps } = await harness().run(graph);
    expect(steps.pair?.outputs.pair?.map(({ value, fields }) => [value, fields])).toEqual([
      [['single', 'many'], { row: 0 }],
      [['single', 'more'], { row: 0 }],
    ]);
  });

  it('arrive at a port of lists as lists, numbers and booleans as text where text is taken', async () => {
    const graph = source(['x', ['a', 2], 5, true])
      .node('list', 'test.collect')
      .wire('in.item', 'list.item')
      .build();
    const { values } = await harness().run(graph);
    expect(values('list.item')).toEqual([['x'], ['a', '2'], ['5'], ['true']]);
  });

  it('of a wrong type, come by way of a port of type any, fail with what was expected', async () => {
    const graph = source([{ no: 'text' }])
      .node('list', 'test.collect')
      .wire('in.item', 'list.item')
      .build();
    const { outcome } = await harness().run(graph);
    expect(outcome.error).toMatchObject({
      code: 'step-refused',
      message: 'item: entry 1: expected text, received object.',
    });
  });
});

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

describe('events', () => {
  it('are numbered without a gap, in order, told after they are stored, and end with the run', async () => {
    const own = harness();
    const told: unknown[] = [];
    own.services.bus.subscribe((events) => told.push(...events));
    const graph = source(['a', 'b']).node('s', 'test.sleep').node('t', 'test.sleep');
    const { events, steps } = await own.run(graph.wire('in.item', 's.item').wire('s.item', 't.item').build());
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(told).toEqual(events);
    expect(events.at(0)?.type).toBe('run.started');
    expect(events.filter(({ type }) => type === 'run.finished')).toEqual([events.at(-1)]);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
    for (const step of Object.values(steps)) expect(stepSchema.parse(step)).toEqual(step);
  });

  it('show progress that only grows, also when an item is tried again or a node reports nonsense', async () => {
    const moody = defineNode({
      ...aLightNode,
      type: 'test.moody',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      async execute({ input, progress }) {
        for (const share of [0.2, 0.9, Number.NaN, -3, 0.1, 7]) {
          progress(share, 'half\u0000way');
          await wait(1);
        }
        if (tries++ < 2) throw new Error('again');
        return { item: input.item };
      },
    });
    let [tries, time] = [0, 0];
    const clock = { now: () => (time += 250), sleep: async () => undefined };
    const graph = source([1, 2, 3]).node('m', 'test.moody').wire('in.item', 'm.item').settings({ concurrency: 1 });
    graph.policy('m', { retry: { attempts: 3, backoffMs: 0, factor: 1, jitter: false } });
    const { events } = await new RunHarness([listSource, moody], { clock, openFiles: () => noFiles }).run(
      graph.build(),
    );
    const shares = events.flatMap((event) => (event.type === 'step.progress' ? [event.progress] : []));
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
  });

  it('hold at most one progress of a step in 200 ms and a thousand lines of its log', async () => {
    const loud = defineNode({
      ...aLightNode,
      type: 'test.loud',
      inputs: {},
      outputs: {},
      execute: ({ log, progress }) => {
        for (let line = 0; line < 5000; line++) {
          log.info(`line ${line}`, { line });
          progress(line / 5000);
        }
        return {};
      },
    });
    const { events } = await new RunHarness([loud]).run(aGraph().node('l', 'test.loud').build());
    const lines = events.filter((event) => event.type === 'log');
    expect(lines).toHaveLength(1000);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('is full') });
    expect(events.filter((event) => event.type === 'step.progress').length).toBeLessThan(5);
  });

  it('survive whatever a node logs', async () => {
    const odd = defineNode({
      ...aLightNode,
      type: 'test.odd',
      inputs: {},
      outputs: {},
      execute: ({ log }) => {
        log.info(`nul \u0000, half \ud83d and ${'x'.repeat(10_000)}`, { call: () => 1 } as never);
        log.info(undefined as never);
        return {};
      },
    });
    const { outcome, events } = await new RunHarness([odd]).run(aGraph().node('o', 'test.odd').build());
    expect(outcome.state).toBe('succeeded');
    const [first, second] = events.filter((event) => event.type === 'log');
    expect(first).toMatchObject({ message: expect.stringMatching(/^nul \ufffd, half \ufffd and x+$/) });
    expect(first).not.toHaveProperty('data');
    expect(second).toMatchObject({ message: 'undefined' });
  });
});

describe('cancelling', () => {
  const graph = source(['a', 'b', 'c'])
    .node('hang', 'test.hang')
    .node('sleep', 'test.sleep', { ms: '60000' })
    .node('after', 'test.pass')
    .wire('in.item', 'hang.item')
    .wire('in.item', 'sleep.item')
    .wire('hang.item', 'after.item')
    .build();

  it('ends the run within a second, also when a node does not listen', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new RunStoppedError('run-cancelled', 'Cancelled.')), 50);
    const startedAt = performance.now();
    const { outcome, steps, events } = await harness().run(graph, {}, controller.signal);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(outcome).toMatchObject({ state: 'cancelled', error: null });
    const states = Object.values(steps).map(({ node, state, error }) => [node, state, error]);
    expect(Object.fromEntries(states.map(([node, state]) => [node, state]))).toEqual({
      ...{ in: 'succeeded', hang: 'cancelled', sleep: 'cancelled', after: 'skipped' },
    });
    expect(steps.after?.reason).toBe('The run ended before its turn.');
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', state: 'cancelled' });
  });

  it('before the first node executes nothing', async () => {
    const signal = AbortSignal.abort(new RunStoppedError('run-cancelled', 'Cancelled.'));
    const { outcome, steps } = await harness().run(graph, {}, signal);
    expect(outcome.state).toBe('cancelled');
    expect(Object.values(steps).every(({ state }) => state === 'skipped')).toBe(true);
  });

  it('happens by itself when the run takes longer than its settings allow', async () => {
    const limited = { ...graph, settings: { timeoutMs: 60 } };
    const { outcome } = await harness().run(limited);
    expect(outcome).toMatchObject({
      state: 'failed',
      error: { code: 'run-timeout', message: 'The run took longer than its limit of 0.06 s.' },
    });
  });

  it('does not happen to a run that may take 30 days', async () => {
    const short = source(['a'])
      .node('s', 'test.sleep')
      .wire('in.item', 's.item')
      .settings({ timeoutMs: 2_592_000_000 });
    expect((await harness().run(short.build())).outcome.state).toBe('succeeded');
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
