import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, json, port } from '@imaginarium/node-sdk';
import type { Graph, Json, NodePolicy } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeaseLostError } from '../ports/run-store.ts';
import { aGraph, aLightNode, aNewRun, eachLoop, listSource, noFiles, RunHarness, untilLoop } from '../testing/index.ts';
import { executeRun } from './execute-run.ts';

/** Executions of the test node by idempotency key, and the worker's death after some of them. */
interface World {
  executed: string[];
  dieAfter: number;
  death: AbortController;
  /** The value at which the node waits for the worker's death. */
  stuckAt?: number;
}
let world: World = { executed: [], dieAfter: Number.POSITIVE_INFINITY, death: new AbortController() };

const add = defineNode({
  ...aLightNode,
  type: 'test.add',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { add: json({ title: 'Add', default: 1 }), failAt: json({ title: 'Fail at', default: [] }) },
  credits: ({ items }) => items,
  async execute({ input, params, idempotencyKey, signal }) {
    world.executed.push(idempotencyKey);
    if (world.executed.length >= world.dieAfter) world.death.abort(new LeaseLostError('run'));
    await new Promise((resolve) => setImmediate(resolve));
    if (input.item === world.stuckAt) await wait(60_000, undefined, { signal });
    if ((params.failAt as Json[]).includes(input.item as Json)) throw new Error(`It broke at ${input.item}.`);
    return { item: Number(input.item) + Number(params.add) };
  },
});
const nodes = [listSource, eachLoop, untilLoop, add];

/** Steps that are chained: a number is added, or a loop goes over what comes with a chain of its own inside. */
type Chain = (number | { size: number; atOnce: number; inside: Chain })[];

/** Draws a chain after `from`, inside of `parent`. @returns the port at its end. */
function draw(graph: ReturnType<typeof aGraph>, chain: Chain, from: string, parent: string | null): string {
  let at = from;
  for (const [index, link] of chain.entries()) {
    const id = `${parent ?? 'top'}_${index}`;
    if (typeof link === 'number') {
      graph.node(id, 'test.add', { add: link }, { parent }).wire(at, `${id}.item`);
      at = `${id}.item`;
    } else {
      graph.node(id, 'test.each', { size: link.size, atOnce: link.atOnce }, { parent }).wire(at, `${id}.items`);
      graph.wire(draw(graph, link.inside, `${id}.item`, id), `${id}.result`);
      at = `${id}.results`;
    }
  }
  return at;
}

const mapped = (chain: Chain, value: number): number =>
  chain.reduce<number>((sum, link) => sum + (typeof link === 'number' ? link : mapped(link.inside, 0)), value);

const chains: fc.Arbitrary<Chain> = fc.letrec<{ chain: Chain }>((tie) => ({
  chain: fc.array(
    fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.integer({ min: -5, max: 5 }),
      fc.record({ size: fc.integer({ min: 1, max: 3 }), atOnce: fc.integer({ min: 1, max: 3 }), inside: tie('chain') }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
})).chain;

async function worldOf(graph: Graph) {
  world = { executed: [], dieAfter: Number.POSITIVE_INFINITY, death: new AbortController() };
  const { store, services } = new RunHarness(nodes, { openFiles: () => noFiles });
  const { run } = await store.accept(aNewRun({ id: randomUUID(), graph, inputs: {} }));
  let first = true;
  const execute = async (signal: AbortSignal) => {
    // The lease of a worker that died has lapsed at once.
    const lease = first ? await store.claim(run.id, 'one', 0) : await store.takeOver(run.id, 'two', 0);
    first = false;
    const record = await store.load(run.id);
    if (!lease || !record) throw new Error('The run could not be taken.');
    return executeRun(record, lease, services, signal);
  };
  const results = async (node: string, output: string) =>
    (await store.load(run.id))?.steps.find((step) => step.node === node)?.outputs[output]?.map((item) => item.value);
  return { store, run, execute, results };
}

describe('loops, whatever happens to their worker', () => {
  it('are the mapping of what is inside them, for any loops in one another and any number of items', async () => {
    await fc.assert(
      fc.asyncProperty(
        chains,
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 6 }),
        async (chain, values) => {
          const graph = aGraph().node('list', 'test.list', { values });
          const [node = '', output = ''] = draw(graph, chain, 'list.item', null).split('.');
          const { execute, results } = await worldOf(graph.build());
          expect(await execute(new AbortController().signal)).toMatchObject({ state: 'succeeded' });
          expect(await results(node, output)).toEqual(values.map((value) => mapped(chain, value)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('give the same when a worker dies at any point, and execute nothing again that is stored as finished', async () => {
    await fc.assert(
      fc.asyncProperty(
        chains,
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (chain, values, deaths, stored) => {
          const graph = aGraph().node('list', 'test.list', { values });
          const [node = '', output = ''] = draw(graph, chain, 'list.item', null).split('.');
          const { store, run, execute, results } = await worldOf(graph.build());
          let outcome: Awaited<ReturnType<typeof execute>> | undefined;
          for (const dieAfter of deaths) {
            world = { executed: [], dieAfter, death: new AbortController() };
            const finished = (await store.load(run.id))?.steps.filter(({ state }) => state === 'succeeded') ?? [];
            outcome = await execute(world.death.signal).catch(() => undefined);
            const again = finished.filter(({ node: id, iteration }) =>
              world.executed.some((key) =>
                key.startsWith(`${run.id}:${id}${iteration === '' ? '' : `@${iteration}`}:`),
              ),
            );
            expect(again).toEqual([]);
            // Half of the deaths come after all was stored, half before.
            if (stored) await new Promise((resolve) => setTimeout(resolve, 45));
            if (outcome) break;
          }
          world = { executed: [], dieAfter: Number.POSITIVE_INFINITY, death: new AbortController() };
          outcome ??= await execute(new AbortController().signal);
          expect(outcome).toMatchObject({ state: 'succeeded' });
          expect(await results(node, output)).toEqual(values.map((value) => mapped(chain, value)));
        },
      ),
      { numRuns: 40 },
    );
  }, 30_000);

  it('go on with the iterations that are left, and with those left out once left out still', async () => {
    const policy: NodePolicy = { onError: 'skip-item' };
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3, 4] })
      .node('each', 'test.each', { atOnce: 1 }, { policy })
      .node('a', 'test.add', { failAt: [2] }, { parent: 'each' })
      .wire('list.item', 'each.items')
      .wire('each.item', 'a.item')
      .wire('a.item', 'each.result')
      .build();
    const { execute, results } = await worldOf(graph);
    world.stuckAt = 4;
    const died = execute(world.death.signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
    world.death.abort(new LeaseLostError('run'));
    await expect(died).rejects.toThrow(LeaseLostError);
    world = { executed: [], dieAfter: Number.POSITIVE_INFINITY, death: new AbortController() };
    expect(await execute(new AbortController().signal)).toMatchObject({ state: 'succeeded' });
    expect(await results('each', 'results')).toEqual([2, 4, 5]);
    expect(world.executed.map((key) => key.split(':')[1])).toEqual(['a@each#3']);
  });
});
