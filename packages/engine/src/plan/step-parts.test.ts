import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import type { NodePolicy } from '@imaginarium/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Lease, LeaseLostError } from '../ports/run-store.ts';
import { executeRun } from '../run/execute-run.ts';
import { aGraph, aLightNode, aNewRun, eventually, listSource, noFiles, RunHarness } from '../testing/index.ts';

/** Every call that was made, by the number of its item. */
const made: number[] = [];
/** Items whose call waits until its worker is lost. */
const stuck = new Set<number>();
/** Items that fail. */
const broken = new Set<number>();

function counting(
  type: string,
  effects: 'pure' | 'idempotent' | 'once',
  resources?: { pool: string; memoryMb: number },
) {
  return defineNode({
    ...aLightNode,
    ...{ type, effects, credits: 10, inputs: { item: port.any() }, outputs: { item: port.any() } },
    ...(resources ? { resources } : {}),
    async execute({ input, idempotencyKey, signal }) {
      const item = Number(idempotencyKey.split(':').at(-1));
      made.push(item);
      if (stuck.has(item)) await wait(60_000, undefined, { signal });
      if (broken.has(item)) throw new Error(`item ${item} is broken`);
      return { item: `made of ${input.item}` };
    },
  });
}

const nodes = [
  listSource,
  counting('test.light', 'pure'),
  counting('test.dear', 'pure', { pool: 'media', memoryMb: 10 }),
  counting('test.again', 'idempotent'),
  counting('test.once', 'once'),
];

/** Prices as the nodes say them. */
const terms = { version: 0, rules: [], bundle: null };

async function world(type: string, { items = 6, concurrency = 1, policy }: WorldOptions = {}) {
  const graph = aGraph()
    .node('in', 'test.list', { values: Array.from({ length: items }, (_, index) => String(index)) })
    .node('work', type)
    .wire('in.item', 'work.item')
    .policy('work', { cache: false, ...policy })
    .build();
  const harness = new RunHarness(nodes, { openFiles: () => noFiles });
  const { store, services } = harness;
  const asked = aNewRun({
    id: randomUUID(),
    graph: { ...graph, settings: { concurrency } },
    inputs: {},
    creditsQuoted: 100,
    terms,
  });
  const { run } = await store.accept(asked);
  const load = async () => {
    const record = await store.load(run.id);
    if (!record) throw new Error('The run is gone.');
    return record;
  };
  const execute = async (lease: Lease | undefined, signal = new AbortController().signal) => {
    if (!lease) throw new Error('There is no lease.');
    return executeRun(await load(), lease, services, signal);
  };
  /** Executes until the call of an item is being made, then loses the worker. */
  const dieAt = async (item: number) => {
    const before = made.length;
    const death = new AbortController();
    stuck.add(item);
    const lease = (await store.claim(run.id, 'first', 30)) ?? (await store.takeOver(run.id, 'next', 30));
    const running = execute(lease, death.signal);
    await eventually(() => made.slice(before).includes(item), `item ${item} is at work`);
    // What has finished is stored in groups.
    await wait(60);
    death.abort(new LeaseLostError(run.id));
    await expect(running).rejects.toThrow(LeaseLostError);
    stuck.delete(item);
  };
  const resume = async () =>
    execute((await store.claim(run.id, 'last', 60_000)) ?? (await store.takeOver(run.id, 'last', 60_000)));
  const isDone = async (item: number) =>
    (await load()).parts?.some(({ call, state }) => call === item && state === 'done') ?? false;
  const values = async () => (await load()).steps.at(-1)?.outputs.item?.map(({ value }) => value);
  return { load, dieAt, isDone, resume, values };
}

interface WorldOptions {
  items?: number;
  concurrency?: number;
  policy?: NodePolicy;
}

beforeEach(() => {
  made.length = 0;
  stuck.clear();
  broken.clear();
});

describe('a step of many items whose worker died', () => {
  it.each(['test.dear', 'test.again'])('goes on after the items that had finished: %s', async (type) => {
    const { dieAt, resume, values } = await world(type);
    await dieAt(4);
    expect(made).toEqual([0, 1, 2, 3, 4]);
    expect(await resume()).toMatchObject({ state: 'succeeded', creditsSpent: 10 });
    expect(made.slice(5)).toEqual([4, 5]);
    expect(await values()).toEqual([0, 1, 2, 3, 4, 5].map((item) => `made of ${item}`));
  });

  it('is executed whole again where that costs little', async () => {
    const { dieAt, resume, load } = await world('test.light');
    await dieAt(4);
    expect((await load()).parts).toBe(undefined);
    await resume();
    expect(made.slice(5)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('makes no call again that must not be repeated, and fails before others are made', async () => {
    const { dieAt, resume } = await world('test.once');
    await dieAt(2);
    const outcome = await resume();
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'step-outcome-unknown', node: 'work' } });
    expect(outcome).toHaveProperty('error.message', expect.stringContaining('at work on item 3'));
    expect(made).toEqual([0, 1, 2]);
  });

  it('leaves out only the item in doubt, where the policy leaves items out', async () => {
    const { dieAt, resume, load, values } = await world('test.once', { policy: { onError: 'skip-item' } });
    await dieAt(2);
    expect(await resume()).toMatchObject({ state: 'succeeded' });
    expect(made).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await values()).toEqual([0, 1, 3, 4, 5].map((item) => `made of ${item}`));
    expect((await load()).steps.at(-1)).toMatchObject({ itemsFailed: 1 });
  });

  it('makes the call in doubt again where the policy says so, and no other', async () => {
    const { dieAt, resume } = await world('test.once', { policy: { onUnknownOutcome: 'retry' } });
    await dieAt(2);
    expect(await resume()).toMatchObject({ state: 'succeeded' });
    expect(made).toEqual([0, 1, 2, 2, 3, 4, 5]);
  });

  it('remembers which items failed, too', async () => {
    broken.add(1);
    const { dieAt, resume, load } = await world('test.again', { policy: { onError: 'skip-item' } });
    await dieAt(3);
    expect(await resume()).toMatchObject({ state: 'succeeded' });
    expect(made.slice(4)).toEqual([3, 4, 5]);
    expect((await load()).steps.at(-1)).toMatchObject({ itemsFailed: 1, credits: 8 });
  });

  it('comes to the same, wherever and however often its workers die', async () => {
    const deaths = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(deaths, fc.integer({ min: 1, max: 3 }), async (items, concurrency) => {
        made.length = 0;
        const { dieAt, isDone, resume, values } = await world('test.again', { concurrency });
        const inOrder = items.toSorted((a, b) => a - b);
        for (const item of inOrder) if (!(await isDone(item))) await dieAt(item);
        await resume();
        expect(await values()).toEqual([0, 1, 2, 3, 4, 5].map((item) => `made of ${item}`));
        // What was at work at the same time may have been made again; nothing else.
        expect(made.length).toBeLessThanOrEqual(6 + inOrder.length * concurrency);
      }),
      { numRuns: 12 },
    );
  });
});
