import { readFile, writeFile } from 'node:fs/promises';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { readBack } from './read-back.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const size = { width: 160, height: 120 };

async function written(
  change: (sharp: import('@imaginarium/pictures').Pipeline) => import('@imaginarium/pictures').Pipeline,
) {
  const sharp = await loadSharp();
  const small = await sharp(samplePng(40, 30)).blur(2).png().toBuffer();
  const picture = await openPicture(files, await files.write(small, { name: 'photo.png' }));
  const path = `${await files.folder()}/large.jpg`;
  await change(sharp(small).resize(160, 120)).jpeg({ quality: 95 }).toFile(path);
  return { picture, path };
}

describe('readBack', () => {
  it('is content with a file that shows what the source shows', async () => {
    const { picture, path } = await written((image) => image);
    expect(await readBack(path, picture, size, 'srgb')).toBeLessThan(3);
  });

  it('refuses a file of another size, with a dark corner, or cut off', async () => {
    const small = await written((image) => image.resize(80, 60));
    await expect(readBack(small.path, small.picture, size, 'srgb')).rejects.toThrow(
      '80 x 60 pixels; 160 x 120 were expected',
    );
    const black = { create: { width: 40, height: 40, channels: 3, background: '#000000' } } as const;
    const dark = await written((image) => image.composite([{ input: black, left: 100, top: 60 }]));
    await expect(readBack(dark.path, dark.picture, size, 'srgb')).rejects.toThrow('does not show what photo.png shows');
    const cut = await written((image) => image);
    const bytes = await readFile(cut.path);
    await writeFile(cut.path, bytes.subarray(0, bytes.length * 0.6));
    await expect(readBack(cut.path, cut.picture, size, 'srgb')).rejects.toThrow('premature end');
  });
});
