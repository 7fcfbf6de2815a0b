import type { Resumed } from '@imaginarium/node-sdk';
import type { PlannedNode } from '../plan/plan.ts';
import type { TaskHost } from '../ports/node-executor.ts';
import type { DoneCall, RunWait } from '../ports/run-waits.ts';
import { admitCall } from './admit-call.ts';
import { attempt } from './attempt.ts';
import { beginWait, CallWaitsError, SHORT_WAIT_MS, type Turn } from './call-waits.ts';
import { executeCall, handleFailure } from './execute-call.ts';
import { passOverFailed } from './failed-inputs.ts';
import { messageOf } from './failure.ts';
import type { Call } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/** What became of a call: it gave a result, or waits. */
export type CallOutcome = Omit<DoneCall, 'call'> | { wait: RunWait };

const TIME_IS_UP: Resumed = { timeIsUp: true, value: null };

/**
 * Makes one call of a step, with the tries and the end that the node's policy says.
 * @param onAttempt told the number of each try, counted from 1.
 * @throws the last try's error, when the policy stops the run.
 */
export async function makeCall(
  planned: PlannedNode,
  call: Call,
  turn: Turn,
  { report, onAttempt }: { report: TaskHost['progress']; onAttempt: (count: number) => void },
  context: StepContext,
): Promise<CallOutcome> {
  const { signal } = context;
  signal.throwIfAborted();
  try {
    const outcome = await takeTurns(planned, call, turn, { report, onAttempt }, context);
    return 'result' in outcome && outcome.result.failed
      ? passOverFailed(planned, call, outcome.result, context)
      : outcome;
  } catch (error) {
    if (signal.aborted) throw error;
    return handleFailure(planned, call, error, report, context);
  }
}

async function takeTurns(
  planned: PlannedNode,
  call: Call,
  { attempt: first, resumed, begun }: Turn,
  { report, onAttempt }: Parameters<typeof makeCall>[3],
  context: StepContext,
): Promise<CallOutcome> {
  const { services, signal, tell, limiter } = context;
  const { node } = planned;
  const task = resumed ? { ...call.task, resumed } : call.task;
  const execute = (limited: AbortSignal, count: number) => {
    onAttempt(count);
    return count === first && begun ? begun : executeCall(planned, { ...call, task }, report, limited, context);
  };
  try {
    const result = await attempt(execute, {
      policy: node.policy,
      clock: services.clock,
      signal,
      first,
      mayWait: true,
      onRetry: (count, delayMs, error) =>
        tell({ type: 'step.retrying', node: node.id, attempt: count, delayMs, message: messageOf(error) }),
      rest: (sleep) => limiter.rest(sleep),
      admit: admitCall(planned, call, report, context),
    });
    return { result, became: 'succeeded' };
  } catch (error) {
    if (!(error instanceof CallWaitsError)) throw error;
    const wait = await beginWait(error, { node: node.id, index: call.index, resumed }, context);
    const leftMs = Date.parse(wait.dueAt ?? '') - services.clock.now();
    if (wait.about.kind !== 'time' || leftMs > SHORT_WAIT_MS) return { wait };
    await limiter.rest(() => services.clock.sleep(Math.max(0, leftMs), signal));
    return takeTurns(planned, call, { attempt: 1, resumed: TIME_IS_UP }, { report, onAttempt }, context);
  }
}
