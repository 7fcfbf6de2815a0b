import { defineNode, port } from '@imaginarium/node-sdk';
import { conditionParams, formHolds } from '../condition/condition-params.ts';

/** Sends each item one of two ways. */
export const ifNode = defineNode({
  type: 'flow.if',
  version: 1,
  title: 'If',
  summary: 'Sends each item one of two ways: Yes when a condition holds for it, No when not.',
  group: 'flow',
  icon: 'split',
  aliases: ['condition', 'branch', 'when', 'else', 'decide', 'compare'],
  docs: 'Every item is judged by itself. A way that no item takes is skipped, with all that hangs on it. Numbers are compared as numbers; nothing is neither greater nor less than anything.',
  inputs: { item: port.any() },
  outputs: { yes: port.any({ title: 'Yes' }), no: port.any({ title: 'No' }) },
  params: conditionParams(),
  effects: 'pure',
  counts: 'at-most',
  headline: ['value', 'operator', 'other'],
  typicalMs: 1,
  execute({ input, params }) {
    return formHolds(params) ? { yes: input.item, no: undefined } : { yes: undefined, no: input.item };
  },
});
