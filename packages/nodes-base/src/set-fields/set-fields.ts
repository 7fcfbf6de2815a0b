import {
  defineNode,
  type Json,
  type JsonObject,
  keyValue,
  list,
  NonRetryableError,
  port,
  text,
  toggle,
} from '@imaginarium/node-sdk';
import { refuseFieldName } from '../field-names.ts';

/** Sets, keeps and removes the named data that travel with an item. */
export const setFields = defineNode({
  type: 'flow.set-fields',
  version: 1,
  title: 'Set fields',
  summary: 'Names, changes or removes the data that travel with an item.',
  group: 'flow',
  icon: 'pen-line',
  aliases: ['edit', 'rename', 'assign', 'map', 'variable', 'metadata'],
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    fields: keyValue({
      title: 'Fields to set',
      typed: true,
      help: 'A value may hold expressions, such as {{ item.name }} in summer.',
    }),
    keep: toggle({ title: 'Keep other fields', default: true }),
    remove: list({
      title: 'Fields to remove',
      of: text({ title: 'Name' }),
      maxItems: 100,
      showWhen: { keep: true },
    }),
  },
  effects: 'pure',
  headline: ['fields'],
  typicalMs: 1,
  execute({ input, params, fields }) {
    return { item: input.item, fields: changedFields(fields, params) };
  },
});

/**
 * The fields of an item after removing and setting some.
 * @throws {NonRetryableError} for a name that no field may have.
 */
export function changedFields(
  fields: JsonObject,
  { fields: set, keep, remove }: { fields: JsonObject; keep: boolean; remove: readonly string[] },
): JsonObject {
  const changed: JsonObject = keep ? { ...fields } : {};
  for (const name of remove) delete changed[name];
  for (const name in set) {
    const refusal = refuseFieldName(name);
    if (refusal) throw new NonRetryableError(`fields: ${refusal}. Give the field another name.`);
    changed[name] = set[name] as Json;
  }
  return changed;
}
