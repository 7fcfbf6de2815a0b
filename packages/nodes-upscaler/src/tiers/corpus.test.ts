import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef, NodeDefinition } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture, type Picture } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { billboard } from './billboard.ts';
import { free } from './free.ts';
import { professional } from './professional.ts';
import { standard } from './standard.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** What larger tiers take more than a moment for is left to the small one. */
const SMALL_PIXELS = 400;
const FOLDERS = ['corrupt', 'format', 'derived', 'exif'];
const names = realImages
  ? FOLDERS.flatMap((folder) => readdirSync(join(realImages ?? '', folder)).map((name) => `${folder}/${name}`))
  : [];

/** The photos of one scene, stored turned in all ways that a camera can be held: shown upright, they are one picture. */
const scenes: Buffer[] = [];

/** How a photo is turned has nothing to do with how large it is: the nine large ones would take minutes. Their EXIF stays as it is. */
async function bytesOf(path: string): Promise<Buffer> {
  const bytes = await readFile(join(realImages ?? '', path));
  if (!path.startsWith('exif/')) return bytes;
  const sharp = await loadSharp();
  return sharp(bytes).resize({ width: 450, height: 450, fit: 'inside' }).keepExif().toBuffer();
}

async function sceneOf(picture: Picture): Promise<Buffer> {
  return picture.open().resize(48, 32, { fit: 'fill' }).toColourspace('srgb').raw().toBuffer();
}

/** Upscales a picture, or gives the error that refuses it, which is to say of which file it speaks. */
async function upscaled(node: NodeDefinition, image: FileRef): Promise<FileRef | undefined> {
  const outcome = await testNode(node)
    .items([{ input: { image } }])
    .files(files)
    .run()
    .catch((error: Error) => error);
  if (!(outcome instanceof Error)) return outcome.outputs.image?.[0]?.value as FileRef;
  expect(outcome.name).toBe('NonRetryableError');
  expect(outcome.message).toMatch(new RegExp(`^(${image.name.replaceAll('.', '\\.')} |format: ).+\\.$`));
  return undefined;
}

/** Means of red, green and blue as a viewer shows them, transparency on white. */
async function meanColour(picture: Picture): Promise<number[]> {
  const { channels } = await (await loadSharp())(
    await picture.open().toColourspace('srgb').flatten({ background: '#ffffff' }).png().toBuffer(),
  ).stats();
  return [0, 1, 2].map((channel) => (channels[channel] ?? channels[0])?.mean ?? Number.NaN);
}

describe.skipIf(!realImages)(`pictures of all kinds, whole and broken${whySkipped}`, () => {
  it.each(names)(
    '%s is doubled with its colours and its transparency, or refused in words',
    async (path) => {
      const name = path.replace('/', '-');
      const image = {
        ...(await files.write(await bytesOf(path), { name })),
        kind: 'image' as const,
      };
      const made = await upscaled(free, image);
      if (!made) return;
      const [before, after] = [await openPicture(files, image), await openPicture(files, made)];
      expect([after.width, after.height]).toEqual([before.width * 2, before.height * 2]);
      expect(after.hasAlpha).toBe(before.hasAlpha);
      if (path.startsWith('exif/')) scenes.push(await sceneOf(after));
      const [wanted, given] = [await meanColour(before), await meanColour(after)];
      for (const channel of [0, 1, 2])
        expect(Math.abs((wanted[channel] ?? 0) - (given[channel] ?? 99))).toBeLessThan(3);
    },
    180_000,
  );

  it.each(names)(
    '%s comes out of the larger tiers too, where it is small, or is refused in words',
    async (path) => {
      const bytes = await readFile(join(realImages ?? '', path));
      const image = { ...(await files.write(bytes, { name: path.replace('/', '-') })), kind: 'image' as const };
      const before = await openPicture(files, image).catch(() => undefined);
      if (before && before.width * before.height > SMALL_PIXELS && !path.startsWith('corrupt/')) return;
      for (const [node, scale] of [[standard, 4] as const, [professional, 8] as const, [billboard, 16] as const]) {
        const made = await upscaled(node, image);
        if (!before || !made) continue;
        const after = await openPicture(files, made);
        expect([after.width, after.height]).toEqual([before.width * scale, before.height * scale]);
        // Billboards are JPEG files: what is transparent is white there.
        expect(after.hasAlpha).toBe(before.hasAlpha && node !== billboard);
        const [wanted, given] = [await meanColour(before), await meanColour(after)];
        for (const channel of [0, 1, 2])
          expect(Math.abs((wanted[channel] ?? 0) - (given[channel] ?? 99))).toBeLessThan(4);
      }
    },
    60_000,
  );

  it('are upright, whichever way the camera was held', () => {
    expect(scenes.length).toBe(9);
    for (const scene of scenes) {
      const off = scene.reduce((sum, value, at) => sum + Math.abs(value - (scenes[0]?.[at] ?? 0)), 0) / scene.length;
      expect(off).toBeLessThan(4);
    }
  });
});
