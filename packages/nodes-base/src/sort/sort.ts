import { choice, defineNode, emit, port, text } from '@imaginarium/node-sdk';
import { ignoreCase } from '../condition/condition-params.ts';
import { comparedAs } from '../values/order.ts';
import { pick } from '../values/pick.ts';
import { FIELD_HELP, readFields } from '../values/read-field.ts';
import { sortedPositions } from './sort-items.ts';

/** Puts the items in order. */
export const sort = defineNode({
  type: 'flow.sort',
  version: 1,
  title: 'Sort',
  summary: 'Puts the items in order by one of their fields.',
  group: 'flow',
  icon: 'arrow-down-up',
  aliases: ['order', 'rank', 'arrange', 'ascending', 'descending'],
  docs: 'Equal items keep their order: to sort by two fields, sort by the less important one first. Items without the field come last. Numbers come before dates and dates before text; img2 comes before img10.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    by: text({ title: 'Field', help: FIELD_HELP, placeholder: 'price', required: true }),
    direction: choice({
      title: 'Order',
      options: [
        { value: 'ascending', label: 'Smallest first, A to Z' },
        { value: 'descending', label: 'Largest first, Z to A' },
      ],
      default: 'ascending',
    }),
    compareAs: comparedAs(),
    ignoreCase: ignoreCase(),
  },
  effects: 'pure',
  mode: 'all',
  headline: ['by', 'direction'],
  typicalMs: 1,
  yields: ({ items }) => items,
  execute({ items: { item: items }, params }) {
    const values = readFields(items, params.by, 'Field');
    return { item: emit(pick(items, sortedPositions(values, params))) };
  },
});
