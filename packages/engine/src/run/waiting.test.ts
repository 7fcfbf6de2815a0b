import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  defineNode,
  emit,
  type Json,
  json,
  NonRetryableError,
  port,
  type Resumed,
  RetryLaterError,
  text,
  wait,
} from '@imaginarium/node-sdk';
import type { Graph, JsonObject } from '@imaginarium/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { systemClock } from '../limits/system-clock.ts';
import { MemoryRunStore } from '../memory/memory-run-store.ts';
import { type Lease, LeaseLostError, type RunOutcome } from '../ports/run-store.ts';
import type { ChildRuns, RunWait } from '../ports/run-waits.ts';
import { aGraph, aLightNode, aNewRun, eachLoop, listSource, noFiles, passOn, RunHarness } from '../testing/index.ts';
import { executeRun } from './execute-run.ts';

const YES: Resumed = { timeIsUp: false, value: 'yes' };
/** How often each node was called, by its idempotency key. */
const called = new Map<string, number>();

function count(key: string): number {
  const times = (called.get(key) ?? 0) + 1;
  called.set(key, times);
  return times;
}

const ports = { inputs: { item: port.any() }, outputs: { item: port.any(), answer: port.any() }, credits: 10 } as const;

const asks = defineNode({
  ...aLightNode,
  ...ports,
  type: 'test.ask',
  waits: true,
  execute({ input, resumed, idempotencyKey }) {
    count(idempotencyKey);
    return resumed ? { item: input.item, answer: resumed.value } : wait({ kind: 'callback' });
  },
});

/** Waits for items whose value is a moment or a number of milliseconds; passes others on. */
const sleeps = defineNode({
  ...aLightNode,
  ...ports,
  type: 'test.sleep',
  waits: true,
  execute({ input, resumed, idempotencyKey }) {
    const times = count(idempotencyKey);
    const { item } = input;
    if (resumed || item === 'now') return { item, answer: times };
    return wait({ kind: 'time', ...(typeof item === 'number' ? { afterMs: item } : { until: String(item) }) });
  },
});

const undeclared = defineNode({
  ...aLightNode,
  ...{ type: 'test.undeclared', inputs: {}, outputs: { item: port.any() } },
  execute: () => wait({ kind: 'callback' }),
});

const fails = defineNode({
  ...aLightNode,
  ...{ type: 'test.fail', inputs: {}, outputs: { item: port.any() } },
  async execute() {
    await setTimeout(30);
    throw new NonRetryableError('It broke.');
  },
});

/** Fails until its third try, and asks each time to be left alone for two hours. */
const busy = defineNode({
  ...aLightNode,
  ...{ type: 'test.busy', inputs: { item: port.any() }, outputs: { item: port.any() } },
  execute({ input, idempotencyKey }) {
    if (count(idempotencyKey) < 3) throw new RetryLaterError({ afterMs: 7_200_000, message: 'The service is busy.' });
    return { item: input.item };
  },
});

const runs = defineNode({
  ...aLightNode,
  ...{ type: 'test.run', inputs: { item: port.any() }, outputs: { item: port.any() }, waits: 'runs' },
  params: { workflow: text({ title: 'Workflow', default: 'w' }), inputs: json({ title: 'Inputs', default: {} }) },
  execute({ params, resumed }) {
    if (resumed) return { item: emit([{ value: resumed.value }]) };
    return wait({ kind: 'run', workflowId: params.workflow, version: 3, inputs: params.inputs as JsonObject });
  },
});

const nodes = [listSource, passOn, eachLoop, asks, sleeps, undeclared, fails, busy, runs];

const terms = { version: 0, rules: [], bundle: null };

