import type { CachedStep } from '../ports/cached-step.ts';
import type { StepCache, StepPlace, StepTrace } from '../ports/step-cache.ts';

/** Keeps the last results in memory; the oldest is forgotten first. */
export class MemoryStepCache implements StepCache {
  readonly #steps = new Map<string, CachedStep>();
  readonly #traces = new Map<string, StepTrace>();
  readonly #limit: number;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  async get(workspaceId: string, key: string): Promise<CachedStep | undefined> {
    const step = this.#steps.get(`${workspaceId}/${key}`);
    return step && structuredClone(step);
  }

  async put(workspaceId: string, key: string, step: CachedStep, at?: StepPlace & { trace: StepTrace }): Promise<void> {
    if (at) this.#traces.set(placeKey(workspaceId, at), structuredClone(at.trace));
    this.#steps.set(`${workspaceId}/${key}`, structuredClone(step));
    const [oldest] = this.#steps.keys();
    if (this.#steps.size > this.#limit && oldest !== undefined) this.#steps.delete(oldest);
  }

  async trace(workspaceId: string, place: StepPlace): Promise<StepTrace | undefined> {
    const trace = this.#traces.get(placeKey(workspaceId, place));
    return trace && structuredClone(trace);
  }
}

function placeKey(workspaceId: string, { workflowId, node }: StepPlace): string {
  return `${workspaceId}/${workflowId}/${node}`;
}
