import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadTileError } from './check-output.ts';
import { type PixelRows, planesOf } from './planes.ts';
import { type BytePixels, checkSquares, cutPixels, putSquares } from './squares.ts';

const side = fc.integer({ min: 1, max: 9 });

/** Rows whose every value tells where it stands. */
function someRows(width: number, height: number, channels: 3 | 4): PixelRows {
  const data = Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 7919) % 251);
  return { data, width, channels, top: 5, full: 255 };
}

describe('pixels for a network for bytes', () => {
  it('are those that planes would hold, beyond the edges too', () => {
    fc.assert(
      fc.property(
        ...([side, side, fc.constantFrom<(3 | 4)[]>(3, 4)] as const),
        ...([fc.integer({ min: -4, max: 9 }), fc.integer({ min: 1, max: 14 }), side, side] as const),
        (width, height, channels, left, top, areaWidth, areaHeight) => {
          const rows = someRows(width, height, channels);
          const area = { left, top, width: areaWidth, height: areaHeight };
          const planes = planesOf(rows, area);
          const size = areaWidth * areaHeight;
          const { data } = cutPixels(rows, area);
          expect([...data]).toEqual(
            Array.from({ length: size * 3 }, (_, at) =>
              Math.round((planes.data[(at % 3) * size + Math.floor(at / 3)] ?? 0) * 255),
            ),
          );
        },
      ),
    );
  });
});

describe('squares', () => {
  it('are written pixel by pixel where they belong, with and without alpha', () => {
    fc.assert(
      fc.property(
        ...([side, side, fc.integer({ min: 1, max: 4 }), fc.constantFrom<(3 | 4)[]>(3, 4)] as const),
        ...([fc.nat(3), fc.nat(3), fc.nat(3)] as const),
        (width, height, scale, channels, margin, left, top) => {
          const whole = { width: width + 2 * margin, height: height + 2 * margin, scale };
          const data = Uint8Array.from(
            { length: whole.width * whole.height * scale * scale * 3 },
            (_, at) => (at * 31) % 253,
          );
          const area = { left: margin, top: margin, width, height };
          const rows: PixelRows = {
            ...someRows((left + width) * scale, top + height * scale, channels),
            top: 2,
          };
          const expected = rows.data.slice();
          for (let y = 0; y < height * scale; y++)
            for (let x = 0; x < width * scale; x++)
              for (let colour = 0; colour < 3; colour++) {
                const pixel = (margin + Math.floor(y / scale)) * whole.width + margin + Math.floor(x / scale);
                const from = ((pixel * scale + (y % scale)) * scale + (x % scale)) * 3 + colour;
                expected[((top + y) * rows.width + left * scale + x) * channels + colour] = data[from] ?? 0;
              }
          putSquares({ data, ...whole }, area, rows, left * scale, 2 + top);
          expect(rows.data).toEqual(expected);
        },
      ),
    );
  });

  it('are refused when they are one flat tone and the picture is not', () => {
    const flat = { data: new Uint8Array(48).fill(255), width: 2, height: 2, scale: 2 };
    const pixels = (...values: number[]): BytePixels => ({ data: Uint8Array.from(values), width: 2, height: 2 });
    const lively = pixels(0, 0, 0, 40, 40, 40, 0, 0, 0, 0, 0, 0);
    expect(() => checkSquares(lively, flat)).toThrow(BadTileError);
    expect(() => checkSquares(pixels(...new Array<number>(12).fill(255)), flat)).not.toThrow();
    flat.data[47] = 0;
    expect(() => checkSquares(lively, flat)).not.toThrow();
  });
});
