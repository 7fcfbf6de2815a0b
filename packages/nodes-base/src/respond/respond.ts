import { choice, defineNode, type Json, number, port, text } from '@imaginarium/node-sdk';
import { itemAsJson } from './item-as-json.ts';

/** Says what a webhook that waits for this node answers. */
export const respond = defineNode({
  type: 'flow.respond',
  version: 1,
  title: 'Respond',
  summary: 'Answers the request that started the run, when its Webhook answers by this node.',
  group: 'flow',
  icon: 'reply',
  aliases: ['answer', 'reply', 'return', 'response', 'webhook', 'http'],
  docs: 'The first item decides; the run goes on after it. Without a body of your own it answers with the item: its fields, beside `value` or `file`.',
  inputs: { item: port.any() },
  outputs: { answer: port.json() },
  params: {
    status: number({ title: 'Status', default: 200, min: 200, max: 599, integer: true }),
    contentType: choice({
      title: 'Kind of content',
      options: ['application/json', 'text/plain', 'text/html'],
      default: 'application/json',
    }),
    body: text({
      title: 'Body',
      help: 'May hold expressions. Empty: the item.',
      placeholder: '{"price": {{ item.price }}}',
      multiline: true,
      maxLength: 100_000,
    }),
  },
  effects: 'pure',
  headline: ['status', 'body'],
  typicalMs: 1,
  execute({ input, fields, params: { status, contentType, body } }) {
    return { answer: { status, contentType, body: body === '' ? itemAsJson(input.item as Json, fields) : body } };
  },
});
