import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenParts, tileGrid } from './tile-grid.ts';

const size = fc.integer({ min: 1, max: 200 });
const core = fc.integer({ min: 8, max: 120 });
const overlap = fc.integer({ min: 0, max: 40 });

describe('tileGrid', () => {
  it('puts each pixel in the core of exactly one tile', () => {
    fc.assert(
      fc.property(size, size, core, overlap, core, (width, height, corePx, overlapPx, mostRows) => {
        const seen = new Uint8Array(width * height);
        const tiles = tileGrid({ left: 0, top: 0, width, height }, corePx, overlapPx, mostRows).flat();
        expect(Math.max(...tiles.map((tile) => tile.core.width))).toBeLessThanOrEqual(corePx);
        expect(Math.max(...tiles.map((tile) => tile.core.height))).toBeLessThanOrEqual(Math.min(corePx, mostRows));
        for (const tile of tiles)
          for (let y = tile.core.top; y < tile.core.top + tile.core.height; y++) {
            const from = y * width + tile.core.left;
            for (let at = from; at < from + tile.core.width; at++) seen[at] = (seen[at] ?? 0) + 1;
          }
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('reads the whole overlap on all sides, also beyond the edge', () => {
    fc.assert(
      fc.property(size, size, core, overlap, (width, height, corePx, overlapPx) => {
        for (const { core: area, read } of tileGrid({ left: 0, top: 0, width, height }, corePx, overlapPx).flat()) {
          expect([read.left, read.top]).toEqual([area.left - overlapPx, area.top - overlapPx]);
          expect([read.width, read.height]).toEqual([area.width + 2 * overlapPx, area.height + 2 * overlapPx]);
        }
      }),
    );
  });

  it('makes even tiles: the sides of no two differ by more than a pixel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 4000 }), (length, most) => {
        const lengths = evenParts(0, length, most).map(([, part]) => part);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(most);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
