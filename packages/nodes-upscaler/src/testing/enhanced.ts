import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef, JsonObject, NodeDefinition } from '@imaginarium/node-sdk';
import { type TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import type { Pixels } from '../compare/likeness.ts';
import { realImages } from './test-data.ts';

/** What a node made of a picture. */
export async function enhanced(
  files: TestFiles,
  node: NodeDefinition,
  bytes: Uint8Array,
  params: JsonObject = {},
  name = 'photo.png',
) {
  const image = await files.write(bytes, { name });
  const outcome = await testNode(node)
    .params(params)
    .items([{ input: { image } }])
    .files(files)
    .run();
  const [item] = outcome.outputs.image ?? [];
  const file = item?.value as FileRef;
  return { image, file, fields: item?.fields, bytes: await readFile(await files.path(file)), logs: outcome.logs };
}

/** Red, green and blue of a picture, transparency left out. */
export async function pixelsOf(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await (await loadSharp())(bytes)
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A piece of a photo of the test data, as a PNG. */
export async function photo(name: string, left: number, top: number, width: number, height: number): Promise<Buffer> {
  const bytes = await readFile(join(realImages ?? '', 'photo', name));
  return (await loadSharp())(bytes).extract({ left, top, width, height }).png().toBuffer();
}

/** Noise as a sensor makes it, seeded. */
export async function withNoise(bytes: Uint8Array, sigma: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const { data, width, height } = await pixelsOf(bytes);
  let state = 42;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const noisy = Uint8ClampedArray.from(
    data,
    (value) => value + sigma * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  return sharp(new Uint8Array(noisy.buffer), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
