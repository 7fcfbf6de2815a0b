import { defineLoop, number, port } from '@imaginarium/node-sdk';
import { conditionParams, formHolds } from '../condition/condition-params.ts';

/** Runs the nodes placed in it again and again, each time with what they gave before, until a condition holds. */
export const repeat = defineLoop({
  type: 'flow.repeat',
  version: 1,
  title: 'Repeat until',
  summary: 'Runs the nodes inside it again with what they gave, until a condition holds or the limit is reached.',
  group: 'flow',
  icon: 'rotate-cw',
  aliases: ['loop', 'while', 'until', 'again', 'iterate'],
  docs: 'Place nodes inside, wire the first from Current inside and the last to Result inside. Every item that comes back is judged by itself: it leaves by Done once the condition holds for it, and goes round again while it does not. What the limit stops leaves by Not done. `{{ item.file.width }}` in the condition is the width of what came back; `{{ loop.index }}` counts the rounds from 0.',
  inputs: {
    start: port.any({ title: 'Start' }),
    shared: port.any({ title: 'Shared', optional: true }),
  },
  outputs: { done: port.any({ title: 'Done' }), unfinished: port.any({ title: 'Not done' }) },
  gives: {
    current: { ...port.any({ title: 'Current inside' }), of: 'start' },
    shared: { ...port.any({ title: 'Shared inside' }), of: 'shared', whole: true },
  },
  takes: { result: { ...port.any({ title: 'Result inside' }), into: 'done' } },
  unfinished: 'unfinished',
  params: {
    ...conditionParams(),
    limit: number({
      title: 'At most',
      help: 'Rounds after which an item leaves by Not done. A quote counts with all of them.',
      min: 1,
      max: 1000,
      step: 1,
      default: 10,
    }),
  },
  headline: ['value', 'operator', 'other', 'limit'],
  isDone: ({ params }) => formHolds(params),
  limit: ({ params }) => params.limit,
});
