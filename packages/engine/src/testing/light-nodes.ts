import { defineNode, emit, json, port } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import type { StepFiles } from '../run/services.ts';

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

const refuse = async (): Promise<never> => {
  throw new Error('This run has no files.');
};

/** For runs whose nodes touch no file: opens nothing and costs nothing. */
export const noFiles: StepFiles = {
  ...{ read: refuse, path: refuse, write: refuse, adopt: refuse, export: refuse },
  ...{ folder: refuse, lastingFolder: refuse },
  noteReturned() {},
  async [Symbol.asyncDispose]() {},
};
