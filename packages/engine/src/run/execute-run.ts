import { applyInputs, type Failure, stepKey, UnknownInputError, validateApplied } from '@imaginarium/protocol';
import { messageOf, RunStoppedError, toFailure } from '../call/failure.ts';
import type { RunServices } from '../call/services.ts';
import { Limiter } from '../limits/limiter.ts';
import { EarlierSteps } from '../plan/earlier-steps.ts';
import type { Plan } from '../plan/plan.ts';
import { planApplied } from '../plan/plan-applied.ts';
import { RunItems } from '../plan/run-items.ts';
import { withoutSettled } from '../plan/run-part.ts';
import { ItemScope } from '../plan/scope.ts';
import type { Lease, RunOutcome, RunRecord } from '../ports/run-store.ts';
import { limitRunTime } from './limit-run-time.ts';
import { RunAccount } from './run-account.ts';
import { RunRecorder } from './run-recorder.ts';
import { finishStep, isHandedOver, isLost, type RunWork, tellEnd } from './run-work.ts';
import { WaitingSteps } from './waiting-steps.ts';
import { Walk } from './walk.ts';

const DEFAULT_CONCURRENCY = 4;
const GOES_ON = 'The server stopped while this run was at work. It goes on after the last finished step.';

/** A run that came to no end yet: all that is left of it waits. It holds no worker, and what it waits for queues it again. */
export interface RunRests {
  state: 'waiting';
  /** Whether that has come already: it is queued, and has to be offered. */
  queued: boolean;
}

/**
 * Executes a run whose lease is held, from its plan to its end: each node fires once all that feeds it has settled, independent nodes at
 * the same time, and everything that happens is written down and told on the way. A run that an earlier worker began goes on after the
 * steps that it finished.
 * @param signal aborted with a {@link RunStoppedError} to cancel the run; with a {@link RunHandedOverError} to let it go, with all that
 * is finished stored; with anything else when the lease is lost, and then nothing more is written.
 * @returns how the run ended, or that it waits; it is stored by then.
 */
export function executeRun(
  record: RunRecord,
  lease: Lease,
  services: RunServices,
  signal: AbortSignal,
): Promise<RunOutcome | RunRests> {
  return new RunExecution(record, lease, services, signal).execute();
}

class RunExecution {
  readonly #work: RunWork;
  readonly #lease: Lease;
  readonly #stop = new AbortController();
  /** Aborted by whoever had the run executed. */
  readonly #given: AbortSignal;
  readonly #beganAt: number;
  #failure: Failure | undefined;

