import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import entry from '../index.ts';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { billboard } from './billboard.ts';
import { professional } from './professional.ts';
import { STAGES } from './stage.ts';
import { standard } from './standard.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const SCALES = {
  'upscaler.free': 2,
  'upscaler.standard': 4,
  'upscaler.professional': 8,
  'upscaler.billboard': 16,
} as const;

async function upscaled(node: (typeof entry.nodes)[number], image: FileRef) {
  const outcome = await testNode(node)
    .items([{ input: { image } }])
    .files(files)
    .run();
  const file = outcome.outputs.image?.[0]?.value as FileRef;
  return { file, path: await files.path(file), logs: outcome.logs, fields: outcome.outputs.image?.[0]?.fields };
}

describe.each(Object.entries(SCALES))('%s', (type, scale) => {
  const node = entry.nodes.find(({ description }) => description.type === type);
  if (!node) throw new Error(`There is no ${type}.`);

  it(`makes a picture exactly ${scale} times as wide and high, whatever its size`, async () => {
    for (const [width, height] of [
      [1, 1],
      [600, 7],
      [31, 20],
    ] as const) {
      const { file } = await upscaled(node, await files.write(samplePng(width, height), { name: 'photo.png' }));
      expect([file.width, file.height]).toEqual([width * scale, height * scale]);
      expect(file.name).toMatch(new RegExp(`^photo-${scale}x\\.(png|jpg)$`));
    }
  });

  it.skipIf(!realImages)(`draws what it was given: made small again, it is the photo${whySkipped}`, async () => {
    const sharp = await loadSharp();
    const photo = await sharp(await readFile(join(realImages ?? '', 'photo/chelsea.png')))
      .extract({ left: 120, top: 60, width: 96, height: 80 })
      .png()
      .toBuffer();
    const { path } = await upscaled(node, await files.write(photo, { name: 'cat.png' }));
    const small = await sharp(path).resize(96, 80, { kernel: 'cubic' }).removeAlpha().raw().toBuffer();
    const wanted = await sharp(photo).removeAlpha().raw().toBuffer();
    const error = small.reduce((sum, value, at) => sum + (value - (wanted[at] ?? 0)) ** 2, 0) / small.length;
    expect(10 * Math.log10(255 ** 2 / error)).toBeGreaterThan(34);
  });
});

describe('upscaler.billboard', () => {
  it('says how long each pass took, and writes JPEG unless another format is chosen', async () => {
    const { file, logs, fields } = await upscaled(
      billboard,
      await files.write(samplePng(20, 10), { name: 'photo.png' }),
    );
    expect(file.mime).toBe('image/jpeg');
    expect(logs.map(({ message }) => message.replace(/[\d.]+ (?=s\b|of 255)/g, 'N '))).toEqual([
      'Upscaled by the network Imaginarium 4x.',
      'Faces are not looked for: YuNet is not installed. Install it with: imaginarium models pull yunet-n.',
      'Faces are not restored: GFPGAN 1.4 is not installed. Install it with: imaginarium models pull gfpgan-1.4.',
      'Pass 1 of 2 took N s, N s of it in the network.',
      'Pass 2 of 2 took N s, N s of it in the network.',
      'Quality pass: all 1 areas show what the source shows. The least alike differs by N of 255 levels.',
      'Quality pass took N s.',
      'Background enhancement took N s.',
      'Layer merge took N s.',
      'The file was read back to its end; it differs from what was drawn by N of 255 levels.',
    ]);
    expect(fields).toMatchObject({ upscale: { scale: 16, models: ['imaginarium-x4', 'imaginarium-x4'] } });
  });
});

describe('a network that was named and is not here', () => {
  it.each(Object.keys(SCALES))('is told before a run of %s, with how to have it', async (type) => {
    const node = entry.nodes.find(({ description }) => description.type === type);
    const remarks = await node?.remarks?.({
      ...{ params: { model: 'realesrgan-x4plus', faces: false }, modelsFolder: '/nonexistent' },
    });
    expect(remarks).toEqual([
      expect.stringMatching(
        /^model: realesrgan-x4plus is not installed\. How to have it: imaginarium models show realesrgan-x4plus\. /,
      ),
    ]);
  });
});

