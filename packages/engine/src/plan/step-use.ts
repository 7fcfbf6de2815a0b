import type { Step } from '@imaginarium/protocol';
import type { StepUse } from '../ports/run-credits.ts';
import type { PlannedNode } from './plan.ts';

/** What a step that has finished is charged for. @param durationMs milliseconds that it took. */
export function stepUse(
  { node, registered }: PlannedNode,
  { itemsIn, itemsFailed }: Pick<Step, 'itemsIn' | 'itemsFailed'>,
  durationMs: number,
): StepUse {
  return {
    version: node.version,
    // A node that nothing reaches works on one item: the one it makes.
    items: Math.max(1, itemsIn - itemsFailed),
    // A clock may be set back meanwhile.
    durationMs: Math.max(0, Math.round(durationMs)),
    pool: poolOf(node.params, registered),
  };
}

/** Where a formula decides, it is asked with the params as they are written: how much memory depends on them, and the pool hardly ever. */
function poolOf(params: PlannedNode['node']['params'], { definition }: PlannedNode['registered']): string | null {
  const { resources } = definition.description;
  if (resources === undefined) return null;
  if (resources !== 'formula') return resources.pool;
  try {
    return definition.resources({ params, items: 1 })?.pool ?? null;
  } catch {
    // It does not take a param that is still an expression.
    return null;
  }
}
