import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, emit, json, port, text } from '@imaginarium/node-sdk';
import type { Graph, NodePolicy } from '@imaginarium/protocol';
import { aGraph, aLightNode, eachLoop, listSource, noFiles, passOn, RunHarness, untilLoop } from './index.ts';

/** What the test nodes did: the value they worked on and their idempotency keys, without the run's id. */
export const done: { value: unknown; key: string }[] = [];
/** How many of them are at work, and how many were at the most. */
export const atWork = { now: 0, most: 0 };

const add = defineNode({
  ...aLightNode,
  type: 'test.add',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { add: json({ title: 'Add', default: 1 }), failAt: json({ title: 'Fail at', default: [] }) },
  credits: ({ items }) => 10 * items,
  async execute({ input, params, idempotencyKey }) {
    atWork.most = Math.max(atWork.most, ++atWork.now);
    await wait(1);
    atWork.now--;
    done.push({ value: input.item, key: idempotencyKey.split(':').slice(1).join(':') });
    if ((params.failAt as unknown[]).includes(input.item)) throw new Error(`It broke at ${input.item}.`);
    return { item: Number(input.item) + Number(params.add) };
  },
});

const say = defineNode({
  ...aLightNode,
  type: 'test.say',
  inputs: { item: port.any() },
  outputs: { item: port.text() },
  params: { text: text({ title: 'Text' }) },
  execute: ({ params }) => ({ item: params.text }),
});

/** Takes all items at once. */
const sum = defineNode({
  ...aLightNode,
  type: 'test.sum',
  mode: 'all',
  inputs: { item: port.any() },
  outputs: { item: port.number() },
  execute: ({ input }) => ({ item: input.item.reduce((total: number, value) => total + Number(value), 0) }),
});

const join = defineNode({
  ...aLightNode,
  type: 'test.join',
  inputs: { a: port.any(), b: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: `${input.a}${input.b}` }),
});

/** Gives an item as often as its value says, none for 0. */
const copies = defineNode({
  ...aLightNode,
  type: 'test.copies',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: emit(Array.from({ length: Number(input.item) }, () => ({ value: input.item }))) }),
});

export const loopNodes = [listSource, passOn, eachLoop, untilLoop, add, say, sum, join, copies];
export const loopHarness = () => new RunHarness(loopNodes, { openFiles: () => noFiles });
export const inside = (parent: string) => ({ parent });

/** Forgets what the test nodes did. */
export function forgetWork(): void {
  done.length = 0;
  atWork.now = 0;
  atWork.most = 0;
}

/** list -> each { add } */
export function anEach(values: number[], params = {}, addParams = {}, policy: NodePolicy = {}): Graph {
  return aGraph()
    .node('list', 'test.list', { values })
    .node('each', 'test.each', params, { policy })
    .node('a', 'test.add', addParams, inside('each'))
    .wire('list.item', 'each.items')
    .wire('each.item', 'a.item')
    .wire('a.item', 'each.result')
    .build();
}

/** list -> until { add } */
export function anUntil(values: number[], params = {}, addParams = {}, policy: NodePolicy = {}): Graph {
  return aGraph()
    .node('list', 'test.list', { values })
    .node('until', 'test.until', params, { policy })
    .node('a', 'test.add', addParams, inside('until'))
    .wire('list.item', 'until.start')
    .wire('until.current', 'a.item')
    .wire('a.item', 'until.result')
    .build();
}
