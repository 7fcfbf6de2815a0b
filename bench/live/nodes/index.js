import { defineNode, definePackage, number, port } from '@imaginarium/node-sdk';

/** Takes a known time without using the processor: what is measured is the way of its end to whoever watches. */
const pause = defineNode({
  ...{ type: 'bench.pause', version: 1, title: 'Pause', summary: 'Takes its time.', group: 'flow', icon: 'timer' },
  inputs: { after: port.any({ optional: true }) },
  outputs: { done: port.number() },
  params: { ms: number({ title: 'Milliseconds', default: 50, min: 0, max: 60_000 }) },
  effects: 'idempotent',
  typicalMs: 1,
  async execute({ params }) {
    await new Promise((resolve) => setTimeout(resolve, params.ms));
    return { done: params.ms };
  },
});

export default definePackage({ nodes: [pause] });
