import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { alphaFile, fillTransparent, spreadColours } from './transparency.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const [WIDTH, HEIGHT, RADIUS] = [100, 80, 20];
const COLOUR = [0.8, 0.4, 0.2];

/** A disc in one colour, in the middle of black that is transparent. */
async function disc(full: 255 | 65535) {
  const data = full === 255 ? new Uint8Array(WIDTH * HEIGHT * 4) : new Uint16Array(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      if ((x - WIDTH / 2) ** 2 + (y - HEIGHT / 2) ** 2 < RADIUS ** 2)
        data.set([...COLOUR.map((share) => share * full), full], (y * WIDTH + x) * 4);
  const sharp = await loadSharp();
  const image = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
  const png = await image
    .toColourspace(full === 255 ? 'srgb' : 'rgb16')
    .png()
    .toBuffer();
  return openPicture(files, await files.write(png, { name: 'disc.png' }));
}

describe.each([255, 65535] as const)('transparency of values up to %d', (full) => {
  it('has the colours beside it', async () => {
    const picture = await disc(full);
    const upright = picture.open().toColourspace(picture.deep ? 'rgb16' : 'srgb');
    await using spread = await spreadColours(upright, picture, await files.folder());
    const [colours, seen] = [await spread.colourRows(HEIGHT / 2, 1), await spread.colourRows(HEIGHT / 2, 1)];
    seen.data.fill(0);
    fillTransparent(seen, colours);
    for (const x of [22, 26, 29]) {
      const levels = [...seen.data.subarray(x * 4, x * 4 + 3)].map((value) => (value * 255) / full);
      for (const [colour, level] of levels.entries())
        expect(Math.abs(level - (COLOUR[colour] ?? 0) * 255)).toBeLessThan(3);
    }
  });

  it('is enlarged on its own', async () => {
    const picture = await disc(full);
    await using alpha = await alphaFile(picture, 2, await files.folder());
    expect([alpha.width, alpha.height, alpha.channels, alpha.full]).toEqual([2 * WIDTH, 2 * HEIGHT, 1, full]);
    const row = await alpha.rows(HEIGHT, 1);
    expect([row[0], row[54], row[WIDTH], row[66]]).toEqual([0, 0, full, full]);
    expect((row[62] ?? 0) / full).toBeCloseTo(0.5, 1);
  });
});