describe('a picture of which pixels are as different as they can be', () => {
  it('passes the quality pass: a raster, in the colours or in the transparency, written as well or as badly as asked', async () => {
    const [width, height] = [24, 16];
    const raster = Buffer.from(
      Array.from({ length: width * height }, (_, at) => ((at + Math.floor(at / width)) % 2) * 255),
    );
    const sharp = await loadSharp();
    const raw = { width, height, channels: 1 } as const;
    const [seen, clear] = [
      sharp(raster, { raw }),
      sharp(Buffer.alloc(raster.length * 3), { raw: { width, height, channels: 3 } }).joinChannel(raster, { raw }),
    ];
    for (const [drawing, quality] of [[seen, 95] as const, [clear, 95] as const, [seen, 1] as const]) {
      const image = await files.write(await drawing.clone().png().toBuffer(), { name: 'raster.png' });
      const { outputs } = await testNode(billboard)
        .params({ quality })
        .items([{ input: { image } }])
        .files(files)
        .run();
      expect(outputs.image?.[0]?.value).toMatchObject({ width: 384, height: 256 });
    }
  });
});

describe('upscaler.standard', () => {
  it('keeps the brightness of a raster where a person asks for it; without that, the network draws it darker', async () => {
    const [width, height] = [64, 48];
    const raster = Buffer.from(
      Array.from({ length: width * height }, (_, at) => ((at + Math.floor(at / width)) % 2) * 255),
    );
    const sharp = await loadSharp();
    const bytes = await sharp(raster, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    const image = await files.write(bytes, { name: 'raster.png' });
    const meanOf = async (matchColours: boolean) => {
      const work = testNode(standard).params({ matchColours });
      const { outputs } = await work
        .items([{ input: { image } }])
        .files(files)
        .run();
      const { channels } = await sharp(await files.path(outputs.image?.[0]?.value as FileRef)).stats();
      return channels[0]?.mean ?? 0;
    };
    expect(Math.abs((await meanOf(true)) - 127.5)).toBeLessThan(8);
    expect(127.5 - (await meanOf(false))).toBeGreaterThan(16);
  });
});

describe('the stages of the tiers', () => {
  it('are those that were promised', () => {
    const kinds = Object.values(STAGES).map((stages) => stages.map(({ kind }) => kind));
    expect(kinds).toEqual([
      ['enlarge'],
      ['detect-faces', 'restore-faces', 'enlarge'],
      ['detect-faces', 'restore-faces', 'enlarge', 'enlarge', 'background', 'merge'],
      ['detect-faces', 'restore-faces', 'enlarge', 'enlarge', 'background', 'quality', 'merge'],
    ]);
  });

  it('can be left out where a person does not want them', async () => {
    const node = entry.nodes.find(({ description }) => description.type === 'upscaler.professional');
    if (!node) throw new Error('There is no upscaler.professional.');
    const image = await files.write(samplePng(20, 10), { name: 'photo.png' });
    const { logs } = await testNode(node)
      .params({ background: false, matchColours: false })
      .items([{ input: { image } }])
      .files(files)
      .run();
    expect(logs.map(({ message }) => message).join()).not.toContain('Background');
  });
});

describe('upscaler.professional', () => {
  it('takes the quick order of passes with our own networks, and the one that was asked for with a named one', async () => {
    const { fields } = await upscaled(professional, await files.write(samplePng(20, 10), { name: 'photo.png' }));
    expect(fields).toMatchObject({ upscale: { scale: 8, models: ['imaginarium-x2', 'imaginarium-x4'] } });
    const named = await testNode(professional)
      .params({ model: 'imaginarium-x4' })
      .items([{ input: { image: await files.write(samplePng(20, 10), { name: 'photo.png' }) } }])
      .files(files)
      .run();
    const models = ['imaginarium-x4', 'imaginarium-x2'];
    expect(named.outputs.image?.[0]?.fields).toMatchObject({ upscale: { models } });
  });
});
