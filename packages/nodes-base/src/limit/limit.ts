import { choice, defineNode, emit, number, port } from '@imaginarium/node-sdk';
import { pick } from '../values/pick.ts';

type How = 'first' | 'last' | 'every';

/** Lets through only some of the items. */
export const limit = defineNode({
  type: 'flow.limit',
  version: 1,
  title: 'Limit',
  summary: 'Lets through only the first, the last or every n-th item.',
  group: 'flow',
  icon: 'list-start',
  aliases: ['first', 'last', 'top', 'take', 'head', 'tail', 'sample'],
  docs: 'Useful while a workflow is built: let three items through, look at the result, then take the limit away. After a Sort it keeps the best.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    how: choice({
      title: 'Which',
      options: [
        { value: 'first', label: 'The first' },
        { value: 'last', label: 'The last' },
        { value: 'every', label: 'The first of every' },
      ],
      default: 'first',
    }),
    count: number({ title: 'Items', default: 10, min: 1, max: 1_000_000, integer: true }),
  },
  effects: 'pure',
  mode: 'all',
  headline: ['how', 'count'],
  typicalMs: 1,
  yields: ({ items, params }) => limitedPositions(items, params).length,
  execute({ items: { item: items }, params }) {
    return { item: emit(pick(items, limitedPositions(items.length, params))) };
  },
});

/** The positions that are let through of a list of that length. */
export function limitedPositions(length: number, { how, count }: { how: How; count: number }): number[] {
  const positions = Array.from({ length }, (_, index) => index);
  switch (how) {
    case 'first':
      return positions.slice(0, count);
    case 'last':
      return positions.slice(-count);
    case 'every':
      return positions.filter((index) => index % count === 0);
  }
}
