import { type FailedItem, type PortItems, pendingStep, type Step } from '@imaginarium/protocol';
import { toFailure } from '../call/failure.ts';
import { isDear } from '../plan/earlier-steps.ts';
import type { Level } from '../plan/level.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { stepUse } from '../plan/step-use.ts';
import type { ParkedStep } from '../ports/run-waits.ts';
import type { executeStep } from '../step/execute-step.ts';
import { finishStep, isLost, placeOf, type RunWork, throwIfLost } from './run-work.ts';

/** What a step came to, or what it waits for. */
export type StepCame = Awaited<ReturnType<typeof executeStep>>;

/** A step that was begun. */
export interface StepAtWork {
  planned: PlannedNode;
  started: Step;
  /** Milliseconds since 1970. */
  startedAt: number;
  tries: Tries;
}

/** What is known of a step at work, should it fail. */
export interface Tries {
  attempts: number;
  failedItems: FailedItem[];
}

/** Writes down how the steps of one level end, and what those that wait are waiting for. */
export class StepEnds {
  readonly #work: RunWork;
  readonly #level: Level;

  constructor(work: RunWork, level: Level) {
    this.#work = work;
    this.#level = level;
  }

  /** Ends a step by what it came to. @returns false when some of it waits. */
  finish({ planned, started, startedAt }: StepAtWork, came: StepCame): boolean {
    throwIfLost(this.#work);
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

  /** Ends a step that was begun and failed. */
  failAtWork({ planned, started, startedAt, tries }: StepAtWork, error: unknown): true {
    const { attempts, failedItems } = tries;
    this.#work.account.forgo(started);
    const failed = { ...started, attempts, ...(failedItems.length > 0 ? { failedItems } : {}) };
    return this.fail(planned, failed, error, startedAt);
  }

  /** Ends a step that gave nothing: it failed, or was cancelled with its run. */
  fail({ node }: PlannedNode, step: Step, error: unknown, startedAtMs: number): true {
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

  /** Ends a step that had no turn. @param outputs what it passes on all the same. */
  skip(planned: PlannedNode, reason: string, outputs: PortItems): true {
    if (isLost(this.#work)) return true;
    this.#level.items.keep(planned.node.id, outputs);
    const pending = pendingStep(planned.node, this.#level.iteration);
    const step: Step = { ...pending, state: 'skipped', reason, outputs };
    finishStep(this.#work, step, this.#work.services.clock.now());
    return true;
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

  /** Writes down what a finished step costs. @returns the whole credits of it. */
  #charge(planned: PlannedNode, step: Step, price: number, startedAtMs: number): number {
    const { account, recorder, record, services } = this.#work;
    const charge = account.charge(step, price);
    if (record.funds && price > 0)
      recorder.charge({ ...charge, use: stepUse(planned, step, services.clock.now() - startedAtMs) });
    return charge.credits;
  }
}
