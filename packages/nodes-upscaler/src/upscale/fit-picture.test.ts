import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { MAX_PIXELS, openPicture, type Picture } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fittedPicture, isTooLarge } from './fit-picture.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

describe('fittedPicture', () => {
  it('keeps the shape, fits, and gives away little', async () => {
    const small = await openPicture(files, await files.write(samplePng(8, 8), { name: 'photo.png' }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom(2, 4, 8, 16),
        (width, height, scale) => {
          const picture: Picture = { ...small, width, height };
          const fitted = fittedPicture(picture, scale);
          expect(isTooLarge(fitted, scale)).toBe(false);
          if (!isTooLarge(picture, scale)) expect(fitted).toBe(picture);
          else if (Math.min(fitted.width, fitted.height) > 200) {
            expect(Math.abs(fitted.width / fitted.height / (width / height) - 1)).toBeLessThan(0.01);
            expect(fitted.width * fitted.height * scale ** 2).toBeGreaterThan(0.98 * MAX_PIXELS);
          }
        },
      ),
    );
  });

  it('opens in its new size', async () => {
    const picture = await openPicture(files, await files.write(samplePng(60, 40), { name: 'photo.png' }));
    // As if only so few pixels were made: 8192 times is too much for it.
    const fitted = fittedPicture(picture, 1024);
    const { info } = await fitted.open().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([fitted.width, fitted.height]);
    expect(fitted.width).toBeLessThan(60);
  });
});
