import {
  type FailedItem,
  type Item,
  type PortItems,
  type RunEventBody,
  type Step,
  stepKey,
} from '@imaginarium/protocol';
import type { ParkedStep } from '../ports/run-waits.ts';
import { hasEffectOnce, isDear, isOver, recordedOutputs, unknownOutcome } from './earlier-steps.ts';
import { executeLoop } from './execute-loop.ts';
import { executeStep } from './execute-step.ts';
import { StepFailedError, toFailure } from './failure.ts';
import { isoMoment } from './iso-moment.ts';
import type { Level } from './level.ts';
import type { PlannedNode } from './plan.ts';
import { finishStep, isHandedOver, isLost, placeOf, type RunWork } from './run-work.ts';
import { passThrough, skipReason } from './skip.ts';
import { keepsParts, StepParts } from './step-parts.ts';
import { stepUse } from './step-use.ts';

const TOO_LATE = 'The run ended before its turn.';

/** What is known of a step at work, should it fail. */
interface Tries {
  attempts: number;
  failedItems: FailedItem[];
}

/** Walks over one level: each node fires once all that feeds it has settled, independent nodes at the same time. */
export class Walk {
  readonly #work: RunWork;
  readonly #level: Level;
  /** Loops that wait because something inside them does. */
  readonly #loops = new Map<string, Step>();

  constructor(work: RunWork, level: Level) {
    this.#work = work;
    this.#level = level;
  }

