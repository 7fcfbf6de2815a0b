import type { NodeResult } from '../ports/node-executor.ts';
import type { DoneCall } from '../ports/run-waits.ts';
import { executeCall, sharedHost } from './execute-call.ts';
import type { PlannedNode } from './plan.ts';
import type { Call } from './step-call.ts';
import type { StepContext } from './step-context.ts';
import type { StepProgress } from './step-progress.ts';

/** How long calls are made one right after the other before the rest of the process has its turn. */
const TURN_MS = 8;
/** Calls between two looks at the clock. */
const LOOK_EVERY = 16;

/** What became of the first calls of a step. */
export interface PromptCalls {
  /** Those that were answered at once, in order. */
  done: DoneCall[];
  /** The call after them, whose answer is still to come. It has its place until then. */
  begun?: Promise<NodeResult>;
}

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

/**
 * Makes the calls of a light node for as long as it answers at once, which most of them do: without a promise, a timer and a place for
 * each item. The first call that takes its time, fails or waits ends that; it is handed over under way.
 * @throws the reason of the step's signal once it is aborted.
 */
export async function makePromptCalls(
  planned: PlannedNode,
  calls: readonly Call[],
  progress: StepProgress,
  context: StepContext,
): Promise<PromptCalls> {
  const { signal } = context;
  const done: DoneCall[] = [];
  const leave = context.limiter.tryTake();
  // Others are at work: it waits for its turn like them.
  if (!leave) return { done };
  let begun: Promise<NodeResult> | undefined;
  try {
    const shared = sharedHost(planned, signal, context);
    let until = performance.now() + TURN_MS;
    for (const call of calls) {
      if (call.index % LOOK_EVERY === 0 && performance.now() > until) {
        progress.endFirst(call.index);
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        until = performance.now() + TURN_MS;
      }
      const report = (share: number, message?: string) => progress.report(call.index, share, message);
      const answered = executeCall(planned, call, report, signal, context, shared);
      if (answered instanceof Promise) {
        begun = answered;
        break;
      }
      done.push({ call: call.index, result: answered, became: 'succeeded' });
    }
  } finally {
    if (!begun) leave();
  }
  if (!begun) return { done };
  const giveBack = () => leave();
  // Whoever takes the call over hears of its failure.
  begun.then(giveBack, giveBack);
  return { done, begun };
}
