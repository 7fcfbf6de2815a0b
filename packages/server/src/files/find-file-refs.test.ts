import { expect, test } from 'vitest';
import { sayGraph } from '../testing/test-nodes.ts';
import { findFileRefs } from './find-file-refs.ts';

const file = (letter: string) => ({
  id: letter.repeat(64),
  kind: 'image' as const,
  mime: 'image/png',
  bytes: 1,
  name: `${letter}.png`,
});

test('finds each file once, however deep it lies, but for those of disabled nodes', () => {
  const graph = sayGraph();
  const [first] = graph.nodes;
  if (!first) throw new Error('The graph has a node.');
  graph.nodes = [
    { ...first, params: { photo: file('a'), list: [{ deep: [file('b'), file('a')] }], text: 'c'.repeat(64) } },
    { ...first, id: 'off', disabled: true, params: { photo: file('d') } },
    { ...first, id: 'none', params: { empty: null, half: { id: 'e'.repeat(64) } } },
  ];
  expect(
    findFileRefs(graph.nodes)
      .map(({ id }) => id[0])
      .sort(),
  ).toEqual(['a', 'b']);
});