  /** @returns false when some of it waits, and all else is settled. */
  async walk(): Promise<boolean> {
    const { nodes, signal, iteration } = this.#level;
    const settled = new Map<string, Promise<boolean>>();
    for (const planned of nodes) {
      const before = [...planned.after].map((id) => settled.get(id) ?? true);
      settled.set(
        planned.node.id,
        Promise.all(before).then((all) => !all.includes(false) && this.#settleNode(planned)),
      );
    }
    const all = await Promise.all(settled.values());
    if (!signal.aborted) return !all.includes(false);
    if (isLost(this.#work)) return false;
    // It has ended, so nothing more will come to what follows the steps that wait.
    for (const planned of nodes) {
      const { id } = planned.node;
      const loop = this.#loops.get(id);
      if (loop) finishStep(this.#work, { ...loop, state: 'cancelled' }, this.#work.services.clock.now());
      else if (!(await settled.get(id)) && !this.#work.waiting.find({ node: id, iteration }))
        this.#skip(planned, TOO_LATE, {});
    }
    return !all.includes(false);
  }

  /** @returns false when the node waits. */
  async #settleNode(planned: PlannedNode): Promise<boolean> {
    const { earlier: record, waiting, services } = this.#work;
    const { items, iteration, signal, graph } = this.#level;
    const { node } = planned;
    const inputs = items.gather(planned);
    const earlier = record.find(node.id, iteration);
    if (isOver(earlier, signal.aborted)) {
      items.keep(earlier.node, recordedOutputs(earlier));
      return true;
    }
    if (waiting.isStuck({ node: node.id, iteration }, services.clock.now())) return false;
    if (earlier) return this.#repeat(planned, inputs, earlier);
    if (signal.aborted) return this.#skip(planned, TOO_LATE, {});
    if (node.disabled)
      return this.#skip(planned, 'It is disabled; what reached it was passed on.', passThrough(planned, inputs));
    const reason = skipReason(planned, inputs, graph);
    if (reason) return this.#skip(planned, reason, {});
    return this.#execute(planned, inputs);
  }

  /** Executes a step again that was at work when its worker died, unless that might repeat what must not be. */
  async #repeat(planned: PlannedNode, inputs: Record<string, Item[]>, earlier: Step): Promise<boolean> {
    const { signal } = this.#level;
    const startedAt = this.#work.services.clock.now();
    if (signal.aborted) return this.#fail(planned, earlier, signal.reason, startedAt);
    if (earlier.state === 'waiting') return this.#execute(planned, inputs, earlier.startedAt);
    const mayRepeat = !hasEffectOnce(planned) || planned.node.policy?.onUnknownOutcome === 'retry';
    // Where its calls are on record, each is judged by itself.
    if (mayRepeat || this.#work.parts.has(stepKey(earlier))) return this.#execute(planned, inputs);
    return this.#fail(planned, earlier, new StepFailedError(unknownOutcome(planned)), startedAt);
  }

  async #execute(
    planned: PlannedNode,
    inputs: Record<string, Item[]>,
    firstStartedAt: string | null = null,
  ): Promise<boolean> {
    const { services, recorder } = this.#work;
    const { node } = planned;
    const { clock } = services;
    const startedAt = clock.now();
    const itemsIn = Math.max(0, ...Object.values(inputs).map((items) => items.length));
    const started = {
      ...this.#blankStep(planned),
      startedAt: firstStartedAt ?? isoMoment(startedAt),
      itemsIn,
    };
    const dear = isDear(planned);
    const tries: Tries = { attempts: 1, failedItems: [] };
    recorder.event({ type: 'step.started', ...placeOf(started), items: itemsIn });
    recorder.step({ ...started, state: 'running' });
    try {
      // What came before must be stored before something happens that cannot be repeated, or is dear to repeat.
      if (dear) await recorder.flush();
      const came = planned.inside
        ? await executeLoop(planned, inputs, this.#work, this.#level, (level) => new Walk(this.#work, level).walk())
        : await executeStep(planned, inputs, this.#contextOf(planned, tries));
      if (isLost(this.#work) && !isHandedOver(this.#work)) throw this.#work.signal.reason;
      if (came === 'waits') return this.#waitInside(started);
      if ('waits' in came) return this.#wait(started, came);
      const { outputs, cached, price, ...outcome } = came;
      this.#level.items.keep(node.id, outputs);
      const credits = this.#charge(planned, { ...started, ...outcome }, price, startedAt);
      const state = cached ? 'cached' : 'succeeded';
      finishStep(this.#work, { ...started, ...outcome, credits, outputs, state }, startedAt);
      if (dear) recorder.flush().catch(() => undefined); // What needs it stored waits itself.
      return true;
    } catch (error) {
      this.#work.account.forgo(started);
      const { attempts, failedItems } = tries;
      const failed = { ...started, attempts, ...(failedItems.length > 0 ? { failedItems } : {}) };
      return this.#fail(planned, failed, error, startedAt);
    }
  }

  #contextOf(planned: PlannedNode, tries: Tries): Parameters<typeof executeStep>[2] {
    const { services, record, limiter, waiting, recorder, account } = this.#work;
    const { items, expressions, signal, iteration } = this.#level;
    const node = planned.node.id;
    const parts = this.#work.parts.get(stepKey({ node, iteration })) ?? [];
    const tell = (event: RunEventBody) => {
      if (event.type === 'step.retrying') tries.attempts = Math.max(tries.attempts, event.attempt);
      recorder.event(iteration !== '' && 'node' in event && event.node !== null ? { ...event, iteration } : event);
    };
    return {
      ...{ services, expressions, limiter, signal, iteration, tell },
      scope: { workspaceId: record.workspaceId, runId: record.run.id },
      find: (id) => items.find(id),
      ...{ run: record.run, graph: record.graph },
      parked: waiting.find({ node, iteration }),
      parts: keepsParts(planned) ? new StepParts(planned, iteration, parts, recorder) : undefined,
      onChild: (runId) => waiting.addChild(runId),
      onItemFailed: (item) => tries.failedItems.push(item),
      terms: record.funds?.terms ?? null,
      charged: record.funds !== null,
      afford: (exact) => account.afford({ node, iteration }, exact),
    };
  }

  /** Writes down what a finished step costs. @returns the whole credits of it. */
  #charge(planned: PlannedNode, step: Step, price: number, startedAtMs: number): number {
    const { account, recorder, record, services } = this.#work;
    const charge = account.charge(step, price);
    if (record.funds && price > 0)
      recorder.charge({ ...charge, use: stepUse(planned, step, services.clock.now() - startedAtMs) });
    return charge.credits;
  }

  /** Some of a step waits: what comes may come at once, so what it waits for is stored at once too. */
  #wait(started: Step, parked: ParkedStep): false {
    const { waiting, recorder } = this.#work;
    const step: Step = { ...started, state: 'waiting', attempts: parked.attempts };
    const [first] = parked.waits;
    waiting.add(step, parked);
    recorder.step(step);
    if (first) {
      const { about, dueAt } = first;
      recorder.event({ type: 'step.waiting', ...placeOf(step), about, dueAt, items: parked.waits.length });
    }
    recorder.park(waiting.toParked());
    recorder.flush().catch(() => undefined); // The recorder says itself when the run is lost.
    return false;
  }

  /** Something inside a loop waits, and nothing else of it can go on. */
  #waitInside(started: Step): false {
    const step: Step = { ...started, state: 'waiting', attempts: 1 };
    this.#loops.set(step.node, step);
    this.#work.recorder.step(step);
    return false;
  }

  /** Ends a step that gave nothing: it failed, or was cancelled with its run. */
  #fail({ node }: PlannedNode, step: Step, error: unknown, startedAtMs: number): true {
    const { signal, fail } = this.#level;
    // Somebody else goes on with it.
    if (isLost(this.#work)) return true;
    const stopped = signal.aborted;
    const failure = toFailure(stopped ? signal.reason : error, node.id);
    const end = { state: stopped ? ('cancelled' as const) : ('failed' as const), error: stopped ? null : failure };
    finishStep(this.#work, { ...step, ...end }, startedAtMs);
    if (!stopped) fail(failure, node.name);
    return true;
  }

  #skip(planned: PlannedNode, reason: string, outputs: PortItems): true {
    if (isLost(this.#work)) return true;
    this.#level.items.keep(planned.node.id, outputs);
    const step: Step = { ...this.#blankStep(planned), state: 'skipped', reason, outputs };
    finishStep(this.#work, step, this.#work.services.clock.now());
    return true;
  }

  #blankStep({ node }: PlannedNode): Step {
    return {
      ...{ node: node.id, iteration: this.#level.iteration, name: node.name, type: node.type, state: 'pending' },
      ...{ attempts: 0, startedAt: null, finishedAt: null, itemsIn: 0, itemsFailed: 0, outputs: {}, credits: 0 },
      ...{ error: null, reason: null },
    };
  }
}
