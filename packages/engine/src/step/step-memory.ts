import { type Item, stableStringify, stepKey } from '@imaginarium/protocol';
import { messageOf } from '../call/failure.ts';
import type { Call } from '../call/step-call.ts';
import type { StepContext } from '../call/step-context.ts';
import type { RegisteredNode } from '../packages/node-registry.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { CachedStep } from '../ports/cached-step.ts';
import { cacheKey } from './cache-key.ts';
import { traceStep } from './step-trace.ts';
import { whyAgain } from './why-again.ts';

/** The place of one step's result in the cache. */
export interface StepMemory {
  recall(): Promise<CachedStep | undefined>;
  /** Keeps a result, and leaves no word on why: for one item of several. */
  keep(step: CachedStep): Promise<void>;
  /** Once nothing was recalled: says why, and gives what keeps the result of executing it. */
  miss(): Promise<{ reason: string; keep(step: CachedStep): Promise<void> }>;
}

/** Finds a step's place in the cache. A cache that fails is one that forgot: the step is executed, and the log says why. */
export async function stepMemoryOf(
  planned: PlannedNode,
  calls: readonly Call[],
  inputs: Record<string, Item[]>,
  { services, scope, run, graph, iteration, tell }: StepContext,
): Promise<StepMemory> {
  const { registered, node } = planned;
  const fingerprint = await fingerprintOf(registered, calls, services.modelsFolder);
  const key = cacheKey(registered, calls, fingerprint);
  const orNothing = (error: unknown) => {
    tell({ type: 'log', node: null, level: 'warn', message: `The cache of results failed: ${messageOf(error)}` });
    return undefined;
  };
  const nameOf = (id: string) => graph.nodes.find((entry) => entry.id === id)?.name ?? id;
  return {
    recall: () => services.cache.get(scope.workspaceId, key).catch(orNothing),
    keep: (step) => services.cache.put(scope.workspaceId, key, step).catch(orNothing),
    async miss() {
      const place = { workflowId: run.workflowId, node: stepKey({ node: node.id, iteration }) };
      const trace = traceStep(registered, { key, calls, inputs, fingerprint });
      const before = await services.cache.trace(scope.workspaceId, place).catch(orNothing);
      return {
        reason: whyAgain(before, trace, planned, nameOf),
        keep: (step) => services.cache.put(scope.workspaceId, key, step, { ...place, trace }).catch(orNothing),
      };
    },
  };
}

/** What the node depends on beside params and items, for each set of params that its calls use. */
async function fingerprintOf(
  { definition }: RegisteredNode,
  calls: readonly Call[],
  modelsFolder: string,
): Promise<string> {
  const sets = new Map(
    [...new Set(calls.map((call) => call.params))].map((params) => [stableStringify(params), params]),
  );
  const prints = [...sets.values()].map((params) => definition.fingerprint({ params, modelsFolder }));
  // In mode `all` the one row names the first items only, so all of them are added.
  const all = calls.flatMap(({ task }) => Object.entries(task.items));
  return stableStringify([await Promise.all(prints), all]);
}
