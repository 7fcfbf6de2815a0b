import {
  applyInputs,
  type FailedItem,
  type Failure,
  type Graph,
  type Item,
  type PortItems,
  type Step,
  UnknownInputError,
  validateApplied,
} from '@imaginarium/protocol';
import type { Lease, RunOutcome, RunRecord, StepPart } from '../ports/run-store.ts';
import type { ParkedStep } from '../ports/run-waits.ts';
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
import { isoMoment } from './iso-moment.ts';
import { limitRunTime } from './limit-run-time.ts';
import { Limiter } from './limiter.ts';
import type { Plan, PlannedNode } from './plan.ts';
import { planApplied } from './plan-applied.ts';
import { RunAccount } from './run-account.ts';
import { RunItems } from './run-items.ts';
import { withoutSettled } from './run-part.ts';
import { RunRecorder } from './run-recorder.ts';
import { ItemScope } from './scope.ts';
import type { RunServices } from './services.ts';
import { passThrough, skipReason } from './skip.ts';
import { keepsParts, StepParts } from './step-parts.ts';
import { WaitingSteps } from './waiting-steps.ts';

const DEFAULT_CONCURRENCY = 4;
const TOO_LATE = 'The run ended before its turn.';
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
export async function executeRun(
  record: RunRecord,
  lease: Lease,
  services: RunServices,
  signal: AbortSignal,
): Promise<RunOutcome | RunRests> {
  return new RunExecution(record, lease, services, signal).execute();
}

class RunExecution {
  readonly #record: RunRecord;
  readonly #lease: Lease;
  readonly #services: RunServices;
  readonly #recorder: RunRecorder;
  readonly #stop = new AbortController();
  /** Aborted by whoever had the run executed. */
  readonly #given: AbortSignal;
  /** Aborted by that, and when the run stops by itself. */
  readonly #signal: AbortSignal;
  readonly #limiter: Limiter;
  readonly #scope: ItemScope;
  readonly #items: RunItems;
  readonly #earlier: EarlierSteps;
  readonly #waiting: WaitingSteps;
  readonly #beganAt: number;
  #failure: Failure | undefined;
  readonly #account: RunAccount;

  constructor(record: RunRecord, lease: Lease, services: RunServices, signal: AbortSignal) {
    const { store, bus, clock } = services;
    this.#record = record;
    this.#lease = lease;
    this.#services = services;
    this.#given = signal;
    this.#signal = this.#stop.signal;
    this.#limiter = new Limiter(record.graph.settings.concurrency ?? DEFAULT_CONCURRENCY);
    this.#items = new RunItems(record.graph);
    this.#scope = new ItemScope(record.run, () => this.#items.byName());
    this.#earlier = new EarlierSteps(record.steps);
    this.#waiting = new WaitingSteps(record);
    this.#beganAt = clock.now();
    this.#failure = this.#earlier.failure;
    this.#account = new RunAccount(record, lease, store);
    const onLost = (error: unknown) => this.#stop.abort(error);
    this.#recorder = new RunRecorder({ lease, store, bus, clock, lastSeq: record.run.lastSeq, onLost });
    this.#recorder.cover = this.#earlier.cover;
  }

