import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelRows } from '../inference/planes.ts';
import { LayerMerge } from './merge.ts';
import { survey } from './survey.ts';

type Full = 255 | 65535;

function rowsOf(
  width: number,
  height: number,
  full: Full,
  value: (x: number, y: number, colour: number) => number,
): PixelRows {
  const values = Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return Math.round(
      Math.min(full, Math.max(0, (value(pixel % width, Math.floor(pixel / width), at % 3) * full) / 255)),
    );
  });
  const data = full === 255 ? Uint8Array.from(values) : Uint16Array.from(values);
  return { data, width, channels: 3, top: 0, full };
}

/** As a file on disk would give it. */
function asFile({ data, width, channels, full }: PixelRows) {
  return {
    ...{ channels, full },
    rows: async (top: number, count: number) => data.slice(top * width * channels, (top + count) * width * channels),
  };
}

function means({ data, full }: PixelRows): number[] {
  return [0, 1, 2].map((colour) => {
    let sum = 0;
    for (let at = colour; at < data.length; at += 3) sum += data[at] as number;
    return (sum / (data.length / 3)) * (255 / full);
  });
}

const noise = (x: number, y: number, colour: number) =>
  ((Math.imul(x * 3 + y * 7919 + colour * 104_729 + 1, 0x9e3779b1) >>> 8) / 2 ** 24) * 2 - 1;

describe('the merge of layers', () => {
  it('gives back the mean colours of the source, whatever tint and drift a network added', async () => {
    const tint = fc.double({ min: -20, max: 20, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(2, 4, 8),
        fc.constantFrom<Full[]>(255, 65535),
        fc.tuple(tint, tint, tint),
        tint,
        async (width, height, scale, full, tints, drift) => {
          const source = rowsOf(width, height, full, (x, y, colour) => 128 + 30 * noise(x, y, colour));
          const enlarged = rowsOf(width * scale, height * scale, full, (x, y, colour) => {
            const from = 128 + 30 * noise(Math.floor(x / scale), Math.floor(y / scale), colour);
            return from + (tints[colour] ?? 0) + drift * (x / (width * scale) - 0.5);
          });
          const seen = await survey(asFile(enlarged), source, scale, () => {});
          new LayerMerge({ width, height, scale, shift: seen }).apply(enlarged);
          const [wanted, given] = [means(source), means(enlarged)];
          for (const colour of [0, 1, 2])
            expect(Math.abs((wanted[colour] ?? 0) - (given[colour] ?? 99))).toBeLessThan(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('changes nothing when the colours are right and nothing is laid over', async () => {
    const source = rowsOf(20, 13, 255, (x, y, colour) => 128 + 100 * noise(x, y, colour));
    const enlarged = rowsOf(80, 52, 255, (x, y, colour) => 128 + 100 * noise(x >> 2, y >> 2, colour));
    const before = enlarged.data.slice();
    const seen = await survey(asFile(enlarged), source, 4, () => {});
    new LayerMerge({ width: 20, height: 13, scale: 4, shift: seen }).apply(enlarged);
    expect(enlarged.data).toEqual(before);
  });

  it('gives the same rows all at once and a few at a time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.constantFrom(2, 4, 16), (chunk, scale) => {
        const [width, height] = [9, 11];
        const layers = {
          ...{ width, height, scale },
          shift: { columns: 2, rows: 2, shift: Float32Array.from({ length: 12 }, (_, at) => at - 6) },
          over: {
            data: Uint8Array.from({ length: width * height * 3 }, (_, at) => at % 256),
            mask: Uint8Array.from({ length: width * height }, (_, at) => (at % 5) * 60),
          },
        };
        const draw = () => rowsOf(width * scale, height * scale, 255, (x, y, colour) => 128 + 90 * noise(x, y, colour));
        const [whole, parts] = [draw(), draw()];
        new LayerMerge(layers).apply(whole);
        const merge = new LayerMerge(layers);
        const row = width * scale * 3;
        for (let top = 0; top < height * scale; top += chunk)
          merge.apply({ ...parts, top, data: parts.data.subarray(top * row, (top + chunk) * row) });
        expect(parts.data).toEqual(whole.data);
      }),
    );
  });

  it('shows only the layer where its mask is full, and leaves transparency alone', () => {
    const data = new Uint8Array(8 * 8 * 4).fill(50);
    const over = { data: new Uint8Array(4 * 4 * 3).fill(200), mask: new Uint8Array(16).fill(255) };
    new LayerMerge({ width: 4, height: 4, scale: 2, over }).apply({ data, width: 8, channels: 4, top: 0, full: 255 });
    for (const [at, value] of data.entries()) expect(value).toBe(at % 4 === 3 ? 50 : 200);
  });
});
