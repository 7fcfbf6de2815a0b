import {
  applyInputs,
  type Failure,
  type Graph,
  type Item,
  type PortItems,
  type Step,
  UnknownInputError,
  validateGraph,
} from '@imaginarium/protocol';
import type { Lease, RunOutcome, RunRecord } from '../ports/run-store.ts';
import {
  EarlierSteps,
  hasEffectOnce,
  isDear,
  isOver,
  pictureOf,
  recordedOutputs,
  unknownOutcome,
} from './earlier-steps.ts';
import { executeStep } from './execute-step.ts';
import { messageOf, RunHandedOverError, RunStoppedError, StepFailedError, toFailure } from './failure.ts';
import { limitRunTime } from './limit-run-time.ts';
import { Limiter } from './limiter.ts';
import { type Plan, type PlannedNode, planRun } from './plan.ts';
import { RunItems } from './run-items.ts';
import { withoutSettled } from './run-part.ts';
import { RunRecorder } from './run-recorder.ts';
import { ItemScope } from './scope.ts';
import type { RunServices } from './services.ts';
import { passThrough, skipReason } from './skip.ts';

const DEFAULT_CONCURRENCY = 4;
const GOES_ON = 'The server stopped while this run was at work. It goes on after the last finished step.';

/**
 * Executes a run whose lease is held, from its plan to its end: each node fires once all that feeds it has settled, independent nodes at
 * the same time, and everything that happens is written down and told on the way. A run that an earlier worker began goes on after the
 * steps that it finished.
 * @param signal aborted with a {@link RunStoppedError} to cancel the run; with a {@link RunHandedOverError} to let it go, with all that
 * is finished stored; with anything else when the lease is lost, and then nothing more is written.
 * @returns how the run ended; it is stored by then.
 */
export async function executeRun(
  record: RunRecord,
  lease: Lease,
  services: RunServices,
  signal: AbortSignal,
): Promise<RunOutcome> {
  return new RunExecution(record, lease, services, signal).execute();
}

class RunExecution {
  readonly #record: RunRecord;
  readonly #lease: Lease;
  readonly #services: RunServices;
  readonly #recorder: RunRecorder;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #limiter: Limiter;
  readonly #scope: ItemScope;
  readonly #items: RunItems;
  readonly #earlier: EarlierSteps;
  #failure: Failure | undefined;
  #creditsSpent: number;

  constructor(record: RunRecord, lease: Lease, services: RunServices, signal: AbortSignal) {
    const { store, bus, clock } = services;
    this.#record = record;
    this.#lease = lease;
    this.#services = services;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#limiter = new Limiter(record.graph.settings.concurrency ?? DEFAULT_CONCURRENCY);
    this.#items = new RunItems(record.graph);
    this.#scope = new ItemScope(record.run, () => this.#items.byName());
    this.#earlier = new EarlierSteps(record.steps);
    this.#failure = this.#earlier.failure;
    this.#creditsSpent = this.#earlier.credits;
    const onLost = (error: unknown) => this.#stop.abort(error);
    this.#recorder = new RunRecorder({ lease, store, bus, clock, lastSeq: record.run.lastSeq, onLost });
    this.#recorder.cover = this.#earlier.cover;
  }