  async execute(): Promise<RunOutcome | RunRests> {
    const callOff = limitRunTime(this.#record, this.#services.clock, this.#stop);
    const onAbort = () => this.#isLost() && !this.#isHandedOver() && this.#recorder.abandon();
    // Followed by hand: a signal made of two costs more than the rest of a small run's set-up.
    const follow = () => this.#stop.abort(this.#given.reason);
    if (this.#given.aborted) follow();
    this.#given.addEventListener('abort', follow);
    this.#signal.addEventListener('abort', onAbort);
    try {
      this.#begin();
      const plan = this.#plan();
      if (plan) await this.#walk(plan);
      onAbort();
      if (this.#isHandedOver()) await this.#handOver();
      if (this.#isLost()) throw this.#signal.reason;
      if (this.#waiting.any && !this.#failure && !this.#signal.aborted) return await this.#rest();
      this.#cancelWaiting();
      const outcome = this.#outcome();
      await this.#recorder.settle(outcome, this.#waiting.ever);
      if (outcome.state !== 'succeeded') await this.#cancelChildren();
      return outcome;
    } finally {
      callOff();
      this.#given.removeEventListener('abort', follow);
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  #begin(): void {
    if (this.#record.run.lastSeq === 0) {
      this.#recorder.event({ type: 'run.started' });
      for (const step of this.#record.steps) this.#tellEnd(step, 0);
    } else if (this.#waiting.goesOn) {
      this.#recorder.event({ type: 'run.resumed' });
      this.#recorder.park(this.#waiting.toParked());
    } else this.#recorder.event({ type: 'log', node: null, level: 'warn', message: GOES_ON });
    if (this.#failure) this.#stop.abort(new RunStoppedError('run-cancelled', this.#failure.message));
  }

  /** Lets the run wait: nothing in it can go on before something comes. */
  async #rest(): Promise<RunRests> {
    const { run, parked } = this.#record;
    const before = parked?.workedMs ?? 0;
    const since = before > 0 || run.startedAt === null ? this.#beganAt : Date.parse(run.startedAt);
    const workedMs = before + Math.max(1, this.#services.clock.now() - since);
    return { state: 'waiting', queued: await this.#recorder.rest(this.#waiting.toParked(workedMs)) };
  }

  /** What waits when the run ends waits in vain. */
  #cancelWaiting(): void {
    const now = this.#services.clock.now();
    for (const step of this.#waiting.steps) this.#finish({ ...step, state: 'cancelled' }, now);
  }

  async #cancelChildren(): Promise<void> {
    const { children } = this.#services;
    // What cannot be cancelled goes on to its own end; this run has ended already.
    for (const runId of this.#waiting.children) await children.cancel(runId).catch(() => undefined);
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
      const problems = validateApplied(this.#record.graph, graph, registry);
      const [problem] = withoutSettled(problems, this.#record.steps);
      if (!problem) return planApplied(this.#record.graph, graph, registry);
      this.#failure = { code: 'graph-invalid', message: problem.message, remedy: problem.remedy };
    } catch (error) {
      const code = error instanceof UnknownInputError ? 'input-invalid' : 'graph-invalid';
      this.#failure = { code, message: messageOf(error) };
    }
    return undefined;
  }

  async #walk(plan: Plan): Promise<void> {
    const settled = new Map<string, Promise<boolean>>();
    for (const planned of plan.nodes) {
      const before = [...planned.after].map((id) => settled.get(id) ?? true);
      settled.set(
        planned.node.id,
        Promise.all(before).then((all) => !all.includes(false) && this.#settleNode(planned, plan.graph)),
      );
    }
    await Promise.all(settled.values());
    if (!this.#signal.aborted) return;
    // The run has ended, so nothing more will come to what follows the steps that wait.
    for (const planned of plan.nodes)
      if (!(await settled.get(planned.node.id)) && !this.#waiting.find({ node: planned.node.id }))
        this.#skip(planned, TOO_LATE, {});
  }

  /** @returns false when the node waits. */
  async #settleNode(planned: PlannedNode, graph: Graph): Promise<boolean> {
    const { node } = planned;
    const inputs = this.#items.gather(planned);
    const earlier = this.#earlier.find(node.id);
    if (isOver(earlier, this.#signal.aborted)) {
      this.#items.keep(earlier.node, recordedOutputs(earlier));
      return true;
    }
    if (this.#waiting.isStuck({ node: node.id }, this.#services.clock.now())) return false;
    if (earlier) return this.#repeat(planned, inputs, earlier);
    if (this.#signal.aborted) return this.#skip(planned, TOO_LATE, {});
    if (node.disabled)
      return this.#skip(planned, 'It is disabled; what reached it was passed on.', passThrough(planned, inputs));
    const reason = skipReason(planned, inputs, graph);
    if (reason) return this.#skip(planned, reason, {});
    return this.#execute(planned, inputs);
  }

  /** Executes a step again that was at work when its worker died, unless that might repeat what must not be. */
  async #repeat(planned: PlannedNode, inputs: Record<string, Item[]>, earlier: Step): Promise<boolean> {
    const startedAt = this.#services.clock.now();
    if (this.#signal.aborted) return this.#fail(planned, earlier, this.#signal.reason, startedAt);
    if (earlier.state === 'waiting') return this.#execute(planned, inputs, earlier.startedAt);
    const mayRepeat = !hasEffectOnce(planned) || planned.node.policy?.onUnknownOutcome === 'retry';
    // Where its calls are on record, each is judged by itself.
    if (mayRepeat || this.#partsOf(planned.node.id).length > 0) return this.#execute(planned, inputs);
    return this.#fail(planned, earlier, new StepFailedError(unknownOutcome(planned)), startedAt);
  }

  async #execute(
    planned: PlannedNode,
    inputs: Record<string, Item[]>,
    firstStartedAt: string | null = null,
  ): Promise<boolean> {
    const { node } = planned;
    const { clock } = this.#services;
    const startedAt = clock.now();
    const itemsIn = Math.max(0, ...Object.values(inputs).map((items) => items.length));
    const started = {
      ...this.#blankStep(planned),
      startedAt: firstStartedAt ?? isoMoment(startedAt),
      itemsIn,
    };
    const dear = isDear(planned);
    let attempts = 1;
    const failedItems: FailedItem[] = [];
    this.#recorder.event({ type: 'step.started', node: node.id, items: itemsIn });
    this.#recorder.step({ ...started, state: 'running' });
    try {
      // What came before must be stored before something happens that cannot be repeated, or is dear to repeat.
      if (dear) await this.#recorder.flush();
      const came = await executeStep(planned, inputs, {
        services: this.#services,
        scope: { workspaceId: this.#record.workspaceId, runId: this.#record.run.id },
        expressions: this.#scope,
        find: (id) => this.#items.find(id),
        limiter: this.#limiter,
        signal: this.#signal,
        ...{ run: this.#record.run, graph: this.#record.graph },
        parked: this.#waiting.find({ node: node.id }),
        parts: keepsParts(planned) ? new StepParts(planned, '', this.#partsOf(node.id), this.#recorder) : undefined,
        onChild: (runId) => this.#waiting.addChild(runId),
        onItemFailed: (item) => failedItems.push(item),
        terms: this.#record.funds?.terms ?? null,
        afford: (exact) => this.#account.afford(started, exact),
        tell: (event) => {
          if (event.type === 'step.retrying') attempts = Math.max(attempts, event.attempt);
          this.#recorder.event(event);
        },
      });
      if (this.#isLost() && !this.#isHandedOver()) throw this.#signal.reason;
      if ('waits' in came) return this.#wait(started, came);
      const { outputs, cached, price, ...outcome } = came;
      this.#items.keep(node.id, outputs);
      const credits = this.#charge(started, price);
      this.#finish({ ...started, ...outcome, credits, outputs, state: cached ? 'cached' : 'succeeded' }, startedAt);
      if (dear) this.#recorder.flush().catch(() => undefined); // What needs it stored waits itself.
      return true;
    } catch (error) {
      this.#account.forgo(started);
      const failed = { ...started, attempts, ...(failedItems.length > 0 ? { failedItems } : {}) };
      return this.#fail(planned, failed, error, startedAt);
    }
  }

  /** What earlier workers wrote down of the calls of a step. */
  #partsOf(node: string): StepPart[] {
    return this.#record.parts?.filter((part) => part.node === node && part.iteration === '') ?? [];
  }

  /** Some of a step waits: what comes may come at once, so what it waits for is stored at once too. */
  #wait(started: Step, parked: ParkedStep): false {
    const step: Step = { ...started, state: 'waiting', attempts: parked.attempts };
    const [first] = parked.waits;
    this.#waiting.add(step, parked);
    this.#recorder.step(step);
    if (first) {
      const { about, dueAt } = first;
      this.#recorder.event({ type: 'step.waiting', ...placeOf(step), about, dueAt, items: parked.waits.length });
    }
    this.#recorder.park(this.#waiting.toParked());
    this.#recorder.flush().catch(() => undefined); // The recorder says itself when the run is lost.
    return false;
  }

  /** Writes down what a finished step costs. @returns the whole credits of it. */
  #charge(step: Step, price: number): number {
    const charge = this.#account.charge(step, price);
    if (this.#record.funds && price > 0) this.#recorder.charge(charge);
    return charge.credits;
  }

  /** Ends a step that gave nothing: it failed, or was cancelled with its run. */
  #fail({ node }: PlannedNode, step: Step, error: unknown, startedAtMs: number): true {
    // Somebody else goes on with it.
    if (this.#isLost()) return true;
    const stopped = this.#signal.aborted;
    const failure = toFailure(stopped ? this.#signal.reason : error, node.id);
    this.#finish({ ...step, state: stopped ? 'cancelled' : 'failed', error: stopped ? null : failure }, startedAtMs);
    if (stopped) return true;
    this.#failure ??= failure;
    // Other branches are stopped: their results would be thrown away with the run.
    this.#stop.abort(new RunStoppedError('run-cancelled', `${node.name} failed.`));
    return true;
  }

  #skip(planned: PlannedNode, reason: string, outputs: PortItems): true {
    if (this.#isLost()) return true;
    this.#items.keep(planned.node.id, outputs);
    this.#finish({ ...this.#blankStep(planned), state: 'skipped', reason, outputs }, this.#services.clock.now());
    return true;
  }

  #finish(step: Step, startedAtMs: number): void {
    const now = this.#services.clock.now();
    const thumbnail = pictureOf(step);
    if (thumbnail) this.#recorder.cover = thumbnail;
    this.#recorder.step({ ...step, finishedAt: isoMoment(now) });
    if (this.#waiting.remove(step)) this.#recorder.park(this.#waiting.toParked());
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
    const common = { creditsSpent: this.#account.creditsSpent, cover: this.#recorder.cover };
    if (this.#failure) return { ...common, state: 'failed', error: this.#failure };
    if (!this.#signal.aborted) return { ...common, state: 'succeeded', error: null };
    const reason = this.#signal.reason;
    if (reason instanceof RunStoppedError && reason.code === 'run-cancelled')
      return { ...common, state: 'cancelled', error: null };
    return { ...common, state: 'failed', error: toFailure(reason) };
  }
}

/** How events name a step: the iteration is left out outside of loops. */
function placeOf({ node, iteration }: Step): { node: string; iteration?: string } {
  return iteration === '' ? { node } : { node, iteration };
}
