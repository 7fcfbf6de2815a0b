import { hasExpression, type Json, withDefaults } from '@imaginarium/protocol';
import type { PlannedNode } from './plan.ts';

/**
 * Whether a node may ask for items of others than those wired to it: its expressions do by a node's name; several inputs do when their items
 * are paired by what they descend from; and loops do for what they bring out. What a run is given makes no difference: it is data.
 */
export function looksBack({ node, registered, wires, inside }: PlannedNode): boolean {
  const { params } = registered.definition.description;
  return inside !== undefined || wires.size > 1 || mentionsNodes(withDefaults(params, node.params));
}

/** Whether expressions may name nodes: in a text with an expression it is enough that the word is there. */
function mentionsNodes(value: Json): boolean {
  if (typeof value === 'string') return hasExpression(value) && /\bnodes\b/.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(mentionsNodes);
}
