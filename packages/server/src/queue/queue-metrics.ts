import type { Clock } from '@imaginarium/engine';
import { Gauge, type Registry } from 'prom-client';
import type { QueueStore } from './queue-store.ts';

/**
 * Shows how many runs have not ended, for the whole installation, whichever process is asked.
 * @param clock the one that runs are accepted by.
 */
export function measureQueue(registry: Registry, store: Pick<QueueStore, 'loads'>, clock: Pick<Clock, 'now'>): void {
  const registers = [registry];
  let asking: ReturnType<typeof store.loads> | undefined;
  // Both are asked for at once, and each has to be set by itself: one question serves them.
  const loads = () => {
    asking ??= store.loads().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  new Gauge({
    name: 'imaginarium_queue_oldest_seconds',
    help: 'How long the run has waited that could have begun first',
    registers,
    async collect() {
      const oldest = (await loads()).flatMap(({ oldestAt }) => (oldestAt === null ? [] : [Date.parse(oldestAt)]));
      this.set(oldest.length === 0 ? 0 : Math.max(0, clock.now() - Math.min(...oldest)) / 1000);
    },
  });
  new Gauge({
    name: 'imaginarium_queue_runs',
    help: 'Runs that have not ended, by what they do: queued, delayed, running or waiting',
    labelNames: ['state'],
    registers,
    async collect() {
      const all = await loads();
      for (const state of ['queued', 'delayed', 'running', 'waiting'] as const)
        this.set(
          { state },
          all.reduce((sum, load) => sum + load[state], 0),
        );
    },
  });
}
