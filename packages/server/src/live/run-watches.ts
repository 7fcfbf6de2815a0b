import type { RunEvent } from '@imaginarium/protocol';
import type { RunWatch } from './run-watch.ts';

/** Who watches which run, over all connections. */
export class RunWatches {
  readonly #byRun = new Map<string, Set<RunWatch>>();

  add(runId: string, watch: RunWatch): void {
    const watches = this.#byRun.get(runId) ?? new Set();
    this.#byRun.set(runId, watches.add(watch));
  }

  delete(runId: string, watch: RunWatch): void {
    const watches = this.#byRun.get(runId);
    watches?.delete(watch);
    if (watches?.size === 0) this.#byRun.delete(runId);
  }

  /** Hands the events of one run to all who watch it. */
  async receive(events: readonly RunEvent[]): Promise<void> {
    const runId = events[0]?.runId;
    const watches = runId === undefined ? undefined : this.#byRun.get(runId);
    await Promise.all([...(watches ?? [])].map((watch) => watch.receive(events)));
  }
}
