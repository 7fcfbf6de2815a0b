import type { Item, PortItems } from '@imaginarium/protocol';
import type { NodeResult } from '../ports/node-executor.ts';
import { attempt } from './attempt.ts';
import { isCacheable } from './cache-key.ts';
import { executeCall, handleFailure } from './execute-call.ts';
import { messageOf } from './failure.ts';
import { plainText } from './plain-text.ts';
import type { PlannedNode } from './plan.ts';
import { type Call, prepareCalls } from './step-call.ts';
import type { StepContext } from './step-context.ts';
import { toCachedStep, toItems } from './step-items.ts';
import { stepMemoryOf } from './step-memory.ts';
import { priceOfStep } from './step-price.ts';
import { StepProgress } from './step-progress.ts';

/** What a step came to. */
export interface StepOutcome {
  outputs: PortItems;
  cached: boolean;
  credits: number;
  /** Tries of the item that needed most. */
  attempts: number;
  /** Items left out or sent to the error port. */
  itemsFailed: number;
  /** Why it was executed though its results are kept, or why it was not. */
  reason: string | null;
}

/**
 * Executes one node over the items that reached it: rows are paired, looked up in the cache, executed with bounded concurrency, retried as the
 * policy says, and their results become items.
 * @throws the error of the first row that failed for good, when the policy stops the run.
 */
export async function executeStep(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  context: StepContext,
): Promise<StepOutcome> {
  const { registered, node } = planned;
  const calls = await prepareCalls(planned, inputs, context);
  const credits = priceOfStep(registered.definition, calls, countItems(inputs));
  const mayKeep = isCacheable(registered, node.policy) && calls.every((call) => call.refusal === undefined);
  const cache = mayKeep ? await stepMemoryOf(registered, calls, context) : undefined;
  const known = await cache?.recall();
  if (known) {
    const reason = 'Nothing it depends on has changed since it was last executed.';
    const outputs = toItems(planned, calls, inputs, known);
    return { outputs, cached: true, credits: 0, attempts: 0, itemsFailed: 0, reason };
  }
  const { results, failed, replaced, attempts } = await executeCalls(planned, calls, context);
  const step = toCachedStep(planned, calls, results);
  if (failed === 0 && replaced === 0) await cache?.keep(step);
  return {
    outputs: toItems(planned, calls, inputs, step),
    cached: false,
    credits: Math.round(credits * (1 - failed / calls.length)),
    attempts,
    itemsFailed: failed,
    reason: cache ? 'Its params or its input are new.' : null,
  };
}

interface CallResults {
  results: NodeResult[];
  failed: number;
  /** Calls that the fallback made. */
  replaced: number;
  /** Tries of the call that needed most. */
  attempts: number;
}

async function executeCalls(planned: PlannedNode, calls: Call[], context: StepContext): Promise<CallResults> {
  const { node } = planned;
  const { limiter, tell } = context;
  const stop = new AbortController();
  // A single call has no others to stop.
  const signal = calls.length > 1 ? AbortSignal.any([context.signal, stop.signal]) : context.signal;
  const counts = { failed: 0, replaced: 0 };
  let attempts = 0;
  const progress = new StepProgress(calls.length, (share, message) =>
    tell({
      ...{ type: 'step.progress', node: node.id, progress: share },
      ...(message === undefined ? {} : { message: plainText(message, 500) }),
    }),
  );
  const makeCall = async (call: Call): Promise<NodeResult> => {
    signal.throwIfAborted();
    const report = (share: number, message?: string) => progress.report(call.index, share, message);
    try {
      return await attempt(
        (limited, count) => {
          attempts = Math.max(attempts, count);
          return executeCall(planned, call, report, limited, context);
        },
        {
          policy: node.policy,
          clock: context.services.clock,
          signal,
          onRetry: (count, delayMs, error) =>
            tell({ type: 'step.retrying', node: node.id, attempt: count, delayMs, message: messageOf(error) }),
        },
      );
    } catch (error) {
      if (signal.aborted) throw error;
      const { result, became } = await handleFailure(planned, call, error, report, { ...context, signal });
      counts[became]++;
      return result;
    }
  };
  const results = await settleAll(
    calls.map((call) =>
      limiter.run(async () => {
        try {
          const result = await makeCall(call);
          if (calls.length > 1) progress.report(call.index, 1);
          return result;
        } catch (error) {
          // The step has failed: what is left of it would be thrown away.
          stop.abort(error);
          throw stop.signal.reason;
        }
      }),
    ),
  );
  return { results, ...counts, attempts };
}

/** Waits for all, so that nothing is left at work when the first failure is thrown. */
async function settleAll<Value>(promises: Promise<Value>[]): Promise<Value[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function countItems(inputs: Record<string, Item[]>): number {
  const counts = Object.values(inputs).map((items) => items.length);
  return counts.length === 0 ? 1 : Math.max(...counts);
}
