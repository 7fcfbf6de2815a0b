import { expect, test } from 'vitest';
import { fileInputs } from './file-inputs.ts';
import { emptyGraph } from './graph.ts';
import type { NodeDescription } from './node-description.ts';

const ref = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 4, name: 'a.png' };
const stored = { ...ref, createdAt: '2026-11-21T12:00:00.000Z' };
const graph = {
  ...emptyGraph(),
  nodes: [{ id: 'n', type: 'test.n', version: 1, name: 'n', params: {}, position: { x: 0, y: 0 } }],
  inputs: ['photos', 'data'].map((key) => ({ key, to: [{ node: 'n', param: key }] })),
};
const params = { photos: { kind: 'asset' }, data: { kind: 'json' } };
const catalogue = { describe: () => ({ params }) as unknown as NodeDescription };

test('a file is taken as its upload was answered, alone or in a list', () => {
  expect(fileInputs(graph, { photos: stored }, catalogue)).toEqual({ photos: ref });
  expect(fileInputs(graph, { photos: [stored, ref] }, catalogue)).toEqual({ photos: [ref, ref] });
});

test('nothing else is changed: not what is no file, nor what other params are given', () => {
  const inputs = { photos: [{ ...stored, path: '/etc/passwd' }, null, 'x'], data: stored, unknown: stored };
  expect(fileInputs(graph, inputs, catalogue)).toEqual(inputs);
  expect(fileInputs(graph, {}, catalogue)).toEqual({});
});