/** A run that is executed turn by turn, on a clock that stands still unless it is moved. */
async function world(graph: Graph, children?: ChildRuns) {
  let now = Date.parse('2026-03-01T09:00:00.000Z');
  const clock = { ...systemClock, now: () => now };
  const { services } = new RunHarness(nodes, {
    openFiles: () => noFiles,
    clock,
    ...(children ? { children } : {}),
  });
  const store = new MemoryRunStore(() => now, 1000);
  const { run } = await store.accept(aNewRun({ id: randomUUID(), graph, inputs: {}, creditsQuoted: 100, terms }));
  const load = async () => {
    const record = await store.load(run.id);
    if (!record) throw new Error('The run is gone.');
    return record;
  };
  const turn = async (signal = new AbortController().signal, held?: Lease) => {
    const lease = held ?? (await store.claim(run.id, 'test', 60_000));
    if (!lease) throw new Error('The run could not be claimed.');
    return executeRun(await load(), lease, { ...services, store }, signal);
  };
  return {
    ...{ store, load, turn, runId: run.id },
    waits: async (): Promise<RunWait[]> => (await load()).parked?.steps.flatMap((step) => step.waits) ?? [],
    answer: async (index = 0, answer = YES) => {
      const open = (await load()).parked?.steps.flatMap((step) => step.waits) ?? [];
      return store.waits.answer(open[index]?.id ?? '', answer);
    },
    states: async () => Object.fromEntries((await load()).steps.map(({ node, state }) => [node, state])),
    types: async () => (await store.events(run.id, 0)).map(({ type }) => type),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const aChain = (values: Json[] = ['x']) =>
  aGraph()
    .node('in', 'test.list', { values })
    .node('ask', 'test.ask')
    .node('after', 'test.pass')
    .wire('in.item', 'ask.item')
    .wire('ask.answer', 'after.item');

beforeEach(() => called.clear());

describe('a run that waits', () => {
  it('lets its worker go, and goes on with what came, without repeating what is done', async () => {
    const { turn, load, states, answer, types, store } = await world(aChain().build());
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
    const { turn, states } = await world(graph);
    await turn();
    expect(await states()).toEqual({ in: 'succeeded', ask: 'waiting', side: 'succeeded' });
  });

  it('waits for each item on its own, and keeps what the others gave', async () => {
    const { turn, waits, answer, load } = await world(aChain(['x', 'y', 'z']).build());
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
    const { turn, store, pass, load } = await world(graph.build());
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
    const { turn, types } = await world(graph.build());
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    expect(await types()).not.toContain('run.waiting');
  });

  it('takes no time while it waits', async () => {
    const { turn, answer, pass } = await world(aChain().settings({ timeoutMs: 1000 }).build());
    await turn();
    pass(86_400_000);
    await answer();
    expect(await turn()).toMatchObject({ state: 'succeeded' });
  });

  it('is queued again at once when its answer came while it was put to rest', async () => {
    const { turn, store, answer } = await world(aChain().build());
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
    const { turn, store, answer, runId, load, pass } = await world(aChain().build());
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
    const { turn, waits, answer, load } = await world(aLoop({ atOnce }));
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

describe('the end of a run that waits', () => {
  it('comes with another branch that fails: what waits is cancelled, what follows is skipped', async () => {
    const { turn, states, load } = await world(aChain().node('bad', 'test.fail').build());
    expect(await turn()).toMatchObject({ state: 'failed', error: { node: 'bad' } });
    expect(await states()).toEqual({ in: 'succeeded', ask: 'cancelled', after: 'skipped', bad: 'failed' });
    expect((await load()).parked).toBeUndefined();
  });

  it('comes with cancelling, also when it goes on just then', async () => {
    const { turn, answer, states } = await world(aChain().build());
    await turn();
    await answer();
    const cancel = AbortSignal.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.'));
    expect(await turn(cancel)).toMatchObject({ state: 'cancelled' });
    expect(await states()).toEqual({ in: 'succeeded', ask: 'cancelled', after: 'skipped' });
  });

  it('is a failure for a node that waits without having said so', async () => {
    const { turn } = await world(aGraph().node('a', 'test.undeclared').build());
    expect(await turn()).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('waits: true') } });
  });

  it.each([
    ['soon', '"soon"'],
    [-1, '0 milliseconds or more'],
    [1e300, '0 milliseconds or more'],
  ])('is a failure for an end that is none: %j', async (value, told) => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [value] })
      .node('sleep', 'test.sleep');
    const { turn } = await world(graph.wire('in.item', 'sleep.item').build());
    expect(await turn()).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(told) } });
  });
});

