import type { JsonObject } from '@imaginarium/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { LeaseLostError } from '../ports/run-store.ts';
import { aGraph } from '../testing/index.ts';
import { aChain, called, waitingWorld } from '../testing/waiting-world.ts';

beforeEach(() => called.clear());

describe('a run that waits', () => {
  it('lets its worker go, and goes on with what came, without repeating what is done', async () => {
    const { turn, load, states, answer, types, store } = await waitingWorld(aChain().build());
    expect(await turn()).toEqual({ state: 'waiting', queued: false });
    expect(await states()).toEqual({ in: 'succeeded', ask: 'waiting' });
    expect((await load()).run.state).toBe('waiting');
    await answer();
    expect(await turn()).toMatchObject({ state: 'succeeded', creditsSpent: 10 });
    const { steps, parked } = await load();
    expect(steps.at(-1)?.outputs.item?.map(({ value }) => value)).toEqual(['yes']);
    expect([parked, store.available]).toEqual([undefined, 990]);
    expect((await types()).filter((type) => /^run|waiting/.test(type))).toEqual([
      ...['run.started', 'step.waiting', 'run.waiting', 'run.resumed', 'run.finished'],
    ]);
  });

  it('goes on with its other branches first', async () => {
    const graph = aChain().node('side', 'test.pass').wire('in.item', 'side.item').build();
    const { turn, states } = await waitingWorld(graph);
    await turn();
    expect(await states()).toEqual({ in: 'succeeded', ask: 'waiting', side: 'succeeded' });
  });

  it('waits for each item on its own, and keeps what the others gave', async () => {
    const { turn, waits, answer, load } = await waitingWorld(aChain(['x', 'y', 'z']).build());
    await turn();
    expect((await waits()).map(({ call }) => call)).toEqual([0, 1, 2]);
    for (const index of [0, 1]) expect(await answer(index)).toEqual({ taken: true, queued: null });
    expect(await answer(2)).toMatchObject({ taken: true, queued: { again: true } });
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    expect((await load()).steps.find(({ node }) => node === 'ask')?.outputs.item?.map(({ value }) => value)).toEqual([
      ...['x', 'y', 'z'],
    ]);
    expect([...called.values()]).toEqual([2, 2, 2]);
  });

  it('goes on when its time has come, and not before; items that are done are not repeated', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['now', '2026-03-01T10:00:00.000Z', 'now'] })
      .node('sleep', 'test.sleep')
      .wire('in.item', 'sleep.item');
    const { turn, store, pass, load } = await waitingWorld(graph.build());
    await turn();
    pass(3_599_999);
    expect(await store.waits.listDue(9)).toEqual([]);
    pass(1);
    const [due] = await store.waits.listDue(9);
    await store.waits.answer(due?.wait.id ?? '', { timeIsUp: true, value: null });
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    const answers = (await load()).steps.find(({ node }) => node === 'sleep')?.outputs.answer;
    expect(answers?.map(({ value }) => value)).toEqual([1, 2, 1]);
  });

  it('sleeps through a short time itself', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['2026-03-01T09:00:00.020Z'] })
      .node('sleep', 'test.sleep')
      .wire('in.item', 'sleep.item');
    const { turn, types } = await waitingWorld(graph.build());
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    expect(await types()).not.toContain('run.waiting');
  });

  it('takes no time while it waits', async () => {
    const { turn, answer, pass } = await waitingWorld(aChain().settings({ timeoutMs: 1000 }).build());
    await turn();
    pass(86_400_000);
    await answer();
    expect(await turn()).toMatchObject({ state: 'succeeded' });
  });

  it('is queued again at once when its answer came while it was put to rest', async () => {
    const { turn, store, answer } = await waitingWorld(aChain().build());
    const park = store.park.bind(store);
    store.park = async (lease, checkpoint) => {
      await store.checkpoint(lease, { steps: [], events: [], parked: checkpoint.parked });
      await answer();
      return park(lease, checkpoint);
    };
    expect(await turn()).toEqual({ state: 'waiting', queued: true });
    expect(await turn()).toMatchObject({ state: 'succeeded' });
  });

  it('goes on with what came although the worker that went on with it died', async () => {
    const { turn, store, answer, runId, load, pass } = await waitingWorld(aChain().build());
    await turn();
    await answer();
    const lost = AbortSignal.abort(new LeaseLostError(runId));
    await expect(turn(lost)).rejects.toThrow(LeaseLostError);
    pass(120_000);
    const lease = await store.takeOver(runId, 'other', 60_000);
    expect(await turn(undefined, lease)).toMatchObject({ state: 'succeeded' });
    expect((await load()).steps.at(-1)?.outputs.item?.map(({ value }) => value)).toEqual(['yes']);
  });
});

describe('a run that waits inside a loop', () => {
  const aLoop = (params: JsonObject) =>
    aGraph()
      .node('in', 'test.list', { values: ['x', 'y', 'z'] })
      .node('each', 'test.each', params)
      .node('ask', 'test.ask', {}, { parent: 'each' })
      .node('after', 'test.pass')
      .wire('in.item', 'each.items')
      .wire('each.item', 'ask.item')
      .wire('ask.answer', 'each.result')
      .wire('each.results', 'after.item')
      .build();

  it.each([1, 3])('goes on with each iteration as its answer comes, %i at a time', async (atOnce) => {
    const { turn, waits, answer, load } = await waitingWorld(aLoop({ atOnce }));
    for (let answered = 0; answered < 3; ) {
      expect(await turn()).toMatchObject({ state: 'waiting' });
      const open = (await waits()).filter((wait) => wait.answer === null);
      expect(open).toHaveLength(atOnce === 1 ? 1 : 3 - answered);
      const index = (await waits()).findIndex((wait) => wait.answer === null);
      answered += 1;
      expect(await answer(index, { timeIsUp: false, value: answered })).toMatchObject({ queued: { again: true } });
    }
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    const { steps, parked } = await load();
    const results = steps.find(({ node }) => node === 'after')?.outputs.item?.map(({ value }) => value);
    expect([results, parked]).toEqual([[1, 2, 3], undefined]);
    expect(steps.filter(({ node }) => node === 'ask').map(({ iteration, state }) => [iteration, state])).toEqual(
      [0, 1, 2].map((count) => [`each#${count}`, 'succeeded']),
    );
    expect([...called.values()]).toEqual([2, 2, 2]);
  });
});
