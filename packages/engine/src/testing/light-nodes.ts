import { setTimeout as wait } from 'node:timers/promises';
import { defineLoop, defineNode, emit, json, number, port, text } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import type { StepFiles } from '../call/services.ts';

/** What nodes of tests have in common: light, and never answered from the cache. */
export const aLightNode = {
  version: 1,
  title: 'Test',
  summary: 'Stands in for a node.',
  group: 'flow',
  icon: 'box',
  effects: 'idempotent',
  typicalMs: 1,
} as const;

/** A source: each of its `values` becomes an item with its number as the field `row`. */
export const listSource = defineNode({
  ...aLightNode,
  type: 'test.list',
  inputs: {},
  outputs: { item: port.any() },
  params: { values: json({ title: 'Values', default: [] }) },
  yields: ({ params }) => (params.values as Json[]).length,
  execute: ({ params }) => ({
    item: emit((params.values as Json[]).map((value, row) => ({ value, fields: { row } }))),
  }),
});

/** Hands on what it gets. */
export const passOn = defineNode({
  ...aLightNode,
  type: 'test.pass',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: ({ input }) => ({ item: input.item }),
});

/** Lets every item out by the first of two ways. */
export const twoWays = defineNode({
  ...aLightNode,
  type: 'test.ways',
  inputs: { item: port.any() },
  outputs: { yes: port.any(), no: port.any() },
  execute: ({ input }) => ({ yes: input.item, no: undefined }),
});

/** Parts text at its commas, each part with its number as the field `index` from the second on; `odd` where they are not even in number. */
export const split = defineNode({
  ...aLightNode,
  type: 'test.split',
  inputs: { item: port.any() },
  outputs: { part: port.text(), odd: port.text() },
  execute: ({ input, fields }) => {
    const parts = String(input.item).split(',');
    return {
      part: emit(parts.map((value, index) => (index === 0 ? { value } : { value, fields: { ...fields, index } }))),
      odd: parts.length % 2 === 1 ? 'odd' : undefined,
    };
  },
});

/** Gives what comes by `a` and by `b` together, null where nothing came by `b`. */
export const pairUp = defineNode({
  ...aLightNode,
  type: 'test.pair',
  inputs: { a: port.any(), b: port.any({ optional: true }) },
  outputs: { pair: port.json() },
  execute: ({ input }) => ({ pair: [input.a, input.b ?? null] as Json }),
});

/** Hands on what it gets after `ms` milliseconds, unless it is told to stop. */
export const sleep = defineNode({
  ...aLightNode,
  type: 'test.sleep',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: { ms: text({ title: 'Milliseconds', default: '50' }) },
  async execute({ input, params, signal }) {
    await wait(Number(params.ms), undefined, { signal });
    return { item: input.item };
  },
});

const refuse = async (): Promise<never> => {
  throw new Error('This run has no files.');
};

/** For runs whose nodes touch no file: opens nothing and costs nothing. */
export const noFiles: StepFiles = {
  ...{ read: refuse, path: refuse, write: refuse, adopt: refuse, export: refuse },
  ...{ folder: refuse, lastingFolder: refuse },
  hasFolder: false,
  noteReturned() {},
  async [Symbol.asyncDispose]() {},
};

/** A loop over items, `size` of them at a time, `atOnce` iterations under way together. */
export const eachLoop = defineLoop({
  ...{ type: 'test.each', version: 1, title: 'Each', summary: 'Stands in for a loop.', group: 'flow', icon: 'box' },
  inputs: { items: port.any(), shared: port.any({ optional: true }) },
  outputs: { results: port.any() },
  gives: { item: { ...port.any(), of: 'items' }, shared: { ...port.any(), of: 'shared', whole: true } },
  takes: { result: { ...port.any(), into: 'results' } },
  params: { size: number({ title: 'Size', default: 1 }), atOnce: number({ title: 'At once', default: 4 }) },
  each: ({ params }) => params,
});

/** A loop that goes on until the value of an item reaches `at`. */
export const untilLoop = defineLoop({
  ...{ type: 'test.until', version: 1, title: 'Until', summary: 'Stands in for a loop.', group: 'flow', icon: 'box' },
  inputs: { start: port.any() },
  outputs: { done: port.any(), unfinished: port.any() },
  gives: { current: { ...port.any(), of: 'start' } },
  takes: { result: { ...port.any(), into: 'done' } },
  unfinished: 'unfinished',
  params: {
    value: number({ title: 'Value', default: '{{ item.value }}' as never }),
    at: number({ title: 'At', default: 10 }),
    limit: number({ title: 'Limit', default: 10 }),
  },
  isDone: ({ params }) => params.value >= params.at,
  limit: ({ params }) => params.limit,
});
