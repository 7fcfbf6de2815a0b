import { isTerminal, type Step, stepKey } from '@imaginarium/protocol';
import { stillWaits } from '../call/call-waits.ts';
import type { RunRecord } from '../ports/run-store.ts';
import type { ParkedRun, ParkedStep } from '../ports/run-waits.ts';

type StepPlace = Parameters<typeof stepKey>[0];

/** The steps of a run that wait, and the runs that they started. */
export class WaitingSteps {
  readonly #parked: Map<string, ParkedStep>;
  readonly #steps = new Map<string, Step>();
  readonly #children: Set<string>;
  readonly #workedMs: number;
  #ever: boolean;
  /** Whether it rested until now, and goes on because something came. */
  readonly goesOn: boolean;

  constructor({ parked, steps }: Pick<RunRecord, 'parked' | 'steps'>) {
    const all = parked?.steps ?? [];
    this.#parked = new Map(all.map((step) => [stepKey(step), step]));
    for (const step of steps)
      if (this.#parked.has(stepKey(step)) && !isTerminal(step.state)) this.#steps.set(stepKey(step), step);
    const started = all.flatMap(({ waits }) =>
      waits.flatMap(({ about }) => (about.kind === 'run' ? [about.runId] : [])),
    );
    this.#children = new Set(started);
    this.#workedMs = parked?.workedMs ?? 0;
    this.#ever = parked !== undefined;
    this.goesOn = parked?.resting ?? false;
  }

  /** Whether any step waits. */
  get any(): boolean {
    return this.#parked.size > 0;
  }

  /** Whether any step waits or did. */
  get ever(): boolean {
    return this.#ever;
  }

  find(step: StepPlace): ParkedStep | undefined {
    return this.#parked.get(stepKey(step));
  }

  /** Whether a step waits for something that has not come. */
  isStuck(step: StepPlace, now: number): boolean {
    const parked = this.find(step);
    return parked !== undefined && stillWaits(parked, now);
  }

  /** A step waits from now on. */
  add(step: Step, parked: ParkedStep): void {
    this.#ever = true;
    this.#steps.set(stepKey(step), step);
    this.#parked.set(stepKey(step), parked);
  }

  /** A step waits no more. @returns whether it did. */
  remove(step: StepPlace): boolean {
    this.#steps.delete(stepKey(step));
    return this.#parked.delete(stepKey(step));
  }

  addChild(runId: string): void {
    this.#children.add(runId);
  }

  /** The runs that were started for the run's steps, ended or not. */
  get children(): string[] {
    return [...this.#children];
  }

  /** The steps that wait, as they are recorded. */
  get steps(): Step[] {
    return [...this.#steps.values()];
  }

  /** What is stored of it. @param workedMs how long the run was at work until it rests now; left out while it goes on. */
  toParked(workedMs?: number): ParkedRun {
    return {
      resting: workedMs !== undefined,
      workedMs: workedMs ?? this.#workedMs,
      steps: [...this.#parked.values()],
    };
  }
}
