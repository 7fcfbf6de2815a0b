import { MemoryRunStore, systemClock } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { measureWorker } from './worker-metrics.ts';

test('what pools have to do is told as it is when it is asked for', async () => {
  const registry = new Registry();
  let waiting = 3;
  const pools = () => [{ pool: 'media', running: 1, waiting, memoryMb: 400 }];
  measureWorker(registry, { running: () => 5, pools, clock: systemClock });
  const told = async () => (await registry.metrics()).match(/^imaginarium_(pool|worker)_\S+ .*/gm);
  expect(await told()).toEqual([
    'imaginarium_worker_runs 5',
    'imaginarium_pool_running{pool="media"} 1',
    'imaginarium_pool_waiting{pool="media"} 3',
    'imaginarium_pool_memory_megabytes{pool="media"} 400',
  ]);
  waiting = 0;
  expect(await told()).toContain('imaginarium_pool_waiting{pool="media"} 0');
});

test('a run takes as long as it does by the clock that it was begun by', async () => {
  const store = new MemoryRunStore();
  const { run } = await store.accept(aNewRun());
  const record = await store.load(run.id);
  if (!record) throw new Error('The run is not there.');
  const registry = new Registry();
  const startedAt = '2026-11-22T10:00:00.000Z';
  const clock = { now: () => Date.parse(startedAt) + 3000 };
  const measure = measureWorker(registry, { running: () => 0, pools: () => [], clock });
  const outcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
  measure({ ...record, run: { ...run, startedAt } }, outcome);
  expect(await registry.metrics()).toContain('imaginarium_run_duration_seconds_sum{state="succeeded"} 3\n');
});
