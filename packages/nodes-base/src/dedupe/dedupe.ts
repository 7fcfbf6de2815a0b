import { choice, defineNode, emit, isFileRef, type Json, port, text, toggle } from '@imaginarium/node-sdk';
import { pick } from '../values/pick.ts';
import { asText, foldText } from '../values/plain-value.ts';
import { type AnyItem, FIELD_HELP, readFields } from '../values/read-field.ts';

/** Leaves out items that are there more than once. */
export const dedupe = defineNode({
  type: 'flow.dedupe',
  version: 1,
  title: 'Remove duplicates',
  summary: 'Lets each thing through once: the same file, the same value, or the same in a field.',
  group: 'flow',
  icon: 'copy-minus',
  aliases: ['unique', 'distinct', 'duplicate', 'dedupe', 'same'],
  docs: 'Two files are the same when their bytes are, whatever their names. 7 and "7" are the same. Items without the field all pass, as there is nothing to compare.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    by: choice({
      title: 'The same when they have the same',
      options: [
        { value: 'content', label: 'File or value' },
        { value: 'field', label: 'Field' },
      ],
      default: 'content',
    }),
    field: text({ title: 'Field', help: FIELD_HELP, placeholder: 'sku', required: true, showWhen: { by: 'field' } }),
    keep: choice({
      title: 'Keep',
      options: [
        { value: 'first', label: 'The first of them' },
        { value: 'last', label: 'The last of them' },
      ],
      default: 'first',
    }),
    ignoreCase: toggle({ title: 'Capitals do not matter', default: false }),
  },
  effects: 'pure',
  counts: 'at-most',
  mode: 'all',
  headline: ['by', 'field'],
  typicalMs: 1,
  yields: ({ items }) => items,
  execute({ items: { item: items }, params, log }) {
    const found = params.by === 'field' ? readFields(items, params.field, 'Field') : items.map(contentOf);
    const keys = found.map((value) =>
      value === undefined ? undefined : foldText(asText(sorted(value)), params.ignoreCase),
    );
    const positions = distinctPositions(keys, params.keep);
    if (positions.length < items.length) log.info(`${items.length - positions.length} duplicates were left out.`);
    return { item: emit(pick(items, positions)) };
  },
});

/** The positions of the first or the last of each key, in their order; everything without a key is one of its kind. */
export function distinctPositions(keys: readonly (string | undefined)[], keep: 'first' | 'last'): number[] {
  const chosen = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    if (key !== undefined && (keep === 'last' || !chosen.has(key))) chosen.set(key, index);
  }
  return [...keys.keys()].filter((index) => {
    const key = keys[index];
    return key === undefined || chosen.get(key) === index;
  });
}

/** Files by their bytes alone, under a name that no text can have by chance. */
function contentOf({ value }: AnyItem): Json {
  return isFileRef(value) ? { file: value.id } : value;
}

/** The same with the keys of objects in one order. */
function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] as Json)]));
}
