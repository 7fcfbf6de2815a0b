import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { turnUpright } from './turn-upright.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-upright-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('gives every pixel of a picture its place, whatever its orientation, channels and bands', async () => {
  let count = 0;
  const side = fc.integer({ min: 1, max: 40 });
  const pictures = fc.record({
    ...{ width: side, height: side, orientation: fc.integer({ min: 2, max: 8 }) },
    ...{ channels: fc.constantFrom(3, 4), bandPixels: fc.integer({ min: 1, max: 400 }) },
  });
  await fc.assert(
    fc.asyncProperty(pictures, async ({ width, height, orientation, channels, bandPixels }) => {
      const pixels = Buffer.from(Array.from({ length: width * height * channels }, (_, at) => (at * 37) % 251));
      const source = await sharp(pixels, { raw: { width, height, channels: channels as 3 | 4 } })
        .withMetadata({ orientation })
        .png()
        .toBuffer();
      const target = join(folder, `${count++}.tif`);
      const read = () => sharp(source, { sequentialRead: true }).toColourspace('srgb');
      await turnUpright({ width, height, orientation, read }, target, bandPixels);
      const [turned, expected] = await Promise.all(
        [sharp(target), sharp(source).autoOrient()].map((each) => each.raw().toBuffer({ resolveWithObject: true })),
      );
      expect(turned?.info).toMatchObject({ width: expected?.info.width, height: expected?.info.height, channels });
      expect(turned?.data.equals(expected?.data ?? Buffer.alloc(0))).toBe(true);
    }),
    { numRuns: 30 },
  );
});
