import type { JsonObject } from '@imaginarium/protocol';
import { freezeDeep } from '../items/freeze-deep.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { hasExpressions, resolveParams } from './resolve-params.ts';

/**
 * The params that a node executes with whatever its items are, found out once for each plan.
 * @returns null when its params hold expressions.
 * @throws {NonRetryableError} for a value that does not fit.
 */
export function fixedParams(planned: PlannedNode): JsonObject | null {
  if (planned.fixedParams !== undefined) return planned.fixedParams;
  const { node, registered } = planned;
  const { params: specs } = registered.definition.description;
  planned.fixedParams = hasExpressions(specs, node.params) ? null : freezeDeep(resolveParams(specs, node.params));
  return planned.fixedParams;
}
