import { asset, defineNode, number, port, text } from '@imaginarium/node-sdk';
import type { Graph } from '@imaginarium/protocol';

/** Three node types, enough for every rule about graphs. */
export const testNodes = [
  defineNode({
    type: 'test.say',
    version: 1,
    title: 'Say',
    summary: 'Says a text.',
    group: 'input',
    icon: 'type',
    inputs: {},
    outputs: { text: port.text() },
    params: {
      text: text({ title: 'Text', required: true }),
      times: number({ title: 'Times', default: 1, min: 1, max: 9, integer: true }),
    },
    credits: 3,
    effects: 'pure',
    execute: ({ params }) => ({ text: params.text.repeat(params.times) }),
  }),
  defineNode({
    type: 'test.show',
    version: 1,
    title: 'Show',
    summary: 'Shows a picture.',
    group: 'input',
    icon: 'image',
    inputs: {},
    outputs: { image: port.image() },
    params: { photo: asset({ title: 'Photo', accept: ['image'] }) },
    effects: 'pure',
    remarks: ({ params }) => (params.photo ? [] : ['There is no photo to show.']),
    execute: () => ({ image: undefined }),
  }),
  defineNode({
    type: 'test.loud',
    version: 1,
    title: 'Loud',
    summary: 'Says each text that reaches it louder.',
    group: 'processing',
    icon: 'megaphone',
    inputs: { text: port.text({ many: true }) },
    outputs: { text: port.text() },
    effects: 'pure',
    execute: ({ input }) => ({ text: input.text.toUpperCase() }),
  }),
];

/** A graph that can run: it says the text that a run input gives it. */
export function sayGraph(said = 'hello'): Graph {
  return {
    schema: 1,
    nodes: [{ id: 'say', type: 'test.say', version: 1, name: 'Say', params: { text: said }, position: { x: 0, y: 0 } }],
    edges: [],
    inputs: [{ key: 'greeting', to: [{ node: 'say', param: 'text' }] }],
    notes: [],
    settings: {},
  };
}
