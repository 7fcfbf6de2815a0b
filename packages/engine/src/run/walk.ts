import { type Item, pendingStep, type Step, stepKey } from '@imaginarium/protocol';
import { StepFailedError } from '../call/failure.ts';
import type { FileScope } from '../call/services.ts';
import { isoMoment } from '../limits/iso-moment.ts';
import { hasEffectOnce, isDear, isOver, recordedOutputs, unknownOutcome } from '../plan/earlier-steps.ts';
import type { Level } from '../plan/level.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { passThrough, skipReason } from '../plan/skip.ts';
import { keepsParts, StepParts } from '../plan/step-parts.ts';
import { executeStep } from '../step/execute-step.ts';
import { executeLoop } from './execute-loop.ts';
import { finishStep, isLost, type RunWork, tellBegin, throwIfLost } from './run-work.ts';
import { type StepAtWork, type StepCame, StepEnds, type Tries } from './step-ends.ts';

const TOO_LATE = 'The run ended before its turn.';

/** Whether a node has settled; false when it waits. A promise, unless that is known at once. */
type Settling = boolean | Promise<boolean>;

/** Walks over one level: each node fires once all that feeds it has settled, independent nodes at the same time. */
export class Walk {
  readonly #work: RunWork;
  readonly #level: Level;
  readonly #ends: StepEnds;
  /** Loops that wait because something inside them does. */
  readonly #loops = new Map<string, Step>();
  readonly #scope: FileScope;
  readonly #find = (id: string) => this.#level.items.find(id);
  readonly #onChild = (runId: string) => this.#work.waiting.addChild(runId);

  constructor(work: RunWork, level: Level) {
    this.#work = work;
    this.#level = level;
    this.#ends = new StepEnds(work, level);
    this.#scope = { workspaceId: work.record.workspaceId, runId: work.record.run.id };
  }

