import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passesTo, targetSize } from './target-size.ts';

const side = fc.integer({ min: 1, max: 20_000 });

describe('targetSize', () => {
  it('fits the long side of a picture to a screen, in its own shape', () => {
    const wish = { width: 0, height: 0 };
    expect(targetSize({ width: 1000, height: 500 }, { ...wish, target: '4k' })).toEqual({ width: 3840, height: 1920 });
    expect(targetSize({ width: 500, height: 1000 }, { ...wish, target: '8k' })).toEqual({ width: 3840, height: 7680 });
  });

  it('never leaves the width and height that were asked for, and reaches one of them', () => {
    fc.assert(
      fc.property(side, side, side, side, (width, height, most, highest) => {
        const size = targetSize({ width, height }, { target: 'custom', width: most, height: highest });
        expect(size.width).toBeLessThanOrEqual(most);
        expect(size.height).toBeLessThanOrEqual(highest);
        expect(size.width === most || size.height === highest).toBe(true);
      }),
    );
  });

  it('follows one side where the other is 0, and refuses two', () => {
    const picture = { width: 300, height: 200 };
    expect(targetSize(picture, { target: 'custom', width: 0, height: 400 })).toEqual({ width: 600, height: 400 });
    expect(() => targetSize(picture, { target: 'custom', width: 0, height: 0 })).toThrow('at least one above 0');
  });
});

describe('passesTo', () => {
  it('makes enough, and not twice as much as it must where less would do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0.1, max: 16, noNaN: true }), (width, factor) => {
        const picture = { width, height: width };
        const length = Math.max(1, Math.floor(width * factor));
        const made = passesTo('me.png', picture, { width: length, height: length }).reduce<number>((a, b) => a * b, 1);
        expect(made * width).toBeGreaterThanOrEqual(length);
        expect(made === 1 || made === 2 || (made / 2) * width < length).toBe(true);
      }),
    );
  });

  it('refuses more than 16 times, with numbers', () => {
    expect(() => passesTo('me.png', { width: 100, height: 50 }, { width: 3840, height: 1920 })).toThrow(
      'me.png has 100 x 50 pixels; 3840 x 1920 is more than 16 times as much a side. Ask for less.',
    );
  });
});
