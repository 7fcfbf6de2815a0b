import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port, slider } from '@imaginarium/node-sdk';
import { expect, it } from 'vitest';
import { WorkBudget } from '../limits/work-budget.ts';
import { aGraph, RunHarness } from '../testing/run-harness.ts';

let atWork = 0;
let most = 0;
const heavy = defineNode({
  ...{ type: 'test.heavy', version: 1, title: 'Heavy', summary: 'Test.', group: 'processing', icon: 'x' },
  inputs: {},
  outputs: { text: port.text() },
  params: { memoryMb: slider({ title: 'Memory', min: 0, max: 1000, default: 600 }) },
  resources: ({ params }) => ({ pool: 'media', memoryMb: params.memoryMb }),
  effects: 'idempotent',
  async execute() {
    most = Math.max(most, ++atWork);
    await wait(400);
    atWork--;
    return { text: 'done' };
  },
});

it('executes heavy nodes as memory allows, says what a step waits for, and leaves that out of its time limit', async () => {
  const budget = new WorkBudget({ memoryMb: 1000, places: { media: 4 } });
  const harness = new RunHarness([heavy], { budget });
  const policy = { timeoutMs: 600 };
  const graph = aGraph()
    .node('a', 'test.heavy', {}, { policy })
    .node('b', 'test.heavy', {}, { policy })
    .node('c', 'test.heavy', { memoryMb: 300 }, { policy })
    .build();
  const { outcome, events } = await harness.run(graph);
  expect([outcome.state, most]).toEqual(['succeeded', 2]);
  const waits = events.flatMap((event) => (event.type === 'step.progress' ? [[event.node, event.message]] : []));
  expect(waits).toEqual([['b', 'Waits for memory: it needs 600 MB, and others use 600 of 1000 MB.']]);
  expect(budget.load()).toEqual([{ pool: 'media', running: 0, memoryMb: 0, waiting: 0 }]);
});

it('gives nothing back twice when a run is cancelled whose step waits', async () => {
  const budget = new WorkBudget({ memoryMb: 1000, places: {} });
  const leave = await budget.take(
    { pool: 'media', memoryMb: 1000, nodeType: 'other' },
    new AbortController().signal,
    () => undefined,
  );
  const harness = new RunHarness([heavy], { budget });
  const graph = aGraph().node('a', 'test.heavy').settings({ timeoutMs: 300 }).build();
  expect((await harness.run(graph)).outcome).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
  leave();
  expect(budget.load()).toEqual([{ pool: 'media', running: 0, memoryMb: 0, waiting: 0 }]);
});
