import type { RunEvent } from '@imaginarium/protocol';
import type { RunWatch } from './run-watch.ts';

/** Sends the same events to several connections, written out once. */
export type Broadcast = (socketIds: string[], events: readonly RunEvent[]) => void;

/** Who watches which run, over all connections. */
export class RunWatches {
  readonly #byRun = new Map<string, Map<string, RunWatch>>();
  /** Runs that something was heard of since the last {@link catchUp}. */
  readonly #heard = new Set<string>();
  readonly #broadcast: Broadcast;

  constructor(broadcast: Broadcast) {
    this.#broadcast = broadcast;
  }

  add(runId: string, socketId: string, watch: RunWatch): void {
    const watches = this.#byRun.get(runId) ?? new Map();
    this.#byRun.set(runId, watches.set(socketId, watch));
  }

  /** Whether anybody watches a run. */
  has(runId: string | undefined): boolean {
    return runId !== undefined && this.#byRun.has(runId);
  }

  delete(runId: string, socketId: string): void {
    const watches = this.#byRun.get(runId);
    watches?.delete(socketId);
    if (watches?.size === 0) this.#byRun.delete(runId);
  }

  /** Hands the events of one run to all who watch it. Those who are up to date, nearly all, are told together. */
  async receive(events: readonly RunEvent[]): Promise<void> {
    const runId = events[0]?.runId;
    if (runId !== undefined && this.#byRun.has(runId)) this.#heard.add(runId);
    const watches = [...((runId !== undefined && this.#byRun.get(runId)) || [])];
    const together: string[] = [];
    const apart: RunWatch[] = [];
    for (const [socketId, watch] of watches) {
      if (watch.takeNext(events)) together.push(socketId);
      else apart.push(watch);
    }
    if (together.length > 0) this.#broadcast(together, events);
    await Promise.all(apart.map((watch) => watch.receive(events)));
  }

  /**
   * Asks after the runs that have been quiet since it was called last: whoever stored their latest events may have died before
   * telling them, or could not be heard.
   * @param read reads stored events of a run after a number.
   */
  async catchUp(read: (runId: string, after: number) => Promise<RunEvent[]>): Promise<void> {
    const quiet = [...this.#byRun].filter(([runId]) => !this.#heard.has(runId));
    this.#heard.clear();
    for (const [runId, watches] of quiet) {
      let after = Number.POSITIVE_INFINITY;
      for (const watch of watches.values()) if (!watch.isOver) after = Math.min(after, watch.last);
      if (after === Number.POSITIVE_INFINITY) continue;
      const events = await read(runId, after);
      if (events.length > 0) await this.receive(events);
    }
  }
}
