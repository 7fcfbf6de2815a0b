import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { keepOwn } from '../catalogue/own-models.ts';
import { keepSpeed } from '../catalogue/speeds.ts';
import { aSpeed, installTiny } from '../testing/installed-model.ts';
import { superResolution } from './super-resolution.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A models folder with an own model that makes pictures so many times as large. */
async function own(scale: number) {
  const { folder, entry } = await installTiny({ scale }, { name: 'mine', title: 'Mine', origin: 'own' });
  await keepOwn(folder, 'mine', entry);
  return { folder, entry };
}

async function made(modelsFolder: string, model: string) {
  const image = await files.write(samplePng(31, 20), { name: 'photo.png' });
  const work = testNode(superResolution)
    .params({ model })
    .items([{ input: { image } }]);
  const { outputs } = await work.files(files).modelsFolder(modelsFolder).run();
  return { file: outputs.image?.[0]?.value as FileRef, fields: outputs.image?.[0]?.fields };
}

describe('upscaler.super-resolution', () => {
  it.each([1, 3, 4])('makes a picture as much larger as the network that was chosen does: %d times', async (scale) => {
    const { file, fields } = await made((await own(scale)).folder, 'mine');
    expect(file).toMatchObject({ name: `photo-${scale}x.png`, width: 31 * scale, height: 20 * scale });
    expect(fields).toEqual({ upscale: { scale, models: ['mine'] } });
  });

  it('takes the best that is installed, and foresees its time and size', async () => {
    const { folder, entry } = await own(3);
    expect((await made(folder, 'auto')).fields).toMatchObject({ upscale: { scale: 3 } });
    await keepSpeed(folder, 'mine', aSpeed(entry, 2000));
    const params = { model: 'mine', format: 'jpeg' };
    const models = [{ entry, speed: aSpeed(entry, 2000) }];
    const ahead = superResolution.foresee?.({ params, picture: { width: 100, height: 50 }, models });
    expect(ahead).toMatchObject({ measured: true, picture: { width: 300, height: 150 } });
    expect(superResolution.foresee?.({ params, picture: { width: 100, height: 50 }, models: [] })).toEqual({});
    expect(await superResolution.peakMemoryMb?.({ params, modelsFolder: folder })).toBe(300);
  });

  it('says before a run that a network that was named is not here, and how to have it', async () => {
    const { folder } = await own(2);
    const say = (model: string) => superResolution.remarks?.({ params: { model }, modelsFolder: folder });
    expect(await Promise.all(['auto', 'mine'].map(say))).toEqual([[], []]);
    expect(await say('realesrgan-x4plus')).toEqual([
      expect.stringContaining('model: realesrgan-x4plus is not installed.'),
    ]);
    await expect(made(folder, 'realesrgan-x4plus')).rejects.toThrow('realesrgan-x4plus is not installed');
  });
});
