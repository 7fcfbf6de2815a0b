import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkup, printable } from './caption.ts';
import { sheetGrid } from './contact-sheet.ts';
import { MAX_SLIDES, MIN_SLIDES, sliceStrip, slidesFor, stripSize } from './panorama.ts';
import { ASPECTS, slideSize } from './slide-size.ts';

const slide = fc
  .record({ aspect: fc.constantFrom(...ASPECTS), width: fc.integer({ min: 320, max: 2160 }) })
  .map(({ aspect, width }) => slideSize(aspect, width));

describe('a panorama', () => {
  it('is split so that every column of the strip is in exactly one slide, and all slides are of one size', () => {
    fc.assert(
      fc.property(slide, fc.integer({ min: 1, max: 20 }), (size, count) => {
        const strip = stripSize(size, count);
        const slices = sliceStrip(size, count);
        let next = 0;
        for (const { left, top, width, height } of slices) {
          expect([left, top, width, height]).toEqual([next, 0, size.width, strip.height]);
          next += width;
        }
        expect(next).toBe(strip.width);
      }),
    );
  });

  it('gets the number of slides that fits its shape best', () => {
    const square = slideSize('1:1', 1080);
    expect(slidesFor({ width: 3000, height: 1000 }, square)).toBe(3);
    expect(slidesFor({ width: 3000, height: 1000 }, slideSize('4:5', 1080))).toBe(4);
    expect(slidesFor({ width: 100, height: 1000 }, square)).toBe(MIN_SLIDES);
    expect(slidesFor({ width: 100_000, height: 10 }, square)).toBe(MAX_SLIDES);
  });
});

describe('slideSize', () => {
  it('knows the sizes that networks ask for', () => {
    expect(ASPECTS.map((aspect) => slideSize(aspect, 1080).height)).toEqual([1080, 1350, 1920]);
  });
});

describe('sheetGrid', () => {
  it('keeps all cells inside the sheet and apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), slide, (count, size) => {
        const { cells, width, height } = sheetGrid(count, size);
        expect(cells).toHaveLength(count);
        for (const [index, cell] of cells.entries()) {
          expect(
            cell.left > 0 && cell.top > 0 && cell.left + cell.width < width && cell.top + cell.height < height,
          ).toBe(true);
          for (const other of cells.slice(0, index))
            expect(
              cell.left >= other.left + other.width ||
                other.left >= cell.left + cell.width ||
                cell.top >= other.top + other.height ||
                other.top >= cell.top + cell.height,
            ).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('caption text', () => {
  it('is drawn as written: markup is escaped, control characters are left out', () => {
    expect(escapeMarkup('<b>&amp;</b>')).toBe('&lt;b&gt;&amp;amp;&lt;/b&gt;');
    expect(printable(' a\r\nb\u0007\u0000\ud800 ')).toBe('a\nb\ufffd');
  });
});