  async execute(): Promise<RunOutcome> {
    const callOff = limitRunTime(this.#record, this.#services.clock, this.#stop);
    const onAbort = () => this.#isLost() && !this.#isHandedOver() && this.#recorder.abandon();
    this.#signal.addEventListener('abort', onAbort);
    try {
      this.#begin();
      const plan = this.#plan();
      if (plan) await this.#walk(plan);
      onAbort();
      if (this.#isHandedOver()) await this.#handOver();
      if (this.#isLost()) throw this.#signal.reason;
      const outcome = this.#outcome();
      // Settled first: what is reserved is given back by the one who ended the run, and by nobody who only thought so.
      await this.#recorder.settle(outcome);
      await this.#services.meter.release(this.#record.run.id, `run ${outcome.state}`);
      return outcome;
    } finally {
      callOff();
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  #begin(): void {
    if (this.#record.run.lastSeq === 0) {
      this.#recorder.event({ type: 'run.started' });
      for (const step of this.#record.steps) this.#tellEnd(step, 0);
    } else this.#recorder.event({ type: 'log', node: null, level: 'warn', message: GOES_ON });
    if (this.#failure) this.#stop.abort(new RunStoppedError('run-cancelled', this.#failure.message));
  }

  /** Whether the run is somebody else's by now, or will be. */
  #isLost(): boolean {
    return this.#signal.aborted && !(this.#signal.reason instanceof RunStoppedError);
  }

  #isHandedOver(): boolean {
    return this.#signal.aborted && this.#signal.reason instanceof RunHandedOverError;
  }

  async #handOver(): Promise<void> {
    await this.#recorder.flush();
    this.#recorder.abandon();
    await this.#services.store.release(this.#lease);
  }

  #plan(): Plan | undefined {
    const { registry } = this.#services;
    try {
      const graph = applyInputs(this.#record.graph, this.#record.run.inputs, registry);
      const [problem] = withoutSettled(validateGraph(graph, registry), this.#record.steps);
      if (!problem) return planRun(graph, registry);
      this.#failure = { code: 'graph-invalid', message: problem.message, remedy: problem.remedy };
    } catch (error) {
      const code = error instanceof UnknownInputError ? 'input-invalid' : 'graph-invalid';
      this.#failure = { code, message: messageOf(error) };
    }
    return undefined;
  }

  async #walk(plan: Plan): Promise<void> {
    const settled = new Map<string, Promise<void>>();
    for (const planned of plan.nodes) {
      const before = [...planned.after].map((id) => settled.get(id));
      settled.set(
        planned.node.id,
        Promise.all(before).then(() => this.#settleNode(planned, plan.graph)),
      );
    }
    await Promise.all(settled.values());
  }

  async #settleNode(planned: PlannedNode, graph: Graph): Promise<void> {
    const inputs = this.#items.gather(planned);
    const earlier = this.#earlier.find(planned.node.id);
    if (isOver(earlier, this.#signal.aborted)) return this.#items.keep(earlier.node, recordedOutputs(earlier));
    if (earlier) return this.#repeat(planned, inputs, earlier);
    if (this.#signal.aborted) return this.#skip(planned, 'The run ended before its turn.', {});
    if (planned.node.disabled)
      return this.#skip(planned, 'It is disabled; what reached it was passed on.', passThrough(planned, inputs));
    const reason = skipReason(planned, inputs, graph);
    if (reason) return this.#skip(planned, reason, {});
    await this.#execute(planned, inputs);
  }

  /** Executes a step again that was at work when its worker died, unless that might repeat what must not be. */
  async #repeat(planned: PlannedNode, inputs: Record<string, Item[]>, earlier: Step): Promise<void> {
    const startedAt = this.#services.clock.now();
    if (this.#signal.aborted) return this.#fail(planned, earlier, this.#signal.reason, startedAt);
    if (!hasEffectOnce(planned) || planned.node.policy?.onUnknownOutcome === 'retry')
      return this.#execute(planned, inputs);
    this.#fail(planned, earlier, new StepFailedError(unknownOutcome(planned)), startedAt);
  }

  async #execute(planned: PlannedNode, inputs: Record<string, Item[]>): Promise<void> {
    const { node } = planned;
    const { clock, meter } = this.#services;
    const startedAt = clock.now();
    const itemsIn = Math.max(0, ...Object.values(inputs).map((items) => items.length));
    const started = { ...this.#blankStep(planned), startedAt: new Date(startedAt).toISOString(), itemsIn };
    const dear = isDear(planned);
    let attempts = 1;
    this.#recorder.event({ type: 'step.started', node: node.id, items: itemsIn });
    this.#recorder.step({ ...started, state: 'running' });
    try {
      // What came before must be stored before something happens that cannot be repeated, or is dear to repeat.
      if (dear) await this.#recorder.flush();
      const { outputs, cached, ...outcome } = await executeStep(planned, inputs, {
        services: this.#services,
        scope: { workspaceId: this.#record.workspaceId, runId: this.#record.run.id },
        expressions: this.#scope,
        find: (id) => this.#items.find(id),
        limiter: this.#limiter,
        signal: this.#signal,
        tell: (event) => {
          if (event.type === 'step.retrying') attempts = Math.max(attempts, event.attempt);
          this.#recorder.event(event);
        },
      });
      if (this.#isLost() && !this.#isHandedOver()) throw this.#signal.reason;
      this.#items.keep(node.id, outputs);
      await meter.commit(this.#record.run.id, { node: node.id, iteration: '', attempt: 1 }, outcome.credits);
      this.#creditsSpent += outcome.credits;
      this.#finish({ ...started, ...outcome, outputs, state: cached ? 'cached' : 'succeeded' }, startedAt);
      if (dear) this.#recorder.flush().catch(() => undefined); // What needs it stored waits itself.
    } catch (error) {
      this.#fail(planned, { ...started, attempts }, error, startedAt);
    }
  }

  /** Ends a step that gave nothing: it failed, or was cancelled with its run. */
  #fail({ node }: PlannedNode, step: Step, error: unknown, startedAtMs: number): void {
    // Somebody else goes on with it.
    if (this.#isLost()) return;
    const stopped = this.#signal.aborted;
    const failure = toFailure(stopped ? this.#signal.reason : error, node.id);
    this.#finish({ ...step, state: stopped ? 'cancelled' : 'failed', error: stopped ? null : failure }, startedAtMs);
    if (stopped) return;
    this.#failure ??= failure;
    // Other branches are stopped: their results would be thrown away with the run.
    this.#stop.abort(new RunStoppedError('run-cancelled', `${node.name} failed.`));
  }

  #skip(planned: PlannedNode, reason: string, outputs: PortItems): void {
    if (this.#isLost()) return;
    this.#items.keep(planned.node.id, outputs);
    this.#finish({ ...this.#blankStep(planned), state: 'skipped', reason, outputs }, this.#services.clock.now());
  }

  #finish(step: Step, startedAtMs: number): void {
    const now = this.#services.clock.now();
    const thumbnail = pictureOf(step);
    if (thumbnail) this.#recorder.cover = thumbnail;
    this.#recorder.step({ ...step, finishedAt: new Date(now).toISOString() });
    this.#tellEnd(step, now - startedAtMs);
  }

  #tellEnd(step: Step, durationMs: number): void {
    const { node, state, credits, error, reason, outputs } = step;
    this.#recorder.event({
      ...{ type: 'step.finished', node, state, credits, error, reason, thumbnail: pictureOf(step) },
      durationMs,
      items: Object.fromEntries(Object.entries(outputs).map(([port, items]) => [port, items.length])),
    });
  }

  #blankStep({ node }: PlannedNode): Step {
    return {
      ...{ node: node.id, iteration: '', name: node.name, type: node.type, state: 'pending' },
      ...{ attempts: 0, startedAt: null, finishedAt: null, itemsIn: 0, itemsFailed: 0, outputs: {}, credits: 0 },
      ...{ error: null, reason: null },
    };
  }

  #outcome(): RunOutcome {
    const common = { creditsSpent: this.#creditsSpent, cover: this.#recorder.cover };
    if (this.#failure) return { ...common, state: 'failed', error: this.#failure };
    if (!this.#signal.aborted) return { ...common, state: 'succeeded', error: null };
    const reason = this.#signal.reason;
    if (reason instanceof RunStoppedError && reason.code === 'run-cancelled')
      return { ...common, state: 'cancelled', error: null };
    return { ...common, state: 'failed', error: toFailure(reason) };
  }
}
