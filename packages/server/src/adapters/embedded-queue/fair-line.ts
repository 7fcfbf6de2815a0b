import type { QueuedRun } from '@imaginarium/engine';

/**
 * Runs that wait in this process: the most urgent first, and among the equally urgent one from each workspace in turn, so that a
 * workspace with a thousand runs does not hold up one with a single run. Within a workspace the oldest goes first.
 */
export class FairLine {
  /** By priority, then by workspace; a lane or workspace is kept only while a run waits in it. */
  readonly #lanes = new Map<number, Map<string, Waiting>>();
  readonly #known = new Map<string, QueuedRun>();

  get size(): number {
    return this.#known.size;
  }

  /** Lets a run wait. One that waits already keeps its place. */
  add(run: QueuedRun): void {
    const { runId, workspaceId, priority } = run;
    if (this.#known.has(runId)) return;
    this.#known.set(runId, run);
    const lane = this.#lanes.get(priority) ?? new Map<string, Waiting>();
    this.#lanes.set(priority, lane);
    const waiting = lane.get(workspaceId) ?? new Waiting();
    lane.set(workspaceId, waiting);
    waiting.runs.push(runId);
    waiting.count++;
  }

  /**
   * Takes a run of the workspace whose turn it is: its oldest, unless another one is preferred.
   * @param preferred a run to take if it waits where it is somebody's turn.
   */
  take(preferred?: string): QueuedRun | undefined {
    const priority = Math.max(...this.#lanes.keys());
    const lane = this.#lanes.get(priority);
    const [turn] = lane ?? [];
    if (!lane || !turn) return undefined;
    const [workspaceId, waiting] = turn;
    const wanted = preferred === undefined ? undefined : this.#known.get(preferred);
    const fits = wanted?.workspaceId === workspaceId && wanted.priority === priority;
    const runId = fits ? wanted.runId : waiting.runs.first;
    const run = runId === undefined ? undefined : this.#known.get(runId);
    if (!run) return undefined;
    this.drop(run.runId);
    // To the end of the lane: the others come first now.
    if (lane.delete(workspaceId) && waiting.count > 0) lane.set(workspaceId, waiting);
    return run;
  }

  /** Lets a run wait no longer, and leaves the turns as they are. */
  drop(runId: string): void {
    const run = this.#known.get(runId);
    const lane = run && this.#lanes.get(run.priority);
    const waiting = run && lane?.get(run.workspaceId);
    if (!run || !lane || !waiting) return;
    this.#known.delete(runId);
    // Its entry stays in the list until it comes to the front.
    waiting.count--;
    while (waiting.runs.first !== undefined && !this.#known.has(waiting.runs.first)) waiting.runs.shift();
    if (waiting.count === 0) lane.delete(run.workspaceId);
    if (lane.size === 0) this.#lanes.delete(run.priority);
  }

  /** Drops every run that is not among these. */
  keepOnly(runIds: ReadonlySet<string>): void {
    for (const runId of this.#known.keys()) if (!runIds.has(runId)) this.drop(runId);
  }
}

/** The runs of a workspace in a lane. */
class Waiting {
  readonly runs = new FirstInFirstOut();
  /** Runs that wait. The list may hold more, which were dropped, but never in front. */
  count = 0;
}

/** A list whose first entry is taken without moving the others, as `Array.shift` does. */
class FirstInFirstOut {
  #entries: string[] = [];
  #first = 0;

  get first(): string | undefined {
    return this.#entries[this.#first];
  }

  push(entry: string): void {
    this.#entries.push(entry);
  }

  shift(): void {
    this.#first++;
    if (this.#first > 1000 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }
}
