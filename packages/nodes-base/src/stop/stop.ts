import { choice, defineNode, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { conditionParams, formHolds } from '../condition/condition-params.ts';

/** Ends the run as failed, in a person's own words. */
export const stop = defineNode({
  type: 'flow.stop',
  version: 1,
  title: 'Stop with error',
  summary: 'Ends the run as failed with a message of yours: at once, or when a condition holds for an item.',
  group: 'flow',
  icon: 'octagon-x',
  aliases: ['fail', 'error', 'abort', 'throw', 'guard', 'assert', 'check'],
  docs: 'Items for which it does not stop pass through. It is never tried again. When the node is set to leave out items that fail, the run goes on without them.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    message: text({
      title: 'Message',
      help: 'What whoever looks at the run reads. May hold expressions.',
      placeholder: '{{ item.name }} has no price.',
      required: true,
      multiline: true,
      maxLength: 1000,
    }),
    when: choice({
      title: 'Stop',
      options: [
        { value: 'always', label: 'At the first item' },
        { value: 'if', label: 'When a condition holds' },
      ],
      default: 'always',
    }),
    ...conditionParams({ when: 'if' }),
  },
  effects: 'pure',
  headline: ['message'],
  typicalMs: 1,
  execute({ input, params }) {
    if (params.when === 'always' || formHolds(params)) throw new NonRetryableError(params.message);
    return { item: input.item };
  },
});
