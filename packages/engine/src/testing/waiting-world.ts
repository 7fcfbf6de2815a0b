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
import { systemClock } from '../limits/system-clock.ts';
import { MemoryRunStore } from '../memory/memory-run-store.ts';
import type { Lease } from '../ports/run-store.ts';
import type { ChildRuns, RunWait } from '../ports/run-waits.ts';
import { executeRun } from '../run/execute-run.ts';
import { aGraph, aLightNode, aNewRun, eachLoop, listSource, noFiles, passOn, RunHarness } from './index.ts';

/** The answer that is given when none other is. */
export const YES: Resumed = { timeIsUp: false, value: 'yes' };
/** How often each node was called, by its idempotency key. */
export const called = new Map<string, number>();

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
export async function waitingWorld(graph: Graph, children?: ChildRuns) {
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
  const turn = async (signal: AbortSignal = new AbortController().signal, held?: Lease) => {
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

/** list -> ask -> pass */
export const aChain = (values: Json[] = ['x']) =>
  aGraph()
    .node('in', 'test.list', { values })
    .node('ask', 'test.ask')
    .node('after', 'test.pass')
    .wire('in.item', 'ask.item')
    .wire('ask.answer', 'after.item');
