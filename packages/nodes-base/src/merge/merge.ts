import { choice, defineNode, emit, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { append, byKey, byPosition, type Merged } from './merge-items.ts';

/** Brings two branches together. */
export const merge = defineNode({
  type: 'flow.merge',
  version: 1,
  title: 'Merge',
  summary: 'Brings two branches together: one after the other, in pairs, or by a common field.',
  group: 'flow',
  icon: 'git-merge',
  aliases: ['join', 'combine', 'append', 'zip', 'concat'],
  docs: 'A pair leaves with the value of A and the fields of both; where both have a field, that of A stays.',
  inputs: { a: port.any({ title: 'A', optional: true }), b: port.any({ title: 'B', optional: true }) },
  outputs: { item: port.any() },
  params: {
    mode: choice({
      title: 'How',
      options: [
        { value: 'append', label: 'A, then B' },
        { value: 'by-position', label: 'In pairs: first with first' },
        { value: 'by-key', label: 'In pairs: same value in a field' },
      ],
      default: 'append',
    }),
    key: text({
      title: 'Field',
      help: 'The field both sides have, such as sku.',
      placeholder: 'sku',
      showWhen: { mode: 'by-key' },
    }),
  },
  effects: 'pure',
  mode: 'all',
  headline: ['mode'],
  typicalMs: 1,
  yields: ({ items }) => items,
  execute({ items: { a, b }, params, log }) {
    const merged = mergeItems(a, b, params);
    const { alone } = merged;
    if (params.mode === 'by-position' && alone.a + alone.b > 0)
      log.warn(`${alone.a + alone.b} items of ${alone.a > 0 ? 'A' : 'B'} had no partner and left alone.`);
    if (params.mode === 'by-key' && alone.a + alone.b > 0)
      log.warn(
        `Without a partner in "${params.key}": ${alone.a} items of A left alone, ${alone.b} items of B did not leave.`,
      );
    return { item: emit(merged.items) };
  },
});

type Items = Parameters<typeof append>[0];

function mergeItems(
  a: Items,
  b: Items,
  { mode, key }: { mode: 'append' | 'by-position' | 'by-key'; key: string },
): Merged {
  switch (mode) {
    case 'append':
      return append(a, b);
    case 'by-position':
      return byPosition(a, b);
    case 'by-key': {
      const field = key.trim();
      if (field === '')
        throw new NonRetryableError(
          'key: expected the name of a field, received nothing. Name the field both sides have.',
        );
      return byKey(a, b, field);
    }
  }
}
