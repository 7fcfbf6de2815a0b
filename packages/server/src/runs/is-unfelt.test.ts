import { defineNode, port } from '@imaginarium/node-sdk';
import { catalogueOf } from '@imaginarium/protocol';
import { expect, test } from 'vitest';
import { testTriggers, triggerGraph } from '../testing/test-triggers.ts';
import { isUnfelt } from './is-unfelt.ts';

const node = (type: string, changes: Pick<Parameters<typeof defineNode>[0], 'effects' | 'resources'>) =>
  defineNode({
    ...{ type, version: 1, title: type, summary: 'For tests.', group: 'flow', icon: 'x', inputs: {}, params: {} },
    outputs: { out: port.json() },
    ...changes,
    execute: () => ({ out: null }),
  });
const nodes = [
  ...testTriggers,
  node('test.pure', { effects: 'pure' }),
  node('test.again', { effects: 'idempotent' }),
  node('test.once', { effects: 'once' }),
  node('test.heavy', { effects: 'pure', resources: { pool: 'media', memoryMb: 1 } }),
];
const catalogue = catalogueOf(nodes.map(({ description }) => description));

test.each([
  [['test.hook', 'test.pure'], true],
  [['test.pure', 'test.again'], false],
  [['test.hook', 'test.once'], false],
  [['test.pure', 'test.heavy'], false],
  [['test.pure', 'test.unknown'], false],
])('nothing of %j can be felt: %s', (types, unfelt) => {
  const graph = triggerGraph(Object.fromEntries(types.map((type, index) => [`n${index}`, [type]])));
  expect([isUnfelt(graph, catalogue), isUnfelt(graph, catalogue)]).toEqual([unfelt, unfelt]);
});

test('is asked again when the installed packages have changed', () => {
  const graph = triggerGraph({ one: ['test.pure'] });
  const without = catalogueOf([]);
  expect([isUnfelt(graph, catalogue), isUnfelt(graph, without), isUnfelt(graph, catalogue)]).toEqual([
    true,
    false,
    true,
  ]);
});