  constructor(record: RunRecord, lease: Lease, services: RunServices, signal: AbortSignal) {
    const { store, bus, clock } = services;
    const earlier = new EarlierSteps(record.steps);
    const onLost = (error: unknown) => this.#stop.abort(error);
    this.#lease = lease;
    this.#given = signal;
    this.#beganAt = clock.now();
    this.#failure = earlier.failure;
    this.#work = {
      ...{ record, services, earlier, account: new RunAccount(record, lease, store) },
      recorder: new RunRecorder({ lease, store, bus, clock, lastSeq: record.run.lastSeq, onLost }),
      limiter: new Limiter(record.graph.settings.concurrency ?? DEFAULT_CONCURRENCY),
      waiting: new WaitingSteps(record),
      parts: Map.groupBy(record.parts ?? [], stepKey),
      // Aborted by that which is given, and when the run stops by itself.
      signal: this.#stop.signal,
    };
    this.#work.recorder.cover = earlier.cover;
  }

  async execute(): Promise<RunOutcome | RunRests> {
    const callOff = limitRunTime(this.#work.record, this.#work.services.clock, this.#stop);
    const onAbort = () => isLost(this.#work) && !isHandedOver(this.#work) && this.#work.recorder.abandon();
    // Followed by hand: a signal made of two costs more than the rest of a small run's set-up.
    const follow = () => this.#stop.abort(this.#given.reason);
    if (this.#given.aborted) follow();
    this.#given.addEventListener('abort', follow);
    this.#work.signal.addEventListener('abort', onAbort);
    try {
      this.#begin();
      const plan = this.#plan();
      if (plan) await this.#walk(plan);
      onAbort();
      if (isHandedOver(this.#work)) await this.#handOver();
      if (isLost(this.#work)) throw this.#work.signal.reason;
      if (this.#work.waiting.any && !this.#failure && !this.#work.signal.aborted) return await this.#rest();
      this.#cancelWaiting();
      const outcome = this.#outcome();
      await this.#work.recorder.settle(outcome, this.#work.waiting.ever);
      if (outcome.state !== 'succeeded') await this.#cancelChildren();
      return outcome;
    } finally {
      callOff();
      this.#given.removeEventListener('abort', follow);
      this.#work.signal.removeEventListener('abort', onAbort);
    }
  }

  #begin(): void {
    if (this.#work.record.run.lastSeq === 0) {
      this.#work.recorder.event({ type: 'run.started' });
      const told = { now: this.#beganAt, durationMs: 0 };
      for (const step of this.#work.record.steps) if (step.iteration === '') tellEnd(this.#work, step, told);
    } else if (this.#work.waiting.goesOn) {
      this.#work.recorder.event({ type: 'run.resumed' });
      this.#work.recorder.park(this.#work.waiting.toParked());
    } else this.#work.recorder.event({ type: 'log', node: null, level: 'warn', message: GOES_ON });
    if (this.#failure) this.#stop.abort(new RunStoppedError('run-cancelled', this.#failure.message));
  }

  /** Lets the run wait: nothing in it can go on before something comes. */
  async #rest(): Promise<RunRests> {
    const { run, parked } = this.#work.record;
    const before = parked?.workedMs ?? 0;
    const since = before > 0 || run.startedAt === null ? this.#beganAt : Date.parse(run.startedAt);
    const workedMs = before + Math.max(1, this.#work.services.clock.now() - since);
    return { state: 'waiting', queued: await this.#work.recorder.rest(this.#work.waiting.toParked(workedMs)) };
  }

  /** What waits when the run ends waits in vain. */
  #cancelWaiting(): void {
    const now = this.#work.services.clock.now();
    for (const step of this.#work.waiting.steps) finishStep(this.#work, { ...step, state: 'cancelled' }, now);
  }

  async #cancelChildren(): Promise<void> {
    const { children } = this.#work.services;
    // What cannot be cancelled goes on to its own end; this run has ended already.
    for (const runId of this.#work.waiting.children) await children.cancel(runId).catch(() => undefined);
  }

  async #handOver(): Promise<void> {
    await this.#work.recorder.flush();
    this.#work.recorder.abandon();
    await this.#work.services.store.release(this.#lease);
  }

  #plan(): Plan | undefined {
    const { registry } = this.#work.services;
    try {
      const { record } = this.#work;
      if (record.applied) return planApplied(record.graph, record.applied, registry);
      const graph = applyInputs(record.graph, record.run.inputs, registry);
      const problems = validateApplied(record.graph, graph, registry);
      const [problem] = withoutSettled(problems, graph, record.steps);
      if (!problem) return planApplied(record.graph, graph, registry);
      this.#failure = { code: 'graph-invalid', message: problem.message, remedy: problem.remedy };
    } catch (error) {
      const code = error instanceof UnknownInputError ? 'input-invalid' : 'graph-invalid';
      this.#failure = { code, message: messageOf(error) };
    }
    return undefined;
  }

  #walk(plan: Plan): Promise<boolean> {
    const items = new RunItems(plan.graph, { readers: plan.readers });
    const walk = new Walk(this.#work, {
      ...{ graph: plan.graph, nodes: plan.nodes, iteration: '', items, signal: this.#work.signal },
      expressions: ItemScope.of(this.#work.record.run, () => items.byName()),
      fail: (failure, name) => {
        this.#failure ??= failure;
        // Other branches are stopped: their results would be thrown away with the run.
        this.#stop.abort(new RunStoppedError('run-cancelled', `${name} failed.`));
      },
    });
    return walk.walk();
  }

  #outcome(): RunOutcome {
    const common = { creditsSpent: this.#work.account.creditsSpent, cover: this.#work.recorder.cover };
    if (this.#failure) return { ...common, state: 'failed', error: this.#failure };
    if (!this.#work.signal.aborted) return { ...common, state: 'succeeded', error: null };
    const reason = this.#work.signal.reason;
    if (reason instanceof RunStoppedError && reason.code === 'run-cancelled')
      return { ...common, state: 'cancelled', error: null };
    return { ...common, state: 'failed', error: toFailure(reason) };
  }
}
