import { defineNode, emit, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { MemoryStepCache } from '../memory/memory-step-cache.ts';
import { aGraph, aLightNode, listSource, noFiles, passOn, RunHarness } from '../testing/index.ts';

/** Fails for the values its param lists, each time or only the first time; counts its calls and their keys. */
function picky(times = Number.POSITIVE_INFINITY) {
  const calls: string[] = [];
  const keys: string[] = [];
  const node = defineNode({
    ...aLightNode,
    type: 'test.picky',
    inputs: { item: port.any() },
    outputs: { item: port.any() },
    params: { bad: text({ title: 'Bad', default: '' }) },
    credits: ({ items }) => 10 * items,
    execute({ input, params, idempotencyKey }) {
      const value = String(input.item);
      calls.push(value);
      keys.push(idempotencyKey);
      const tries = calls.filter((call) => call === value).length;
      if (params.bad.includes(value) && tries <= times) throw new Error(`${value} is bad`);
      return { item: input.item };
    },
  });
  return { node, calls, keys };
}

const rescue = defineNode({
  ...aLightNode,
  type: 'test.rescue',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { say: text({ title: 'Say', default: '' }) },
  execute: ({ params, input }) => {
    if (input.item === 'lost') throw new NonRetryableError('cannot rescue lost');
    return { item: params.say };
  },
});

const graph = (bad: string, values: string[] = ['a', 'b', 'c', 'd']) =>
  aGraph()
    .node('in', 'test.list', { values })
    .node('p', 'test.picky', { bad }, { name: 'Picky' })
    .node('end', 'test.pass')
    .wire('in.item', 'p.item')
    .wire('p.item', 'end.item');

const run = (nodes: Parameters<typeof harness>[0], built: ReturnType<typeof graph>) =>
  harness(nodes).run(built.build());
function harness(node: ReturnType<typeof picky>['node']) {
  return new RunHarness([listSource, passOn, rescue, node], { openFiles: () => noFiles });
}

describe('a node that fails', () => {
  it('stops the run by default, with what it said; nothing after it executes, and the failed step costs nothing', async () => {
    const { outcome, steps } = await run(picky().node, graph('b'));
    expect(outcome).toEqual({
      ...{ state: 'failed', creditsSpent: 0, cover: null },
      error: { code: 'step-failed', message: 'b is bad', node: 'p' },
    });
    expect(steps.p).toMatchObject({ state: 'failed', credits: 0, error: { message: 'b is bad' } });
    expect(steps.p?.failedItems).toEqual([{ index: 1, code: 'step-failed', message: 'b is bad' }]);
    expect(steps.end).toMatchObject({ state: 'skipped', reason: 'The run ended before its turn.' });
  });

  it('leaves the rest of its items alone once the run is to stop', async () => {
    const { node, calls } = picky();
    await run(node, graph('b').settings({ concurrency: 1 }));
    expect(calls).toEqual(['a', 'b']);
  });

  it('is paid for what it did before: a run that fails later keeps what it spent', async () => {
    const built = graph('').node('q', 'test.picky', { bad: 'c' }).wire('p.item', 'q.item');
    const { outcome } = await run(picky().node, built);
    expect(outcome).toMatchObject({ state: 'failed', creditsSpent: 40 });
  });

  it('says how often it tried, and its retries are told', async () => {
    const { node, keys } = picky();
    const built = graph('b', ['b']).policy('p', { retry: { attempts: 3, backoffMs: 1, factor: 1, jitter: false } });
    const { steps, events } = await run(node, built);
    expect(steps.p).toMatchObject({ state: 'failed', attempts: 3 });
    expect(new Set(keys).size).toBe(1);
    expect(events.filter((event) => event.type === 'step.retrying')).toMatchObject([
      { node: 'p', attempt: 2, delayMs: 1, message: 'b is bad' },
      { node: 'p', attempt: 3, delayMs: 1, message: 'b is bad' },
    ]);
  });

  it('succeeds on a later try, item by item, with a key per item that stays the same', async () => {
    const { node, calls, keys } = picky(1);
    const built = graph('bd').policy('p', { retry: { attempts: 2, backoffMs: 0, factor: 1, jitter: false } });
    const { outcome, steps, values } = await run(node, built);
    expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: 40 });
    expect(steps.p).toMatchObject({ attempts: 2, itemsFailed: 0 });
    expect(values('p.item')).toEqual(['a', 'b', 'c', 'd']);
    expect(calls).toHaveLength(6);
    expect(new Set(keys).size).toBe(4);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}:p:0$/);
  });

  it('times out per attempt, with a remedy', async () => {
    const hang = defineNode({
      ...aLightNode,
      type: 'test.picky',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      params: { bad: text({ title: 'Bad', default: '' }) },
      execute: () => new Promise<never>(() => undefined),
    });
    const { outcome } = await run(hang as never, graph('').policy('p', { timeoutMs: 30 }));
    expect(outcome.error).toEqual({
      ...{ code: 'step-timeout', message: 'It took longer than its limit of 0.03 s.', node: 'p' },
      remedy: "Raise the limit in the node's policy, or give it less work.",
    });
  });
});

