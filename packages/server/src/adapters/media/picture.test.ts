import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, expect, it } from 'vitest';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

it('leaves a node what it may read when uploads are looked at in the same process', async () => {
  const bytes = samplePng(9, 6);
  const readByNode = async () => (await (await loadSharp())(bytes).metadata()).width;
  expect(await readByNode()).toBe(9);
  // Imported only now, as the media process does: setting itself up must take nothing away.
  const { inspectPicture } = await import('./picture.ts');
  const path = await files.path(await files.write(bytes, { name: 'me.png' }));
  expect(await inspectPicture(path, 'me.png', 100)).toEqual({ width: 9, height: 6 });
  expect(await readByNode()).toBe(9);
});

it.each([
  { progressive: false, palette: false },
  { progressive: false, palette: true },
  { progressive: true, palette: false },
])(
  'refuses a PNG that ends too early, interlaced ($progressive) or with a palette ($palette)',
  async ({ progressive, palette }) => {
    const { inspectPicture } = await import('./picture.ts');
    const whole = await (await loadSharp())(samplePng(90, 60)).png({ progressive, palette }).toBuffer();
    const pathOf = async (bytes: Uint8Array) => files.path(await files.write(bytes, { name: 'me.png' }));
    expect(await inspectPicture(await pathOf(whole), 'me.png', 1e6)).toEqual({ width: 90, height: 60 });
    const cut = await pathOf(whole.subarray(0, whole.length - 100));
    await expect(inspectPicture(cut, 'me.png', 1e6)).rejects.toThrow('me.png cannot be read as a picture: ');
  },
);
