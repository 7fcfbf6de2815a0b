import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef, JsonObject } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { exifTexts, loadSharp, openPicture } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { free } from './free.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A disc that moves over a clear ground, at other times each. */
async function moving(): Promise<FileRef> {
  const sharp = await loadSharp();
  const frames = await Promise.all(
    [0, 1, 2].map((step) => {
      const data = Uint8Array.from({ length: 40 * 24 * 4 }, (_, at) => {
        const [x, y] = [Math.floor(at / 4) % 40, Math.floor(at / 4 / 40)];
        const isDisc = Math.hypot(x - 10 - step * 10, y - 12) < 7;
        return isDisc ? ([220, 40, 30, 255][at % 4] ?? 0) : 0;
      });
      return sharp(data, { raw: { width: 40, height: 24, channels: 4 } })
        .png()
        .toBuffer();
    }),
  );
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [50, 100, 150], loop: 2 })
    .toBuffer();
  return files.write(gif, { name: 'moving.gif' });
}

async function doubled(image: FileRef, params: JsonObject) {
  const outcome = await testNode(free)
    .params(params)
    .items([{ input: { image } }])
    .files(files)
    .run();
  const [item] = outcome.outputs.image ?? [];
  return { file: item?.value as FileRef, fields: item?.fields, logs: outcome.logs, progress: outcome.progress };
}

async function meansOf(file: FileRef, frame: number): Promise<number[]> {
  const flat = (await openPicture(files, file, frame)).open().flatten({ background: '#ffffff' }).toColourspace('srgb');
  const { channels } = await (await loadSharp())(await flat.png().toBuffer()).stats();
  return channels.map(({ mean }) => mean);
}

async function expectSameFrames(image: FileRef, file: FileRef): Promise<void> {
  const [before, after] = [await openPicture(files, image), await openPicture(files, file)];
  expect(after).toMatchObject({ width: before.width * 2, height: before.height * 2, frames: before.frames });
  expect(after.animation).toEqual(before.animation);
  for (let frame = 0; frame < before.frames; frame++) {
    const [wanted, given] = [await meansOf(image, frame), await meansOf(file, frame)];
    for (const channel of [0, 1, 2]) expect(Math.abs((wanted[channel] ?? 0) - (given[channel] ?? 99))).toBeLessThan(3);
  }
}

describe('an animation', () => {
  it('is doubled frame by frame where that is chosen, with its times and its transparency', async () => {
    const image = await moving();
    const { file, fields, logs } = await doubled(image, { animation: 'each', quality: 95 });
    expect(file).toMatchObject({ name: 'moving-2x.webp', mime: 'image/webp', width: 80, height: 48 });
    expect(fields?.upscale).toMatchObject({ frames: 3 });
    expect(logs.map(({ level }) => level)).toEqual(['info']);
    await expectSameFrames(image, file);
    expect((await openPicture(files, file)).hasAlpha).toBe(true);
  });

  it('keeps the data about it where that is chosen, with dots per inch', async () => {
    const animated = (await loadSharp())(await files.path(await moving()), { animated: true });
    const told = animated.withExif({ IFD0: { Artist: 'Ada' } }).withDensity(240);
    const image = await files.write(await told.webp().toBuffer(), { name: 'moving.webp' });
    for (const metadata of ['all', 'strip']) {
      const { file, logs } = await doubled(image, { animation: 'each', metadata });
      const { carries, density, frames } = await openPicture(files, file);
      expect([frames, density]).toEqual([3, 240]);
      expect(exifTexts(carries.exif?.tags ?? {}).IFD0?.Artist).toBe(metadata === 'all' ? 'Ada' : undefined);
      expect(logs.some(({ message }) => message.includes('(EXIF) are not in the result'))).toBe(metadata === 'strip');
    }
  });

  it('gives its first frame otherwise, with a warning', async () => {
    const { file, logs } = await doubled(await moving(), {});
    expect(await openPicture(files, file)).toMatchObject({ frames: 1, format: 'png' });
    expect(logs.find(({ level }) => level === 'warn')?.message).toBe(
      'moving.gif has 3 frames; only the first is upscaled.',
    );
  });

  it.skipIf(!realImages).each(['animated-tiny.gif', 'animated.webp'])(
    `from the wild keeps its frames: %s${whySkipped}`,
    async (name) => {
      const image = await files.write(await readFile(join(realImages ?? '', 'format', name)), { name });
      const { file } = await doubled(image, { animation: 'each', quality: 95 });
      await expectSameFrames(image, file);
    },
    120_000,
  );
});
