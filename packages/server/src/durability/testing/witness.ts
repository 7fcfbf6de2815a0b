import { stepKey } from '@imaginarium/protocol';
import { finishedSteps, type StoredStep } from './invariants.ts';
import type { Stage } from './stage.ts';

interface Seen {
  step: StoredStep;
  effects: number;
}

/** Remembers which steps were finished when a server died, and how often each had taken effect by then. */
export class Witness {
  readonly #seen = new Map<string, Seen>();

  /** Remembers what has newly finished. */
  async look(stage: Stage): Promise<void> {
    const steps = await finishedSteps(stage.database);
    // Read after the steps: all that a finished one did was done before.
    const effects = await stage.effects();
    for (const step of steps) {
      const key = keyOf(step);
      if (!this.#seen.has(key)) this.#seen.set(key, { step, effects: countOf(effects, key) });
    }
  }

  /** What was finished and is no longer as it was, or took effect again; in sentences. */
  async contradictions(stage: Stage): Promise<string[]> {
    const effects = await stage.effects();
    const now = new Map((await finishedSteps(stage.database)).map((step) => [keyOf(step), step]));
    return [...this.#seen].flatMap(([key, { step, effects: before }]) => [
      ...(JSON.stringify(now.get(key)) === JSON.stringify(step) ? [] : [`the finished step ${key} changed`]),
      ...(countOf(effects, key) === before ? [] : [`the finished step ${key} took effect again`]),
    ]);
  }
}

function keyOf(step: StoredStep): string {
  return `${step.runId}:${stepKey(step)}`;
}

function countOf(effects: readonly string[], key: string): number {
  return effects.filter((effect) => effect.startsWith(`${key}:`)).length;
}
