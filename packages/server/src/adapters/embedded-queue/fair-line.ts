import type { QueuedRun } from '@imaginarium/engine';

/**
 * Runs that wait in this process: the most urgent first, and among the equally urgent one from each workspace in turn, so that a
 * workspace with a thousand runs does not hold up one with a single run. Within a workspace the oldest goes first.
 */
export class FairLine {
  /** By priority, then by workspace; a lane or workspace is kept only while a run waits in it. */
  readonly #lanes = new Map<number, Map<string, FirstInFirstOut>>();
  readonly #known = new Set<string>();

  get size(): number {
    return this.#known.size;
  }

  /** Lets a run wait. One that waits already keeps its place. */
  add({ runId, workspaceId, priority }: QueuedRun): void {
    if (this.#known.has(runId)) return;
    this.#known.add(runId);
    const lane = this.#lanes.get(priority) ?? new Map<string, FirstInFirstOut>();
    this.#lanes.set(priority, lane);
    const runs = lane.get(workspaceId) ?? new FirstInFirstOut();
    lane.set(workspaceId, runs);
    runs.push(runId);
  }

  /** Takes the run whose turn it is. */
  take(): string | undefined {
    const priority = Math.max(...this.#lanes.keys());
    const lane = this.#lanes.get(priority);
    const [turn] = lane ?? [];
    if (!lane || !turn) return undefined;
    const [workspaceId, runs] = turn;
    const runId = runs.shift();
    // To the end of the lane: the others come first now.
    lane.delete(workspaceId);
    if (runs.size > 0) lane.set(workspaceId, runs);
    if (lane.size === 0) this.#lanes.delete(priority);
    if (runId !== undefined) this.#known.delete(runId);
    return runId;
  }
}

/** A list whose first entry is taken without moving the others, as `Array.shift` does. */
class FirstInFirstOut {
  #entries: string[] = [];
  #first = 0;

  get size(): number {
    return this.#entries.length - this.#first;
  }

  push(entry: string): void {
    this.#entries.push(entry);
  }

  shift(): string | undefined {
    const entry = this.#entries[this.#first++];
    if (this.#first > 1000 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    return entry;
  }
}
