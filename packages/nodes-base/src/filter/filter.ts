import { defineNode, port } from '@imaginarium/node-sdk';
import { conditionParams, formHolds } from '../condition/condition-params.ts';

/** Lets through the items for which a condition holds. */
export const filter = defineNode({
  type: 'flow.filter',
  version: 1,
  title: 'Filter',
  summary: 'Lets through the items for which a condition holds, and leaves out the others.',
  group: 'flow',
  icon: 'funnel',
  aliases: ['where', 'condition', 'keep', 'remove', 'only', 'search'],
  docs: 'Every item is judged by itself. If you need the others too, take an If. Several filters one after the other let through what fits them all.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: conditionParams(),
  effects: 'pure',
  counts: 'at-most',
  headline: ['value', 'operator', 'other'],
  typicalMs: 1,
  execute({ input, params }) {
    return { item: formHolds(params) ? input.item : undefined };
  },
});
