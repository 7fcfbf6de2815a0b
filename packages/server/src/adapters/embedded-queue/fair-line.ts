import type { QueuedRun } from '@imaginarium/engine';

/**
 * Runs that wait in this process: the most urgent first, and among the equally urgent one from each workspace in turn, so that a
 * workspace with a thousand runs does not hold up one with a single run. Within a workspace the oldest goes first.
 */
export class FairLine {
  readonly #lanes = new Map<number, Map<string, Set<string>>>();
  readonly #known = new Set<string>();

  get size(): number {
    return this.#known.size;
  }

  has(runId: string): boolean {
    return this.#known.has(runId);
  }

  /** Lets a run wait. One that waits already keeps its place. */
  add({ runId, workspaceId, priority }: QueuedRun): void {
    if (this.#known.has(runId)) return;
    this.#known.add(runId);
    const lane = this.#lanes.get(priority) ?? new Map<string, Set<string>>();
    this.#lanes.set(priority, lane);
    const runs = lane.get(workspaceId) ?? new Set();
    lane.set(workspaceId, runs.add(runId));
  }

  /** Takes the run whose turn it is. */
  take(): string | undefined {
    if (this.size === 0) return undefined;
    const priority = Math.max(...this.#lanes.keys());
    const lane = this.#lanes.get(priority);
    const [turn] = lane?.entries() ?? [];
    if (!lane || !turn) throw new Error('A lane is kept only while a run waits in it.');
    const [workspaceId, runs] = turn;
    const [runId] = runs;
    if (runId === undefined) throw new Error('A workspace is kept only while a run of it waits.');
    runs.delete(runId);
    this.#known.delete(runId);
    // To the end of the lane: the others come first now.
    lane.delete(workspaceId);
    if (runs.size > 0) lane.set(workspaceId, runs);
    if (lane.size === 0) this.#lanes.delete(priority);
    return runId;
  }
}
