import type { ConsumeOptions, QueueConsumer, QueuedRun, RunHandler, RunQueue } from '../ports/run-queue.ts';

/** Queues runs within one process, by priority, then by age. */
export class MemoryRunQueue implements RunQueue {
  readonly #waiting: QueuedRun[] = [];
  #wake: (() => void) | undefined;

  async offer(run: QueuedRun): Promise<void> {
    if (this.#waiting.some((entry) => entry.runId === run.runId)) return;
    // Before the first that is less urgent: equal ones keep their order.
    const at = this.#waiting.findIndex((entry) => entry.priority < run.priority);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, run);
    this.#wake?.();
  }

  async consume(handler: RunHandler, { concurrency }: ConsumeOptions): Promise<QueueConsumer> {
    const inFlight = new Set<Promise<unknown>>();
    let stopped = false;
    const pump = () => {
      while (!stopped && inFlight.size < concurrency) {
        const next = this.#waiting.shift();
        if (!next) return;
        const work: Promise<unknown> = handler(next.runId)
          .catch(() => undefined) // The handler records its own failures.
          .finally(() => {
            inFlight.delete(work);
            pump();
          });
        inFlight.add(work);
      }
    };
    this.#wake = pump;
    pump();
    return {
      stop: async () => {
        stopped = true;
        await Promise.all(inFlight);
      },
    };
  }
}
