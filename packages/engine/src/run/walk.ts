import { type FailedItem, type Item, type PortItems, pendingStep, type Step, stepKey } from '@imaginarium/protocol';
import { StepFailedError, toFailure } from '../call/failure.ts';
import type { FileScope } from '../call/services.ts';
import { isoMoment } from '../limits/iso-moment.ts';
import { hasEffectOnce, isDear, isOver, recordedOutputs, unknownOutcome } from '../plan/earlier-steps.ts';
import type { Level } from '../plan/level.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { passThrough, skipReason } from '../plan/skip.ts';
import { keepsParts, StepParts } from '../plan/step-parts.ts';
import { stepUse } from '../plan/step-use.ts';
import type { ParkedStep } from '../ports/run-waits.ts';
import { executeStep } from '../step/execute-step.ts';
import { executeLoop } from './execute-loop.ts';
import { finishStep, isHandedOver, isLost, placeOf, type RunWork, tellBegin } from './run-work.ts';

const TOO_LATE = 'The run ended before its turn.';

/** Whether a node has settled; false when it waits. A promise, unless that is known at once. */
type Settling = boolean | Promise<boolean>;

/** What a step came to, or what it waits for. */
type StepCame = Awaited<ReturnType<typeof executeStep>>;

/** A step that was begun. */
interface StepAtWork {
  planned: PlannedNode;
  started: Step;
  /** Milliseconds since 1970. */
  startedAt: number;
  tries: Tries;
}

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
  readonly #scope: FileScope;
  readonly #find = (id: string) => this.#level.items.find(id);
  readonly #onChild = (runId: string) => this.#work.waiting.addChild(runId);

  constructor(work: RunWork, level: Level) {
    this.#work = work;
    this.#level = level;
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
        this.#skip(planned, TOO_LATE, {});
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
    if (signal.aborted) return this.#skip(planned, TOO_LATE, {});
    if (node.disabled)
      return this.#skip(planned, 'It is disabled; what reached it was passed on.', passThrough(planned, inputs));
    const reason = skipReason(planned, inputs, graph);
    if (reason) return this.#skip(planned, reason, {});
    return this.#execute(planned, inputs);
  }

  /** Executes a step again that was at work when its worker died, unless that might repeat what must not be. */
  #repeat(planned: PlannedNode, inputs: Record<string, Item[]>, earlier: Step): Settling {
    const { signal } = this.#level;
    const startedAt = this.#work.services.clock.now();
    if (signal.aborted) return this.#fail(planned, earlier, signal.reason, startedAt);
    if (earlier.state === 'waiting') return this.#execute(planned, inputs, earlier.startedAt);
    const mayRepeat = !hasEffectOnce(planned) || planned.node.policy?.onUnknownOutcome === 'retry';
    // Where its calls are on record, each is judged by itself.
    if (mayRepeat || this.#work.parts.has(stepKey(earlier))) return this.#execute(planned, inputs);
    return this.#fail(planned, earlier, new StepFailedError(unknownOutcome(planned)), startedAt);
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
      if (!(came instanceof Promise)) return this.#finish(step, came);
      // Nothing is stored before this turn is over: nobody learns that a step was at work which has ended by then.
      recorder.step({ ...started, state: 'running' });
      return this.#finishLater(step, came);
    } catch (error) {
      return this.#failAtWork(step, error);
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
        this.#throwIfLost();
        return this.#waitInside(started);
      }
      return this.#finish(step, came);
    } catch (error) {
      return this.#failAtWork(step, error);
    }
  }

  async #finishLater(step: StepAtWork, coming: StepCame | Promise<StepCame>): Promise<boolean> {
    try {
      return this.#finish(step, await coming);
    } catch (error) {
      return this.#failAtWork(step, error);
    }
  }

  /** Writes down what a step came to. */
  #finish({ planned, started, startedAt }: StepAtWork, came: StepCame): boolean {
    this.#throwIfLost();
    if ('waits' in came) return this.#wait(started, came);
    const { outputs, cached, price, attempts, itemsFailed, failedItems, reason } = came;
    this.#level.items.keep(planned.node.id, outputs);
    // Nobody else has it: what was written down of it before is a copy.
    const finished = started;
    finished.state = cached ? 'cached' : 'succeeded';
    finished.outputs = outputs;
    finished.attempts = attempts;
    finished.itemsFailed = itemsFailed;
    finished.reason = reason;
    if (failedItems) finished.failedItems = failedItems;
    finished.credits = this.#charge(planned, finished, price, startedAt);
    finishStep(this.#work, finished, startedAt);
    if (isDear(planned)) this.#work.recorder.flush().catch(() => undefined); // What needs it stored waits itself.
    return true;
  }

  #failAtWork({ planned, started, startedAt, tries }: StepAtWork, error: unknown): true {
    const { attempts, failedItems } = tries;
    this.#work.account.forgo(started);
    const failed = { ...started, attempts, ...(failedItems.length > 0 ? { failedItems } : {}) };
    return this.#fail(planned, failed, error, startedAt);
  }

  #throwIfLost(): void {
    if (isLost(this.#work) && !isHandedOver(this.#work)) throw this.#work.signal.reason;
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
    const pending = pendingStep(planned.node, this.#level.iteration);
    const step: Step = { ...pending, state: 'skipped', reason, outputs };
    finishStep(this.#work, step, this.#work.services.clock.now());
    return true;
  }
}
