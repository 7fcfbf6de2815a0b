import type { Item, PortItems } from '@imaginarium/protocol';
import { attempt } from './attempt.ts';
import { cacheKey, isCacheable } from './cache-key.ts';
import type { CachedStep } from './cached-step.ts';
import { executeCall, handleFailure } from './execute-call.ts';
import type { PlannedNode } from './plan.ts';
import { type Call, prepareCalls } from './step-call.ts';
import type { StepContext } from './step-context.ts';
import { toCachedStep, toItems } from './step-items.ts';

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
  const { definition } = registered;
  const calls = prepareCalls(planned, inputs, context);
  const credits = definition.credits({ params: calls[0]?.params ?? {}, items: countItems(inputs) });
  const key = isCacheable(registered, node.policy) ? await keyOf(planned, calls, context) : undefined;
  const known = key === undefined ? undefined : await context.services.cache.get(context.scope.workspaceId, key);
  if (known) {
    const reason = 'Nothing it depends on has changed since it was last executed.';
    return {
      outputs: toItems(planned, calls, inputs, known),
      cached: true,
      credits: 0,
      attempts: 0,
      itemsFailed: 0,
      reason,
    };
  }
  const outcome = await executeCalls(planned, calls, context);
  if (key !== undefined && outcome.failed === 0)
    await context.services.cache.put(context.scope.workspaceId, key, outcome.step);
  const share = calls.length === 0 ? 1 : 1 - outcome.failed / calls.length;
  return {
    outputs: toItems(planned, calls, inputs, outcome.step),
    cached: false,
    credits: Math.round(credits * share),
    attempts: outcome.attempts,
    itemsFailed: outcome.failed,
    reason: key === undefined ? null : 'Its params or its input are new.',
  };
}

async function keyOf({ registered }: PlannedNode, calls: Call[], { services }: StepContext): Promise<string> {
  const { modelsFolder } = services;
  const fingerprint = await registered.definition.fingerprint({ params: calls[0]?.params ?? {}, modelsFolder });
  // In mode `all` the one row names the first items only, so all of them are added.
  const all = calls.map(({ task }) => Object.values(task.items));
  return cacheKey(registered, calls, fingerprint + (all.flat(2).length > 0 ? JSON.stringify(all) : ''));
}

async function executeCalls(
  planned: PlannedNode,
  calls: Call[],
  context: StepContext,
): Promise<{ step: CachedStep; failed: number; attempts: number }> {
  const { node } = planned;
  const { limiter, signal, tell } = context;
  const shares = new Array<number>(calls.length).fill(0);
  let attempts = 0;
  let failed = 0;
  const onProgress = (index: number, share: number, message?: string) => {
    shares[index] = Math.min(1, Math.max(0, share));
    const progress = shares.reduce((sum, value) => sum + value, 0) / shares.length;
    tell({ type: 'step.progress', node: node.id, progress, ...(message === undefined ? {} : { message }) });
  };
  const results = await settleAll(
    calls.map((call, index) =>
      limiter.run(async () => {
        signal.throwIfAborted();
        const host = { progress: (share: number, message?: string) => onProgress(index, share, message) };
        try {
          const result = await attempt(
            (limited, count) => {
              attempts = Math.max(attempts, count);
              return executeCall(planned, call, host.progress, limited, context);
            },
            {
              policy: node.policy,
              clock: context.services.clock,
              signal,
              onRetry: (count, delayMs, error) =>
                tell({ type: 'step.retrying', node: node.id, attempt: count, delayMs, message: messageOf(error) }),
            },
          );
          if (calls.length > 1) onProgress(index, 1);
          return result;
        } catch (error) {
          if (signal.aborted) throw error;
          const replaced = await handleFailure(planned, call, error, host.progress, context);
          failed += replaced.failed ? 1 : 0;
          return replaced.result;
        }
      }),
    ),
  );
  return { step: toCachedStep(calls, results), failed, attempts };
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
