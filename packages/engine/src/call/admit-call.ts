import type { PlannedNode } from '../plan/plan.ts';
import type { TaskHost } from '../ports/node-executor.ts';
import type { Call } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/**
 * How a try of a call gets what it needs of the machine: waiting for that is no part of the try, and its time limit does not count it.
 * Undefined for a light node, which needs nothing.
 */
export function admitCall(
  { registered, node }: PlannedNode,
  { params, refusal }: Call,
  report: TaskHost['progress'],
  { services, signal }: StepContext,
): (() => Promise<() => void>) | undefined {
  const { definition } = registered;
  const { resources, concurrency } = definition.description;
  if ((resources === undefined && concurrency === undefined) || refusal !== undefined) return undefined;
  return async () => {
    const { pool = null, memoryMb: usualMb = 0 } = definition.resources({ params, items: 1 }) ?? {};
    // A model that cannot be used fails the call itself, where it is told.
    const askedMb = await definition
      .peakMemoryMb?.({ params, modelsFolder: services.modelsFolder })
      .catch(() => usualMb);
    const memoryMb = askedMb ?? usualMb;
    return services.budget.take({ pool, memoryMb, nodeType: node.type, concurrency }, signal, (message) =>
      report(0, message),
    );
  };
}
