import type { GraphNode, JsonObject } from '@imaginarium/protocol';
import { freezeDeep } from '../items/freeze-deep.ts';
import type { RegisteredNode } from '../packages/node-registry.ts';
import { hasExpressions, resolveParams } from './resolve-params.ts';

/** Params of nodes that are held on to, as those of versions are; null where expressions make them differ from item to item. */
const known = new WeakMap<GraphNode, { registered: RegisteredNode; params: JsonObject | null }>();

/**
 * The params that a node executes with whatever its items are, found out once for each node; the node must not be changed afterwards.
 * @returns null when its params hold expressions.
 * @throws {NonRetryableError} for a value that does not fit.
 */
export function fixedParams(node: GraphNode, registered: RegisteredNode): JsonObject | null {
  const before = known.get(node);
  if (before?.registered === registered) return before.params;
  const { params: specs } = registered.definition.description;
  const params = hasExpressions(specs, node.params) ? null : freezeDeep(resolveParams(specs, node.params));
  known.set(node, { registered, params });
  return params;
}
