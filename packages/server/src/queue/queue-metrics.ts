import { Gauge, type Registry } from 'prom-client';
import type { QueueStore } from './queue-store.ts';

/** Shows how many runs have not ended, for the whole installation, whichever process is asked. */
export function measureQueue(registry: Registry, store: Pick<QueueStore, 'loads'>): void {
  const registers = [registry];
  const age = new Gauge({
    name: 'imaginarium_queue_oldest_seconds',
    help: 'How long the run has waited that could have begun first',
    registers,
  });
  new Gauge({
    name: 'imaginarium_queue_runs',
    help: 'Runs that have not ended, by what they do: queued, delayed, running or waiting',
    labelNames: ['state'],
    registers,
    async collect() {
      const loads = await store.loads();
      for (const state of ['queued', 'delayed', 'running', 'waiting'] as const)
        this.set(
          { state },
          loads.reduce((sum, load) => sum + load[state], 0),
        );
      const oldest = loads.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [Date.parse(oldestAt)]));
      age.set(oldest.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...oldest)) / 1000);
    },
  });
}
