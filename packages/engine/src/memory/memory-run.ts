import {
  compareSteps,
  isTerminal,
  nodeTypesOf,
  type Run,
  type RunEvent,
  type Step,
  stepKey,
} from '@imaginarium/protocol';
import type { RunFunds } from '../ports/run-credits.ts';
import type { QueuedRun } from '../ports/run-queue.ts';
import {
  type CanExecute,
  type Checkpoint,
  firstFunds,
  type Lease,
  type NewRun,
  type RunRecord,
  runOfNew,
  type StepPart,
} from '../ports/run-store.ts';
import type { ParkedRun } from '../ports/run-waits.ts';
import { eventsOfCancel } from '../run/events-of-cancel.ts';
import { withAnswers } from './memory-run-waits.ts';

/** A run in memory, with its record and whoever holds it. Moments are milliseconds since 1970. */
export class MemoryRun {
  run: Run;
  readonly source: NewRun;
  readonly steps: Map<string, Step>;
  readonly parts: StepPart[] = [];
  readonly events: RunEvent[] = [];
  token = 0;
  leaseUntil = 0;
  /** Whether its last holder let it go of its own accord. */
  released = false;
  takeovers = 0;
  cancelRequested = false;
  /** Whether its time had still to come when it was listed last. */
  isPutOff: boolean;
  parked: ParkedRun | undefined;
  readonly funds: RunFunds | null;
  /** Credits by step that was charged. */
  readonly #charged = new Map<string, number>();

  constructor(source: NewRun, now: number) {
    this.source = source;
    this.run = runOfNew(source, new Date(now).toISOString());
    this.steps = new Map(structuredClone(source.settled ?? []).map((step) => [stepKey(step), step]));
    this.isPutOff = !this.isDue(now);
    this.funds = firstFunds(source);
  }

  /** Credits that were charged for its steps. */
  get charged(): number {
    return [...this.#charged.values()].reduce((sum, credits) => sum + credits, 0);
  }

  isDue(now: number): boolean {
    return this.run.notBefore === null || Date.parse(this.run.notBefore) <= now;
  }

  /** Whether a worker has all that its graph needs. */
  fits(canExecute: CanExecute | undefined): boolean {
    return canExecute?.(nodeTypesOf(this.source.graph)) ?? true;
  }

  /** Gives it to a worker. */
  lease(leaseMs: number, now: number): Lease {
    this.token += 1;
    this.leaseUntil = now + leaseMs;
    this.released = false;
    const startedAt = this.run.startedAt ?? new Date(now).toISOString();
    this.run = { ...this.run, state: 'running', startedAt };
    return { runId: this.run.id, token: this.token };
  }

  write({ steps, events, charges = [], parked, parts = [] }: Checkpoint): void {
    this.parts.push(...structuredClone(parts));
    for (const charge of charges) {
      const step = stepKey(charge);
      if (!this.funds || this.#charged.has(step)) continue;
      this.#charged.set(step, charge.credits);
      this.funds.spent += charge.exact;
    }
    for (const step of steps) this.steps.set(stepKey(step), structuredClone(step));
    this.events.push(...structuredClone(events));
    this.run.lastSeq = this.events.at(-1)?.seq ?? this.run.lastSeq;
    if (parked) this.parked = withAnswers(parked, this.parked);
  }

  /** Ends it where nobody holds it. */
  cancel(now: number): void {
    const finishedAt = new Date(now).toISOString();
    const steps = [...this.steps.values()];
    const creditsSpent = steps.reduce((sum, step) => sum + step.credits, 0);
    const { id: runId, lastSeq } = this.run;
    const events = eventsOfCancel({ runId, lastSeq, at: finishedAt, creditsSpent }, steps);
    for (const step of steps)
      if (!isTerminal(step.state)) this.steps.set(stepKey(step), { ...step, state: 'cancelled', finishedAt });
    this.run = { ...this.run, state: 'cancelled', finishedAt, creditsSpent, lastSeq: lastSeq + events.length };
    this.parked = undefined;
    this.events.push(...events);
  }

  /** What a worker needs to execute it: a copy. */
  toRecord(): RunRecord {
    const { run, source, takeovers, parked, funds, parts } = this;
    const { workspaceId, createdBy, graph } = source;
    const steps = [...this.steps.values()].sort(compareSteps(graph.nodes.map((node) => node.id)));
    return structuredClone({
      ...{ run, workspaceId, createdBy, graph, steps, takeovers, funds },
      ...(parts.length > 0 ? { parts } : {}),
      ...(parked ? { parked } : {}),
    });
  }

  toQueued(): QueuedRun {
    const { id: runId, priority, state } = this.run;
    const again = state === 'running' ? { again: true as const } : {};
    return { runId, workspaceId: this.source.workspaceId, priority, ...again };
  }
}
