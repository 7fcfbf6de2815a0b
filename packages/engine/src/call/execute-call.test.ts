import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, RunHarness } from '../testing/index.ts';

const told: string[] = [];

const writer = defineNode({
  ...aLightNode,
  type: 'test.writer',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  async execute({ input }) {
    await wait(5);
    told.push('node is done');
    if (input.item === 'bad') throw new Error('bad');
    return { item: input.item };
  },
});

describe('the files of a call', () => {
  it.each(['good', 'bad'])('stay until the node is done, and are given up then: a %s item', async (value) => {
    told.length = 0;
    const openFiles = () => ({
      ...noFiles,
      hasFolder: true,
      [Symbol.asyncDispose]: async () => void told.push('files are gone'),
    });
    const graph = aGraph()
      .node('in', 'test.list', { values: [value] })
      .node('w', 'test.writer')
      .wire('in.item', 'w.item');
    await new RunHarness([listSource, writer], { openFiles }).run(graph.build());
    expect(told).toEqual(['files are gone', 'node is done', 'files are gone']);
  });
});
