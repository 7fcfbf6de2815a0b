import { stableStringify } from '@imaginarium/protocol';
import type { RegisteredNode } from '../packages/node-registry.ts';
import { cacheKey } from './cache-key.ts';
import type { CachedStep } from './cached-step.ts';
import { messageOf } from './failure.ts';
import type { Call } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/** The place of one step's result in the cache. */
export interface StepMemory {
  recall(): Promise<CachedStep | undefined>;
  keep(step: CachedStep): Promise<void>;
}

/** Finds a step's place in the cache. A cache that fails is one that forgot: the step is executed, and the log says why. */
export async function stepMemoryOf(
  registered: RegisteredNode,
  calls: readonly Call[],
  { services, scope, tell }: StepContext,
): Promise<StepMemory> {
  const key = cacheKey(registered, calls, await fingerprintOf(registered, calls, services.modelsFolder));
  const orNothing = (error: unknown) => {
    tell({ type: 'log', node: null, level: 'warn', message: `The cache of results failed: ${messageOf(error)}` });
    return undefined;
  };
  return {
    recall: () => services.cache.get(scope.workspaceId, key).catch(orNothing),
    keep: (step) => services.cache.put(scope.workspaceId, key, step).catch(orNothing),
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
