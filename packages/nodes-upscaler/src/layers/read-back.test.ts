import { readFile, writeFile } from 'node:fs/promises';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, type Pipeline } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { readBack } from './read-back.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A file that was written from a picture of 160 x 120, changed on the way. */
async function written(change: (image: Pipeline) => Pipeline) {
  const sharp = await loadSharp();
  const large = await sharp(samplePng(40, 30)).blur(2).resize(160, 120).png().toBuffer();
  const path = `${await files.folder()}/large.jpg`;
  await change(sharp(large)).jpeg({ quality: 95 }).toFile(path);
  return {
    path,
    from: { name: 'photo.png', image: sharp(large), width: 160, height: 120, quality: 95, colours: 'srgb' as const },
  };
}

describe('readBack', () => {
  it('is content with a file that shows what was drawn', async () => {
    const { path, from } = await written((image) => image);
    expect(await readBack(path, from)).toBeLessThan(3);
  });

  it('refuses a file of another size, with a dark corner, or cut off', async () => {
    const small = await written((image) => image.resize(80, 60));
    await expect(readBack(small.path, small.from)).rejects.toThrow('80 x 60 pixels; 160 x 120 were expected');
    const black = { create: { width: 40, height: 40, channels: 3, background: '#000000' } } as const;
    const dark = await written((image) => image.composite([{ input: black, left: 100, top: 60 }]));
    await expect(readBack(dark.path, dark.from)).rejects.toThrow('does not show what was made of photo.png');
    const cut = await written((image) => image);
    const bytes = await readFile(cut.path);
    await writeFile(cut.path, bytes.subarray(0, bytes.length * 0.6));
    await expect(readBack(cut.path, cut.from)).rejects.toThrow('premature end');
  });
});
