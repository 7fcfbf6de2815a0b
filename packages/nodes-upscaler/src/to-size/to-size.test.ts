import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { toSize } from './to-size.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

async function made(width: number, height: number, box: { width?: number; height?: number }) {
  const image = await files.write(samplePng(width, height), { name: 'photo.png' });
  const outcome = await testNode(toSize)
    .params({ target: 'custom', ...box })
    .items([{ input: { image } }])
    .files(files)
    .run();
  const [item] = outcome.outputs.image ?? [];
  return { file: item?.value as FileRef, fields: item?.fields };
}

describe('upscaler.to-size', () => {
  it('makes a picture exactly as large as it was asked to, by the passes that takes', async () => {
    const { file, fields } = await made(60, 40, { width: 200, height: 500 });
    expect(file).toMatchObject({ width: 200, height: 133, name: 'photo-200x133.png' });
    expect(fields).toMatchObject({ upscale: { scale: 4 } });
    expect((await made(30, 20, { width: 400 })).fields).toMatchObject({ upscale: { scale: 16 } });
  });

  it('makes a large one smaller without a network', async () => {
    const { file, fields } = await made(300, 100, { height: 50 });
    expect(file).toMatchObject({ width: 150, height: 50 });
    expect(fields).toEqual({ upscale: { scale: 1, models: [] } });
  });

  it('keeps what a person chose to keep, with a network or without', async () => {
    const sharp = await loadSharp();
    const wide = sharp(samplePng(60, 40)).withIccProfile('p3').withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
    const image = await files.write(await wide.withDensity(240).jpeg().toBuffer(), { name: 'photo.jpg' });
    for (const width of [30, 90]) {
      const outcome = await testNode(toSize)
        .params({ target: 'custom', width, colours: 'own', metadata: 'all' })
        .items([{ input: { image } }])
        .files(files)
        .run();
      const meta = await sharp(await files.path(outcome.outputs.image?.[0]?.value as FileRef)).metadata();
      expect([meta.width, meta.density, meta.icc?.length, meta.xmp?.length]).toEqual([width, 240, 480, 37]);
    }
  });
});
