import type { FileRef } from '@imaginarium/node-sdk';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSharp, type Pipeline, type Sharp } from './load-sharp.ts';
import { openPicture } from './open-picture.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

async function drawn(name: string, draw: (sharp: Sharp) => Pipeline): Promise<FileRef> {
  return files.write(await draw(await loadSharp()).toBuffer(), { name });
}

const plain = (sharp: Sharp) => sharp({ create: { width: 40, height: 30, channels: 3, background: '#346' } });

describe('openPicture', () => {
  it('tells what the header says, as the picture is shown', async () => {
    const file = await drawn('me.jpg', (sharp) =>
      plain(sharp).withMetadata({ orientation: 6, density: 300 }).jpeg({ quality: 90 }),
    );
    const { open, carries, profile, ...facts } = await openPicture(files, file);
    expect([Object.keys(carries), profile?.length]).toEqual([['exif'], 480]);
    expect(facts).toEqual({
      name: 'me.jpg',
      width: 30,
      height: 40,
      hasAlpha: false,
      deep: false,
      grey: false,
      density: 300,
      frames: 1,
      animation: undefined,
      format: 'jpeg',
    });
    const { info } = await open().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([30, 40]);
  });

  it('knows grey in 16 bits, and transparency', async () => {
    const grey = await drawn('grey.png', (sharp) => plain(sharp).toColourspace('grey16').png());
    expect(await openPicture(files, grey)).toMatchObject({ grey: true, deep: true, hasAlpha: false });
    const clear = await drawn('clear.png', (sharp) => plain(sharp).ensureAlpha(0.5).png());
    expect(await openPicture(files, clear)).toMatchObject({ grey: false, deep: false, hasAlpha: true });
  });

  it('shows the frame of an animation that is asked for, and knows how long each is shown', async () => {
    const sharp = await loadSharp();
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((background) =>
        sharp({ create: { width: 8, height: 6, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .webp({ delay: [100, 250], loop: 3, lossless: true })
      .toBuffer();
    const file = await files.write(bytes, { name: 'blink.webp' });
    for (const [frame, colour] of [
      [0, [255, 0, 0]],
      [1, [0, 0, 255]],
    ] as const) {
      const picture = await openPicture(files, file, frame);
      expect(picture).toMatchObject({ width: 8, height: 6, frames: 2, animation: { delaysMs: [100, 250], loop: 3 } });
      expect([...(await picture.open().removeAlpha().raw().toBuffer()).subarray(0, 3)]).toEqual(colour);
    }
  });

  it.each([
    ['an empty file', new Uint8Array(), 'it is empty (0 bytes)'],
    ['a text', new TextEncoder().encode('hello'), 'it is not a PNG, JPEG, WebP, AVIF, GIF or TIFF file'],
    ['a drawing in SVG', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'it is not a PNG'],
    ['the head of a PNG', samplePng(4, 4).slice(0, 20), 'cannot be read as a picture'],
  ])('refuses %s in words', async (_what, bytes, words) => {
    const error = await openPicture(files, await files.write(bytes, { name: 'me.png' })).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(NonRetryableError);
    expect((error as Error).message).toContain('me.png cannot be read as a picture: ');
    expect((error as Error).message).toContain(words);
  });
});
