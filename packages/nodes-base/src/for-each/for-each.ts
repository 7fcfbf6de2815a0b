import { choice, defineLoop, number, port, slider } from '@imaginarium/node-sdk';

/** Runs the nodes placed in it once for each item, or for each few of them. */
export const forEach = defineLoop({
  type: 'flow.for-each',
  version: 1,
  title: 'For each',
  summary: 'Runs the nodes inside it once for each item, or for each few of them, and collects what they give.',
  group: 'flow',
  icon: 'repeat',
  aliases: ['loop', 'batch', 'map', 'iterate', 'every', 'parallel', 'foreach'],
  docs: 'Place nodes inside, wire the first from Item inside and the last to Result inside. What comes back leaves in the order in which the items came, whatever is done first. `{{ loop.index }}` counts the iterations from 0, `{{ loop.count }}` says how many there are. Nodes work on each of many items without a loop too: a loop is for several steps that belong together, such as one carousel for each product.',
  inputs: {
    items: port.any({ title: 'Items' }),
    shared: port.any({ title: 'Shared', optional: true }),
  },
  outputs: { results: port.any({ title: 'Results' }) },
  gives: {
    item: { ...port.any({ title: 'Item inside' }), of: 'items' },
    shared: { ...port.any({ title: 'Shared inside' }), of: 'shared', whole: true },
  },
  takes: { result: { ...port.any({ title: 'Result inside' }), into: 'results' } },
  params: {
    size: number({
      title: 'Items at a time',
      help: 'How many items each iteration gets. The last one gets what is left.',
      min: 1,
      max: 10_000,
      step: 1,
      default: 1,
    }),
    order: choice({
      title: 'Order',
      options: [
        { value: 'parallel', label: 'Several at the same time' },
        { value: 'in-order', label: 'One after the other' },
      ],
      default: 'parallel',
    }),
    atOnce: slider({
      title: 'At the same time',
      help: "Iterations under way at once. The workflow's own limit of items at the same time holds as well.",
      min: 2,
      max: 32,
      step: 1,
      default: 4,
      showWhen: { order: 'parallel' },
    }),
  },
  headline: ['size', 'order'],
  each: ({ params }) => ({ size: params.size, atOnce: params.order === 'parallel' ? params.atOnce : 1 }),
});