  /** @returns false when some of it waits, and all else is settled. */
  async walk(): Promise<boolean> {
    const { nodes, signal, iteration } = this.#level;
    const settled = new Map<string, Settling>();
    let isOver = true;
    for (const planned of nodes) {
      const settling = this.#settleAfter(planned, settled);
      settled.set(planned.node.id, settling);
      isOver &&= settling === true;
    }
    if (isOver && !signal.aborted) return true;
    const all = await Promise.all(settled.values());
    if (!signal.aborted) return !all.includes(false);
    if (isLost(this.#work)) return false;
    // It has ended, so nothing more will come to what follows the steps that wait.
    for (const planned of nodes) {
      const { id } = planned.node;
      const loop = this.#loops.get(id);
      if (loop) finishStep(this.#work, { ...loop, state: 'cancelled' }, this.#work.services.clock.now());
      else if (!(await settled.get(id)) && !this.#work.waiting.find({ node: id, iteration }))
        this.#ends.skip(planned, TOO_LATE, {});
    }
    return !all.includes(false);
  }

  /** Settles a node after those that feed it: at once where they have settled. */
  #settleAfter(planned: PlannedNode, settled: ReadonlyMap<string, Settling>): Settling {
    const before: Promise<boolean>[] = [];
    let waits = false;
    for (const id of planned.after) {
      const source = settled.get(id);
      if (source instanceof Promise) before.push(source);
      else if (source === false) waits = true;
    }
    if (before.length > 0)
      return Promise.all(before).then((all) => !waits && !all.includes(false) && this.#settleNode(planned));
    return !waits && this.#settleNode(planned);
  }

  #settleNode(planned: PlannedNode): Settling {
    const { earlier: record, waiting, services } = this.#work;
    const { items, iteration, signal, graph } = this.#level;
    const { node } = planned;
    const inputs = items.gather(planned);
    const earlier = record.find(node.id, iteration);
    if (isOver(earlier, signal.aborted)) {
      items.keep(earlier.node, recordedOutputs(earlier));
      return true;
    }
    if (waiting.any && waiting.isStuck({ node: node.id, iteration }, services.clock.now())) return false;
    if (earlier) return this.#repeat(planned, inputs, earlier);
    if (signal.aborted) return this.#ends.skip(planned, TOO_LATE, {});
    if (node.disabled)
      return this.#ends.skip(planned, 'It is disabled; what reached it was passed on.', passThrough(planned, inputs));
    const reason = skipReason(planned, inputs, graph);
    if (reason) return this.#ends.skip(planned, reason, {});
    return this.#execute(planned, inputs);
  }

  /** Executes a step again that was at work when its worker died, unless that might repeat what must not be. */
  #repeat(planned: PlannedNode, inputs: Record<string, Item[]>, earlier: Step): Settling {
    const { signal } = this.#level;
    const startedAt = this.#work.services.clock.now();
    if (signal.aborted) return this.#ends.fail(planned, earlier, signal.reason, startedAt);
    if (earlier.state === 'waiting') return this.#execute(planned, inputs, earlier.startedAt);
    const mayRepeat = !hasEffectOnce(planned) || planned.node.policy?.onUnknownOutcome === 'retry';
    // Where its calls are on record, each is judged by itself.
    if (mayRepeat || this.#work.parts.has(stepKey(earlier))) return this.#execute(planned, inputs);
    return this.#ends.fail(planned, earlier, new StepFailedError(unknownOutcome(planned)), startedAt);
  }

  #execute(planned: PlannedNode, inputs: Record<string, Item[]>, firstStartedAt: string | null = null): Settling {
    const { services, recorder } = this.#work;
    const startedAt = services.clock.now();
    let itemsIn = 0;
    for (const port in inputs) itemsIn = Math.max(itemsIn, inputs[port]?.length ?? 0);
    const started = pendingStep(planned.node, this.#level.iteration);
    started.startedAt = firstStartedAt ?? isoMoment(startedAt);
    started.itemsIn = itemsIn;
    tellBegin(this.#work, started, startedAt);
    const tries: Tries = { attempts: 1, failedItems: [] };
    const step: StepAtWork = { planned, started, startedAt, tries };
    if (planned.inside || isDear(planned)) {
      recorder.step({ ...started, state: 'running' });
      return this.#executeLater(step, inputs);
    }
    try {
      const came = executeStep(planned, inputs, this.#contextOf(planned, tries));
      if (!(came instanceof Promise)) return this.#ends.finish(step, came);
      // Nothing is stored before this turn is over: nobody learns that a step was at work which has ended by then.
      recorder.step({ ...started, state: 'running' });
      return this.#finishLater(step, came);
    } catch (error) {
      return this.#ends.failAtWork(step, error);
    }
  }

  /** Executes a loop, or a step that is dear. */
  async #executeLater(step: StepAtWork, inputs: Record<string, Item[]>): Promise<boolean> {
    const { planned, started, tries } = step;
    const { recorder } = this.#work;
    const dear = isDear(planned);
    try {
      // What came before must be stored before something happens that cannot be repeated, or is dear to repeat.
      if (dear) await recorder.flush();
      if (!planned.inside)
        return await this.#finishLater(step, executeStep(planned, inputs, this.#contextOf(planned, tries)));
      const came = await executeLoop(planned, inputs, this.#work, this.#level, (level) =>
        new Walk(this.#work, level).walk(),
      );
      if (came === 'waits') {
        throwIfLost(this.#work);
        return this.#waitInside(started);
      }
      return this.#ends.finish(step, came);
    } catch (error) {
      return this.#ends.failAtWork(step, error);
    }
  }

  async #finishLater(step: StepAtWork, coming: StepCame | Promise<StepCame>): Promise<boolean> {
    try {
      return this.#ends.finish(step, await coming);
    } catch (error) {
      return this.#ends.failAtWork(step, error);
    }
  }

  #contextOf(planned: PlannedNode, tries: Tries): Parameters<typeof executeStep>[2] {
    const { services, record, limiter, waiting, recorder, account } = this.#work;
    const { expressions, signal, iteration } = this.#level;
    const place = { node: planned.node.id, iteration };
    // Property by property, and no more: one is made for each step.
    return {
      services,
      expressions,
      limiter,
      signal,
      iteration,
      tell: (event) => {
        if (event.type === 'step.retrying') tries.attempts = Math.max(tries.attempts, event.attempt);
        recorder.event(iteration !== '' && 'node' in event && event.node !== null ? { ...event, iteration } : event);
      },
      scope: this.#scope,
      find: this.#find,
      run: record.run,
      graph: record.graph,
      parked: waiting.any ? waiting.find(place) : undefined,
      parts: keepsParts(planned) ? this.#partsOf(planned) : undefined,
      onChild: this.#onChild,
      onItemFailed: (item) => tries.failedItems.push(item),
      terms: record.funds?.terms ?? null,
      charged: record.funds !== null,
      afford: (exact) => account.afford(place, exact),
    };
  }

  #partsOf(planned: PlannedNode): StepParts {
    const { iteration } = this.#level;
    const earlier = this.#work.parts.get(stepKey({ node: planned.node.id, iteration })) ?? [];
    return new StepParts(planned, iteration, earlier, this.#work.recorder);
  }

  /** Something inside a loop waits, and nothing else of it can go on. */
  #waitInside(started: Step): false {
    const step: Step = { ...started, state: 'waiting', attempts: 1 };
    this.#loops.set(step.node, step);
    this.#work.recorder.step(step);
    return false;
  }
}
