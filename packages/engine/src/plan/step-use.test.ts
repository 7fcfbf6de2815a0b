import { defineNode, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { expect, test } from 'vitest';
import type { StepCharge } from '../ports/run-credits.ts';
import { executeRun } from '../run/execute-run.ts';
import { aGraph, aLightNode, aNewRun, listSource, RunHarness } from '../testing/index.ts';

const media = { pool: 'media', memoryMb: 10 };
const shape = { inputs: { item: port.any() }, outputs: { item: port.any() }, credits: 2 };
const light = defineNode({
  ...{ ...aLightNode, ...shape, type: 'test.light' },
  execute: ({ input }) => ({ item: input.item }),
});
const heavy = defineNode({
  ...{ ...aLightNode, ...shape, type: 'test.heavy', resources: media },
  execute: ({ input }) => {
    if (input.item === 2) throw new NonRetryableError('This one is broken.');
    return { item: input.item };
  },
});
const formula = defineNode({
  ...{ ...aLightNode, ...shape, type: 'test.formula' },
  params: { size: text({ title: 'Size', default: 'small' }) },
  resources: ({ params }) => {
    if (params.size.includes('{{')) throw new Error('The size is not known yet.');
    return media;
  },
  execute: ({ input }) => ({ item: input.item }),
});

test('charges say what they were for: node type, items that were paid for, time, and pool', async () => {
  const harness = new RunHarness([listSource, light, heavy, formula], {}, 100);
  const graph = aGraph()
    .node('in', 'test.list', { values: [1, 2, 3] })
    .node('heavy', 'test.heavy', {}, { policy: { onError: 'skip-item' } })
    .node('light', 'test.light')
    .node('known', 'test.formula', { size: 'large' })
    .node('unknown', 'test.formula', { size: '{{ item.value }}' })
    .wire('in.item', 'heavy.item')
    .wire('heavy.item', 'light.item')
    .wire('light.item', 'known.item')
    .wire('light.item', 'unknown.item')
    .build();
  const terms = { version: 0, rules: [], bundle: null };
  const { run } = await harness.store.accept(aNewRun({ graph, inputs: {}, creditsQuoted: 24, terms }));
  const lease = await harness.store.claim(run.id, 'test', 60_000);
  const record = await harness.store.load(run.id);
  if (!lease || !record) throw new Error('The run could not be claimed.');
  const charges: StepCharge[] = [];
  for (const name of ['checkpoint', 'settle'] as const) {
    const store = harness.store[name].bind(harness.store) as (...args: unknown[]) => Promise<void>;
    harness.store[name] = (...args: unknown[]) => {
      charges.push(...((args.at(-1) as { charges?: StepCharge[] }).charges ?? []));
      return store(...args);
    };
  }
  const outcome = await executeRun(record, lease, harness.services, new AbortController().signal);
  expect(outcome).toMatchObject({ state: 'succeeded' });
  // The last two are at work at the same time.
  const told = charges.map(({ node, type, use: { durationMs: _durationMs, ...use } }) => [node, [type, use]]);
  expect(told).toHaveLength(4);
  expect(Object.fromEntries(told)).toEqual({
    heavy: ['test.heavy', { version: 1, items: 2, pool: 'media' }],
    light: ['test.light', { version: 1, items: 2, pool: null }],
    known: ['test.formula', { version: 1, items: 2, pool: 'media' }],
    unknown: ['test.formula', { version: 1, items: 2, pool: null }],
  });
  expect(charges.every(({ use }) => Number.isSafeInteger(use.durationMs) && use.durationMs >= 0)).toBe(true);
});
