import { aGraph, RunHarness } from '@imaginarium/engine/testing';
import { defineNode, port } from '@imaginarium/node-sdk';
import { expect, test } from 'vitest';
import { addedFor, runPriority } from './run-priority.ts';

const aNode = (type: string, priority?: number) =>
  defineNode({
    ...{ type, version: 1, title: 'Test', summary: 'Test.', group: 'processing', icon: 'x', effects: 'pure' },
    ...{ inputs: {}, outputs: { text: port.text() }, ...(priority === undefined ? {} : { priority }) },
    execute: () => ({ text: '' }),
  });
const { registry } = new RunHarness([aNode('test.free', 1), aNode('test.billboard', 10), aNode('test.plain')]).services;

test('is the highest that a node of the graph says, and 5 where none says any', () => {
  const free = aGraph().node('a', 'test.free').node('b', 'test.plain').build();
  const both = aGraph().node('a', 'test.free').node('b', 'test.billboard').build();
  const plain = aGraph().node('a', 'test.plain').node('b', 'test.unknown').build();
  expect([free, both, plain].map((graph) => runPriority(graph, registry))).toEqual([1, 10, 5]);
  const disabled = { ...both, nodes: both.nodes.map((node) => ({ ...node, disabled: node.id === 'b' })) };
  expect(runPriority(disabled, registry)).toBe(1);
});

test('is raised by what the caller adds, to 100 at most', () => {
  const graph = aGraph().node('a', 'test.billboard').build();
  expect([0, 40, 90, 95].map((added) => runPriority(graph, registry, added))).toEqual([10, 50, 100, 100]);
  const kept = [3, 10, 37].map((priority) => runPriority(graph, registry, addedFor(priority, graph, registry)));
  expect(kept).toEqual([10, 10, 37]);
});
