import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fit, fittedSize } from './fitted-size.ts';

const picture = { width: 400, height: 200 };
const ask = (width: number, height: number, fit: Fit, enlarge = true) =>
  fittedSize(picture, { width, height, fit, enlarge });

describe('fittedSize', () => {
  it('gives exactly the asked frame for cover, contain and fill', () => {
    for (const fit of ['cover', 'contain', 'fill'] as const)
      expect(ask(100, 90, fit)).toMatchObject({ width: 100, height: 90 });
  });

  it('follows the side that is given when the other is 0, whatever the fit', () => {
    for (const fit of ['cover', 'contain', 'inside', 'fill'] as const) {
      expect(ask(100, 0, fit)).toEqual({ width: 100, height: 50, fit: 'fill' });
      expect(ask(0, 100, fit)).toEqual({ width: 200, height: 100, fit: 'fill' });
    }
  });

  it('keeps inside the frame', () => {
    expect(ask(100, 100, 'inside')).toEqual({ width: 100, height: 50, fit: 'fill' });
  });

  it('shrinks the frame, in its shape, when the picture must not grow', () => {
    expect(ask(800, 800, 'cover', false)).toEqual({ width: 200, height: 200, fit: 'cover' });
    expect(ask(800, 800, 'contain', false)).toEqual({ width: 400, height: 400, fit: 'contain' });
    expect(ask(800, 100, 'fill', false)).toEqual({ width: 400, height: 100, fit: 'fill' });
    expect(ask(800, 0, 'cover', false)).toEqual({ width: 400, height: 200, fit: 'fill' });
  });

  it('gives at least one pixel, and never more than the picture has when it must not grow', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    const fit = fc.constantFrom<Fit>('cover', 'contain', 'inside', 'fill');
    fc.assert(
      fc.property(
        side,
        side,
        fc.nat(16_384),
        fc.integer({ min: 1, max: 16_384 }),
        fit,
        fc.boolean(),
        (w, h, width, height, kind, enlarge) => {
          const size = fittedSize({ width: w, height: h }, { width, height, fit: kind, enlarge });
          expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
          if (enlarge || width === 0 || kind === 'contain') return;
          // Half a pixel is what rounding adds.
          expect(size.width).toBeLessThanOrEqual(w + 0.5);
          expect(size.height).toBeLessThanOrEqual(h + 0.5);
        },
      ),
    );
  });
});
