import type { Clock, RunOutcome, RunRecord } from '@imaginarium/engine';
import type { PoolLoad } from '@imaginarium/protocol';
import { Gauge, Histogram, type Registry } from 'prom-client';
import { remembered } from '../remembered.ts';

const SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200];

/**
 * Measures what a worker does: how long runs wait for it and take, and what it has at work.
 * @param clock the one that runs are begun by.
 * @returns what is to be told of each run that has ended.
 */
export function measureWorker(
  registry: Registry,
  { running, pools, clock }: { running(): number; pools(): PoolLoad[]; clock: Pick<Clock, 'now'> },
): (record: RunRecord, outcome: RunOutcome) => void {
  const registers = [registry];
  const waited = new Histogram({
    name: 'imaginarium_run_wait_seconds',
    help: 'Time from when a run could begin until it began',
    buckets: SECONDS,
    registers,
  });
  const took = new Histogram({
    name: 'imaginarium_run_duration_seconds',
    help: 'Time from the begin of a run to its end, by how it ended',
    labelNames: ['state'],
    buckets: SECONDS,
    registers,
  });
  const tookTo = remembered((state) => took.labels({ state }));
  const poolGauge = (name: string, help: string, of: (load: PoolLoad) => number) =>
    new Gauge({
      ...{ name: `imaginarium_pool_${name}`, help, labelNames: ['pool'], registers },
      // Each asks for itself: what one sets of another is seen when it is asked for the next time.
      collect() {
        for (const load of pools()) this.set({ pool: load.pool }, of(load));
      },
    });
  new Gauge({
    name: 'imaginarium_worker_runs',
    help: 'Runs at work in this process',
    registers,
    collect() {
      this.set(running());
    },
  });
  poolGauge('running', 'Items at work in this process, by pool', ({ running: count }) => count);
  poolGauge('waiting', 'Items that wait for a place or for memory, by pool', ({ waiting }) => waiting);
  poolGauge('memory_megabytes', 'Memory set aside for items at work, by pool', ({ memoryMb }) => memoryMb);
  return ({ run }, { state }) => {
    const startedAt = Date.parse(run.startedAt ?? run.createdAt);
    waited.observe(secondsBetween(Date.parse(run.notBefore ?? run.createdAt), startedAt));
    tookTo(state).observe(secondsBetween(startedAt, clock.now()));
  };
}

/** Clocks may be set back: no time is less than none. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}
