import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageDown, type PixelRows, planesOf, putPlanes, putWhole } from './planes.ts';

const side = fc.integer({ min: 1, max: 12 });

describe('planes', () => {
  it('give back the bytes they were made of, in 8 and in 16 bits', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom(255, 65535),
        fc.constantFrom(3, 4),
        fc.nat(),
        (width, height, full, channels, seed) => {
          const make = (): PixelRows => {
            const length = width * height * channels;
            const data = full === 255 ? new Uint8Array(length) : new Uint16Array(length);
            return { data, width, channels, top: 5, full };
          };
          const rows = make();
          rows.data.forEach((_, index) => {
            rows.data[index] = channels === 4 && index % 4 === 3 ? 0 : (seed + index * 7919) % (full + 1);
          });
          const back = make();
          putWhole(planesOf(rows, { left: 0, top: 5, width, height }), back, 0, 5);
          expect(back.data).toEqual(rows.data);
        },
      ),
    );
  });

  it('are clamped when they are written', () => {
    const rows: PixelRows = { data: new Uint8Array(6), width: 2, channels: 3, top: 0, full: 255 };
    putWhole({ data: new Float32Array([-0.16, 1.18, 0.5, 0.5, 0, 1]), width: 2, height: 1 }, rows, 0, 0);
    expect([...rows.data]).toEqual([0, 128, 0, 255, 128, 255]);
  });
});

describe('averageDown', () => {
  it('gives the mean of each square', () => {
    const plane = [0, 1, 0.5, 0.5, 1, 0, 0.5, 0.5];
    const { data, width, height } = averageDown(
      { data: new Float32Array([...plane, ...plane, ...plane]), width: 4, height: 2 },
      { left: 0, top: 0, width: 4, height: 2 },
      2,
    );
    expect([width, height, ...data]).toEqual([2, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  it('keeps the mean of the whole', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 4 }), (width, height, factor) => {
        const data = Float32Array.from(
          { length: 3 * width * height * factor * factor },
          (_, index) => (index * 37) % 101,
        );
        const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
        const large = { data, width: width * factor, height: height * factor };
        const small = averageDown(large, { left: 0, top: 0, width: large.width, height: large.height }, factor);
        expect(mean(small.data)).toBeCloseTo(mean(data), 3);
      }),
    );
  });
});

describe('an area of planes', () => {
  const planes = { data: Float32Array.from({ length: 3 * 4 * 3 }, (_, index) => index / 255), width: 4, height: 3 };
  const area = { left: 1, top: 1, width: 2, height: 2 };

  it('is written where it belongs', () => {
    const rows: PixelRows = { data: new Uint8Array(3 * 4 * 2), width: 4, channels: 3, top: 0, full: 255 };
    putPlanes(planes, area, rows, 1, 0);
    const first = [0, 0, 0, 5, 17, 29, 6, 18, 30, 0, 0, 0];
    const second = [0, 0, 0, 9, 21, 33, 10, 22, 34, 0, 0, 0];
    expect([...rows.data]).toEqual([...first, ...second]);
  });

  it('is averaged as if it were alone', () => {
    const { data } = averageDown(planes, area, 2);
    expect([...data].map((value) => Math.round(value * 255 * 2) / 2)).toEqual([7.5, 19.5, 31.5]);
  });
});