describe('a retry that is far away', () => {
  it('is waited for without a worker, with the tries before it counted', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('busy', 'test.busy')
      .policy('busy', { retry: { attempts: 3, backoffMs: 1, factor: 1, jitter: false } })
      .wire('in.item', 'busy.item');
    const { turn, waits, pass, load, answer } = await world(graph.build());
    for (const attempt of [2, 3]) {
      expect(await turn()).toMatchObject({ state: 'waiting' });
      expect(await waits()).toMatchObject([{ about: { kind: 'retry', attempt, message: 'The service is busy.' } }]);
      pass(7_200_000);
      await answer(0, { timeIsUp: true, value: null });
    }
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    expect((await load()).steps.find(({ node }) => node === 'busy')?.attempts).toBe(3);
  });

  it('ends with the last try that its policy allows', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('busy', 'test.busy')
      .policy('busy', { retry: { attempts: 2, backoffMs: 1, factor: 1, jitter: false } })
      .wire('in.item', 'busy.item');
    const { turn, answer, pass } = await world(graph.build());
    await turn();
    pass(7_200_000);
    await answer(0, { timeIsUp: true, value: null });
    expect(await turn()).toMatchObject({ state: 'failed', error: { message: 'The service is busy.' } });
  });
});

describe('a step that waits for another run', () => {
  const graph = () => {
    const built = aGraph()
      .node('in', 'test.list', { values: ['x', 'y'] })
      .node('run', 'test.run');
    return built.wire('in.item', 'run.item');
  };
  function aFamily() {
    const started: unknown[] = [];
    const cancelled: string[] = [];
    const children: ChildRuns = {
      async start({ node, call }, asked) {
        started.push([node, call, asked]);
        const { run } = await new MemoryRunStore().accept(aNewRun({ id: randomUUID(), workflowName: 'Other' }));
        return run;
      },
      answerOf: async (runId) => ({ of: runId }),
      cancel: async (runId) => void cancelled.push(runId),
    };
    return { children, started, cancelled };
  }

  it('starts one for each item, and goes on with what each came to', async () => {
    const { children, started } = aFamily();
    const { turn, waits, answer, load } = await world(graph().build(), children);
    await turn();
    const asked = { workflowId: 'w', version: 3, inputs: {} };
    expect(started).toEqual([
      ['run', 0, asked],
      ['run', 1, asked],
    ]);
    const ids = (await waits()).map(({ about }) => (about.kind === 'run' ? about.runId : ''));
    for (const index of [0, 1]) await answer(index, { timeIsUp: false, value: null });
    const end = (await turn()) as RunOutcome;
    expect(end.state).toBe('succeeded');
    expect((await load()).steps.at(-1)?.outputs.item?.map(({ value }) => value)).toEqual(ids.map((of) => ({ of })));
  });

  it('cancels what it started when it fails elsewhere', async () => {
    const { children, cancelled } = aFamily();
    const { turn } = await world(graph().node('bad', 'test.fail').build(), children);
    await turn();
    expect(cancelled).toHaveLength(2);
  });

  it('cancels what it started when it is cancelled itself', async () => {
    const { children, cancelled } = aFamily();
    const { turn, answer } = await world(graph().build(), children);
    await turn();
    for (const index of [0, 1]) await answer(index);
    await turn(AbortSignal.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.')));
    expect(cancelled).toHaveLength(2);
  });
});
