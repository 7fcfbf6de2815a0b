import type { JsonObject } from '@imaginarium/protocol';
import type { PlannedNode } from '../plan/plan.ts';
import { fixedParams } from './fixed-params.ts';
import { resolveParams } from './resolve-params.ts';

/** The node's params as far as they are known before a run: an expression counts as its default. */
export function knownParams(planned: PlannedNode): JsonObject {
  const { node, registered } = planned;
  const { params: specs } = registered.definition.description;
  try {
    const fixed = fixedParams(planned);
    if (fixed) return fixed;
  } catch {
    // What does not fit counts with its default.
  }
  const known = Object.fromEntries(
    Object.entries(node.params).filter(([, value]) => !(typeof value === 'string' && value.includes('{{'))),
  );
  try {
    return resolveParams(specs, known);
  } catch {
    return Object.fromEntries(
      Object.entries({ ...specs }).map(([key, spec]) => [key, known[key] ?? spec.default]),
    ) as JsonObject;
  }
}