describe('skip-item', () => {
  it('leaves the item out, goes on with the others, and takes no credits for it', async () => {
    const { outcome, steps, values, events } = await run(
      picky().node,
      graph('bd').policy('p', { onError: 'skip-item' }),
    );
    expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: 20 });
    expect(values('end.item')).toEqual(['a', 'c']);
    expect(steps.p).toMatchObject({ state: 'succeeded', itemsIn: 4, itemsFailed: 2, credits: 20 });
    expect(steps.p?.failedItems).toEqual([
      { index: 1, code: 'step-failed', message: 'b is bad' },
      { index: 3, code: 'step-failed', message: 'd is bad' },
    ]);
    const warned = events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
    expect(warned.toSorted()).toEqual(['An item was left out: b is bad', 'An item was left out: d is bad']);
  });

  it('skips what hangs on the node when no item is left', async () => {
    const { outcome, steps } = await run(picky().node, graph('abcd').policy('p', { onError: 'skip-item' }));
    expect(outcome).toMatchObject({ state: 'succeeded', creditsSpent: 0 });
    expect(steps.end).toMatchObject({ state: 'skipped', reason: 'Nothing came from Picky.' });
  });

  it('leaves out an item whose params do not fit', async () => {
    const built = aGraph()
      .node('in', 'test.list', { values: ['a', 7, 'c'] })
      .node('p', 'test.picky', { bad: '{{ item.value }}' })
      .wire('in.item', 'p.item')
      .policy('p', { onError: 'skip-item' });
    const strict = defineNode({
      ...aLightNode,
      type: 'test.picky',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      params: { bad: text({ title: 'Bad', default: '', maxLength: 1, required: true }) },
      execute: ({ params }) => ({ item: params.bad }),
    });
    const fine = await run(strict as never, built);
    expect(fine.values('p.item')).toEqual(['a', '7', 'c']);
    const long = aGraph()
      .node('in', 'test.list', { values: ['a', 'too long', 'c'] })
      .build();
    const { steps, values } = await harness(strict as never).run({
      ...built.build(),
      nodes: [...long.nodes, ...built.build().nodes.slice(1)],
    });
    expect(values('p.item')).toEqual(['a', 'c']);
    expect(steps.p).toMatchObject({ itemsFailed: 1, state: 'succeeded' });
  });
});

describe('error-port', () => {
  it('sends the failed items out by the port error, with code, message and their fields', async () => {
    const built = graph('bd')
      .policy('p', { onError: 'error-port' })
      .node('bad', 'test.pass')
      .wire('p.error', 'bad.item');
    const { outcome, steps, values } = await run(picky().node, built);
    expect(outcome.state).toBe('succeeded');
    expect(values('end.item')).toEqual(['a', 'c']);
    expect(steps.bad?.outputs.item).toMatchObject([
      { value: { code: 'step-failed', message: 'b is bad' }, fields: { row: 1 } },
      { value: { code: 'step-failed', message: 'd is bad' }, fields: { row: 3 } },
    ]);
    expect(steps.p?.outputs.error?.[0]?.from).toEqual(['in.item.1']);
  });
});

