import type { PlannedNode } from '../plan/plan.ts';
import type { NodeResult } from '../ports/node-executor.ts';
import { executeCall, type SharedHost, sharedHost } from './execute-call.ts';
import type { Call } from './step-call.ts';
import type { StepCalls } from './step-calls.ts';
import type { StepContext } from './step-context.ts';
import type { StepProgress } from './step-progress.ts';

/** How long calls are made one right after the other before the rest of the process has its turn. */
const TURN_MS = 8;
/** Calls between two looks at the clock. */
const LOOK_EVERY = 16;

/** Whether the calls of a node may be made one right after the other: it is light, and none of them has to be written down first. */
export function mayBePrompt({ node, registered }: PlannedNode): boolean {
  const { resources, concurrency, effects } = registered.definition.description;
  return (
    resources === undefined &&
    concurrency === undefined &&
    effects !== 'once' &&
    // Only what a node is told before it begins can end it in time.
    node.policy?.timeoutMs === undefined
  );
}

/** Where answers go. */
interface Answers {
  add(call: Call, index: number, result: NodeResult): void;
}

/**
 * Makes the calls of a light node for as long as it answers at once, which most of them do: without a promise, a timer and a place for
 * each item. The first call that takes its time, fails or waits ends that; it is handed over under way.
 */
export class PromptCalls {
  /** How many calls were answered at once. */
  done = 0;
  /** The call after them, whose answer is still to come. It has its place until then. */
  begun: Promise<NodeResult> | undefined;
  readonly #planned: PlannedNode;
  readonly #calls: StepCalls;
  readonly #answers: Answers;
  /** Made when it is asked for: light nodes hardly ever report. */
  readonly #progress: () => StepProgress;
  readonly #context: StepContext;
  #shared: SharedHost | undefined;
  /** For the call at work: one that was answered has no more to say, so that none needs its own. */
  readonly #report = (share: number, message?: string) => {
    if (this.done < this.#calls.length) this.#progress().report(this.done, share, message);
  };
  /** Gives the place back; undefined where others are at work: then they all wait for their turn. */
  readonly #leave: (() => void) | undefined;

  /**
   * Takes a place, which is given back when {@link makeSome} says that it is over.
   * @param answers gets what they gave, in their order.
   */
  constructor(
    planned: PlannedNode,
    calls: StepCalls,
    answers: Answers,
    progress: () => StepProgress,
    context: StepContext,
  ) {
    this.#planned = planned;
    this.#calls = calls;
    this.#answers = answers;
    this.#progress = progress;
    this.#context = context;
    this.#leave = context.limiter.tryTake();
  }

  /** Makes calls for some milliseconds. @returns whether it may go on so, once the rest of the process has had its turn. */
  makeSome(): boolean {
    if (!this.#leave) return false;
    const { signal } = this.#context;
    this.#shared ??= sharedHost(this.#planned, signal, this.#context);
    const { length } = this.#calls;
    const until = length > LOOK_EVERY ? performance.now() + TURN_MS : 0;
    for (let index = this.done; index < length; index++) {
      if (index % LOOK_EVERY === 0 && index > 0 && performance.now() > until) {
        this.#progress().endFirst(index);
        return true;
      }
      const call = this.#calls.at(index);
      const answered = executeCall(this.#planned, call, this.#report, signal, this.#context, this.#shared);
      // What the policy says of failed items is done elsewhere.
      if (answered instanceof Promise || answered.failed) {
        this.#handOver(Promise.resolve(answered));
        return false;
      }
      this.#answers.add(call, index, answered);
      this.done++;
    }
    this.#leave();
    return false;
  }

  /** Ends it before its time. */
  stop(): void {
    this.#leave?.();
  }

  #handOver(answered: Promise<NodeResult>): void {
    this.begun = answered;
    const giveBack = () => this.#leave?.();
    // Whoever takes the call over hears of its failure.
    answered.then(giveBack, giveBack);
  }
}
