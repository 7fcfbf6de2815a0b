import type { FileRef, Item } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph } from '../testing/graphs.ts';
import { archiveOf, firstResult, resultsOf } from './results.ts';

function file(letter: string, width: number, height: number): FileRef {
  return { id: letter.repeat(64), kind: 'image', mime: 'image/png', bytes: 10, name: `${letter}.png`, width, height };
}
function item(id: string, of: FileRef, from: string[] = [], fields: Item['fields'] = {}): Item {
  return { id, file: of, from, fields };
}

const graph = aGraph({ photo: 'input.image', twice: 'processing.resize', slides: 'processing.resize' }, [
  'photo.image -> twice.image',
  'twice.image -> slides.image',
]);
const small = file('a', 300, 200);
const large = file('b', 600, 400);

describe('the results of a run', () => {
  it('stand with the last node first, and know what a picture was made from', () => {
    const results = resultsOf(graph, {
      photo: { image: [item('i1', small)] },
      twice: { image: [item('i2', large, ['i1'], { upscale: { note: 'Resampled only.' } })] },
    });
    expect(results.map((result) => result.node)).toEqual(['twice', 'photo']);
    expect(results[0]?.images[0]).toMatchObject({ before: small, note: 'Resampled only.' });
    expect(results[1]?.images[0]?.before).toBeUndefined();
  });

  it('compare no pictures of another shape', () => {
    const results = resultsOf(graph, {
      photo: { image: [item('i1', small)] },
      twice: { image: [item('i2', file('c', 400, 500), ['i1'])] },
    });
    expect(results[0]?.images[0]?.before).toBeUndefined();
  });

  it('show first the last node that made pictures of its own', () => {
    const results = resultsOf(graph, {
      photo: { image: [item('i1', small)] },
      twice: { image: [item('i2', large, ['i1'])] },
      slides: { image: [item('i3', large, ['i2'])] },
    });
    expect(firstResult(results)?.node).toBe('twice');
  });

  it('offer the archive of a node that gives one', () => {
    const zip: FileRef = {
      id: 'd'.repeat(64),
      kind: 'document',
      mime: 'application/zip',
      bytes: 9,
      name: 'slides.zip',
    };
    const [result] = resultsOf(graph, { slides: { image: [item('i1', large)], archive: [item('i2', zip)] } });
    expect(result && archiveOf(result)).toEqual(zip);
  });
});
