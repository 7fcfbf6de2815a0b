import { describe, expect, it } from 'vitest';
import type { PixelRows } from '../inference/planes.ts';
import { flatAreas } from './flat-areas.ts';
import { survey } from './survey.ts';

/** Seeded, in steps that every machine repeats. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** Noise of three levels over a sky above, over stripes below. */
function skyOverStripes(width: number, height: number): PixelRows {
  const next = random(7);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    const under = y < height / 2 ? 150 : x % 6 < 3 ? 60 : 180;
    return Math.round(under + 10 * next());
  });
  return { data, width, channels: 3, top: 0, full: 255 };
}

const seenOf = (source: PixelRows) =>
  survey(
    {
      channels: 3,
      full: 255,
      rows: async (top, count) => source.data.slice(top * source.width * 3, (top + count) * source.width * 3),
    },
    source,
    1,
    () => {},
  );

function spread(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('background enhancement', () => {
  const [width, height] = [64, 96];

  it('takes most of the noise out of a sky, and does not touch what has detail', async () => {
    const source = skyOverStripes(width, height);
    const { data, mask } = flatAreas(source, await seenOf(source), []);
    const middle: number[] = [];
    const before: number[] = [];
    for (let y = 10; y < 30; y++)
      for (let x = 10; x < 54; x++) {
        expect(mask[y * width + x]).toBeGreaterThan(200);
        middle.push(data[(y * width + x) * 3] ?? 0);
        before.push(source.data[(y * width + x) * 3] ?? 0);
      }
    expect(spread(middle)).toBeLessThan(spread(before) / 3);
    for (let at = (height / 2 - 4) * width; at < mask.length; at++) expect(mask[at]).toBe(0);
  });

  it('finds nothing to smooth in a picture that has detail everywhere', async () => {
    const next = random(3);
    const data = Uint8Array.from({ length: width * height * 3 }, () => 128 + 200 * next());
    const source: PixelRows = { data, width, channels: 3, top: 0, full: 255 };
    expect(flatAreas(source, await seenOf(source), []).mask.every((value) => value === 0)).toBe(true);
  });

  it('gives the same where a picture is worked on in bands, and where it fits into one', async () => {
    const tall = skyOverStripes(24, 400);
    const seen = await seenOf(tall);
    const { data, mask } = flatAreas(tall, seen, []);
    const part: PixelRows = { ...tall, data: tall.data.subarray(150 * 24 * 3, 270 * 24 * 3) };
    const { data: alone, mask: maskAlone } = flatAreas(part, seen, []);
    const [from, to] = [20 * 24, 100 * 24];
    expect(maskAlone.subarray(from, to)).toEqual(mask.subarray(from + 150 * 24, to + 150 * 24));
    expect(alone.subarray(from * 3, to * 3)).toEqual(data.subarray((from + 150 * 24) * 3, (to + 150 * 24) * 3));
  });

  it('leaves faces alone', async () => {
    const source = skyOverStripes(width, height);
    const { mask } = flatAreas(source, await seenOf(source), [{ left: 20, top: 10, width: 8, height: 6 }]);
    expect(
      [mask[12 * width + 19], mask[12 * width + 20], mask[15 * width + 27], mask[12 * width + 28]].map(
        (value) => value !== 0,
      ),
    ).toEqual([true, false, false, true]);
  });
});
