import {
  choice,
  defineNode,
  emit,
  type FileRef,
  type Json,
  type JsonObject,
  number,
  port,
  text,
} from '@imaginarium/node-sdk';
import { itemAsJson } from './item-as-json.ts';

/** What both versions have. */
const shared = {
  type: 'flow.respond',
  title: 'Respond',
  summary: 'Answers the request that started the run, when its Webhook answers by this node.',
  group: 'flow',
  icon: 'reply',
  aliases: ['answer', 'reply', 'return', 'response', 'webhook', 'http'] as string[],
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
  headline: ['status', 'body'] as ('status' | 'body')[],
  typicalMs: 1,
} as const;

/** Says what a webhook that waits for this node answers: once, by the first item. */
export const respond = defineNode({
  ...shared,
  version: 2,
  docs: 'The first item decides, and there is one answer however many there are; the run goes on after it. Without a body of your own it answers with the item: its fields, beside `value` or `file`.',
  mode: 'all',
  upgrade: { 1: (params) => params },
  execute({ items, params }) {
    const [first] = items.item;
    return { answer: emit(first ? [{ value: answerOf(params, first.value, first.fields), from: 0 }] : []) };
  },
});

/** Made an answer of each item, though nobody ever got but the first. */
export const respondToEach = defineNode({
  ...shared,
  version: 1,
  docs: 'The first item decides; the run goes on after it. Without a body of your own it answers with the item: its fields, beside `value` or `file`.',
  execute({ input, fields, params }) {
    return { answer: answerOf(params, input.item, fields) };
  },
});

function answerOf(
  { status, contentType, body }: { status: number; contentType: string; body: string },
  value: Json | FileRef,
  fields: JsonObject,
): Json {
  return { status, contentType, body: body === '' ? itemAsJson(value, fields) : body };
}
