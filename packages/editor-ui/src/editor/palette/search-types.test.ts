import { expect, it } from 'vitest';
import { testTypes } from '../testing/node-types.ts';
import { groupTypes, newestTypes, searchTypes } from './search-types.ts';

it('finds a node by its title, its aliases and its summary, the title first', () => {
  expect(searchTypes(testTypes, 'photo').map((entry) => entry.type)).toEqual(['input.image']);
  expect(searchTypes(testTypes, 'RES')[0]?.type).toBe('processing.resize');
  expect(searchTypes(testTypes, 'node tests')).toHaveLength(testTypes.length);
  expect(searchTypes(testTypes, 'nothing like it')).toEqual([]);
});

it('offers the newest version of a type, in the order of the groups', () => {
  const [image, ...others] = testTypes;
  if (!image) throw new Error('no types');
  const newest = newestTypes([image, { ...image, version: 2 }, ...others]);
  expect(newest.find((entry) => entry.type === image.type)?.version).toBe(2);
  expect(groupTypes(newest).map(({ group }) => group)).toEqual(['input', 'processing', 'flow', 'code']);
});
