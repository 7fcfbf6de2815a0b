import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSharp } from '@imaginarium/pictures';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StripTiff } from './strip-tiff.ts';

describe('StripTiff', () => {
  it('is read back as it was written, whatever its size, depth and channels', async () => {
    const sharp = await loadSharp();
    const folder = await mkdtemp(join(tmpdir(), 'imaginarium-tiff-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'work.tiff');
    const side = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.constantFrom(3 as const, 4 as const),
        fc.constantFrom(8 as const, 16 as const),
        async (width, height, channels, bits) => {
          const length = width * height * channels;
          const data = bits === 8 ? new Uint8Array(length) : new Uint16Array(length);
          data.forEach((_, index) => {
            data[index] = index * 7919;
          });
          {
            await using tiff = await StripTiff.create(path, { width, height, channels, bits });
            const half = Math.floor(height / 2) * width * channels;
            await tiff.write(data.subarray(0, half));
            await tiff.write(data.subarray(half));
          }
          const deep = bits === 16;
          const image = sharp(path)
            .toColourspace(deep ? 'rgb16' : 'srgb')
            .raw({ depth: deep ? 'ushort' : 'uchar' });
          const { data: back, info } = await image.toBuffer({ resolveWithObject: true });
          expect([info.width, info.height, info.channels]).toEqual([width, height, channels]);
          expect(Buffer.compare(back, Buffer.from(data.buffer))).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