describe('a node that is called once for all items', () => {
  /** Passes on what is not bad, at once or later. */
  const sieve = (isLater: boolean) =>
    defineNode({
      ...aLightNode,
      type: 'test.picky',
      mode: 'all',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      params: { bad: text({ title: 'Bad', default: '' }) },
      credits: ({ items }) => 10 * items,
      execute({ items, params }) {
        const entries = items.item.map(({ value }, from) => ({ value: String(value), from }));
        const isBad = ({ value }: { value: string }) => params.bad.includes(value);
        const failed = entries.filter(isBad).map(({ value, from }) => ({ item: from, message: `${value} is bad` }));
        const result = {
          item: emit(
            entries.filter((entry) => !isBad(entry)),
            { failed },
          ),
        };
        return isLater ? Promise.resolve(result) : result;
      },
    });
  const named = [
    { index: 1, code: 'step-refused', message: 'b is bad' },
    { index: 3, code: 'step-refused', message: 'd is bad' },
  ];

  it.each([false, true])(
    'may name those that came to nothing, and its policy says what of them (later: %s)',
    async (isLater) => {
      const stopped = await run(sieve(isLater), graph('bd'));
      const message = 'Item 2: b is bad (2 items failed)';
      expect(stopped.outcome).toMatchObject({ state: 'failed', error: { code: 'step-refused', message, node: 'p' } });
      expect(stopped.steps.p?.failedItems).toEqual(named);
      const single = await run(sieve(isLater), graph('d'));
      expect([single.outcome.error?.message, single.steps.p?.failedItems]).toEqual(['Item 4: d is bad', undefined]);

      const skipped = await run(sieve(isLater), graph('bd').policy('p', { onError: 'skip-item' }));
      expect([skipped.outcome.state, skipped.values('end.item')]).toEqual(['succeeded', ['a', 'c']]);
      expect(skipped.steps.p).toMatchObject({ state: 'succeeded', itemsFailed: 2, failedItems: named, credits: 20 });

      const built = graph('bd')
        .policy('p', { onError: 'error-port' })
        .node('bad', 'test.pass')
        .wire('p.error', 'bad.item');
      const parted = await run(sieve(isLater), built);
      expect(parted.values('end.item')).toEqual(['a', 'c']);
      expect(parted.steps.bad?.outputs.item).toMatchObject([
        { value: { code: 'step-refused', message: 'b is bad' }, fields: { row: 1 } },
        { value: { code: 'step-refused', message: 'd is bad' }, fields: { row: 3 } },
      ]);
      expect(parted.steps.p?.outputs.error?.map(({ from }) => from)).toEqual([['in.item.1'], ['in.item.3']]);
    },
  );
});

describe('a fallback', () => {
  const built = (bad: string, values?: string[]) =>
    graph(bad, values)
      .policy('p', { onError: { fallback: 'r' } })
      .node('r', 'test.rescue', { say: 'saved {{ item.index }}' }, { name: 'Rescue' });

  it('takes the place of the node for the items that failed, with its own params', async () => {
    const { outcome, steps, values, events } = await run(picky().node, built('bd'));
    expect(outcome.state).toBe('succeeded');
    expect(values('end.item')).toEqual(['a', 'saved 1', 'c', 'saved 3']);
    expect(steps.p).toMatchObject({ itemsFailed: 0, state: 'succeeded' });
    expect(steps.r).toBeUndefined();
    expect(events.some((event) => event.type === 'log' && event.message === 'Rescue takes over: b is bad')).toBe(true);
  });

  it('that fails too fails the step', async () => {
    const { outcome } = await run(picky().node, built('lost', ['lost']));
    expect(outcome.error).toMatchObject({ code: 'step-refused', message: 'cannot rescue lost', node: 'p' });
  });

  it('leaves nothing in the cache: the node itself is asked again', async () => {
    let broken = true;
    const node = defineNode({
      ...aLightNode,
      effects: 'pure',
      typicalMs: 100,
      type: 'test.picky',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      params: { bad: text({ title: 'Bad', default: '' }) },
      execute({ input }) {
        if (broken) throw new Error('broken');
        return { item: input.item };
      },
    });
    const own = new RunHarness([listSource, passOn, rescue, node], {
      openFiles: () => noFiles,
      cache: new MemoryStepCache(),
    });
    expect((await own.run(built('', ['x']).build())).values('end.item')).toEqual(['saved 0']);
    broken = false;
    expect((await own.run(built('', ['x']).build())).values('end.item')).toEqual(['x']);
  });
});
