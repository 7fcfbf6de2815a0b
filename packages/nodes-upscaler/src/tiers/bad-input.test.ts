import { deflateSync } from 'node:zlib';
import type { FileRef, JsonObject } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp, type Sharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { billboard } from './billboard.ts';
import { free } from './free.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

async function doubled(bytes: Uint8Array, params: JsonObject = {}, name = 'photo.png') {
  const image = { ...(await files.write(bytes, { name })), kind: 'image' as const };
  const outcome = await testNode(free)
    .params(params)
    .items([{ input: { image } }])
    .files(files)
    .run();
  const file = outcome.outputs.image?.[0]?.value as FileRef;
  return { file, logs: outcome.logs.map(({ message }) => message) };
}

/** A PNG that says what it likes about its size, with the given data. */
function png(width: number, height: number, data: Uint8Array, extra: Uint8Array = new Uint8Array()): Buffer {
  const plain = Buffer.from(samplePng(1, 1));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width >>> 0, 0);
  header.writeUInt32BE(height >>> 0, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const tail = [chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([plain.subarray(0, 8), chunk('IHDR', header), extra, ...tail]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  sum.writeUInt32BE(~crc >>> 0);
  return Buffer.concat([length, body, sum]);
}

const text = (value: string) => new TextEncoder().encode(value);
const sample = Buffer.from(samplePng(20, 10));
/** A TIFF whose directory says that the next one is itself. */
const loop = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0, 1, 3, 0, 1, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0]);
const changed = (bytes: Buffer, at: number, value: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
};

describe('what is no picture, or a trap', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a single byte', new Uint8Array([0x89])],
    ['a signature alone', sample.subarray(0, 8)],
    ['a PNG without pixels', png(0, 0, deflateSync(Buffer.alloc(1)))],
    ['a PNG of 2 billion pixels a side', png(2 ** 31 - 1, 2 ** 31 - 1, deflateSync(Buffer.alloc(100)))],
    ['a PNG of 30,000 a side that is all black', png(30_000, 30_000, deflateSync(Buffer.alloc(1_000_000)))],
    ['a PNG with a wrong checksum', changed(sample, 30, 0xff)],
    ['a text', text('hello')],
    ['a page', text('<!doctype html><img src=x onerror=alert(1)>')],
    ['a PDF', text('%PDF-1.7\n1 0 obj<<>>endobj')],
    ['a ZIP', Buffer.concat([text('PK\u0003\u0004'), Buffer.alloc(100)])],
    [
      'a drawing that reads a file',
      text('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ],
    ['a TIFF that runs in a circle', loop],
    ['a GIF without a frame', text('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;')],
  ])('%s is refused in a sentence', async (_what, bytes) => {
    const error = await doubled(bytes).catch((one: Error) => one);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).name).toBe('NonRetryableError');
    expect((error as Error).message).toMatch(/^photo\.png (cannot be read as a picture: |has ).+\.$/);
  });

  it('a PNG with a text of 200 MB in it does not take that much memory', async () => {
    const bomb = chunk('zTXt', Buffer.concat([text('Comment\0\0'), deflateSync(Buffer.alloc(200_000_000))]));
    const before = process.memoryUsage().rss;
    const row = Buffer.alloc(10 * 11);
    await doubled(png(10, 10, deflateSync(row), bomb)).catch((error: Error) =>
      expect(error.name).toBe('NonRetryableError'),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });

  it('a picture with another name than it is, or with something behind it, is the picture', async () => {
    const jpeg = await (await loadSharp())(sample).jpeg().toBuffer();
    expect((await doubled(jpeg, {}, 'photo.gif')).file).toMatchObject({ width: 40, height: 20, mime: 'image/jpeg' });
    const two = Buffer.concat([sample, text('PK\u0003\u0004 and the rest of a ZIP')]);
    expect((await doubled(two)).file).toMatchObject({ width: 40, height: 20 });
  });
});

describe('sizes at the limit', () => {
  const strip = async (width: number, height: number, draw: (sharp: Sharp, bytes: Uint8Array) => Promise<Buffer>) =>
    draw(await loadSharp(), samplePng(width, height));
  const asPng = async (_sharp: Sharp, bytes: Uint8Array) => Buffer.from(bytes);

  it('takes a side of 65,535 where the format of the result does', async () => {
    for (const [width, height] of [
      [65_535, 1],
      [1, 16_383],
    ] as const)
      expect((await doubled(await strip(width, height, asPng))).file).toMatchObject({
        width: width * 2,
        height: height * 2,
      });
    const jpeg = await strip(40_000, 2, (sharp, bytes) => sharp(bytes).jpeg().toBuffer());
    await expect(doubled(jpeg, {}, 'wide.jpg')).rejects.toThrow(
      'format: JPEG holds at most 65535 pixels a side, and the result has 80000 x 4. Choose PNG or TIFF.',
    );
  }, 180_000);

  it('writes a WebP of 16,382 pixels and refuses one of 16,384', async () => {
    expect((await doubled(await strip(8191, 1, asPng), { format: 'webp' })).file.width).toBe(16_382);
    await expect(doubled(await strip(8192, 1, asPng), { format: 'webp' })).rejects.toThrow(
      'WebP holds at most 16383 pixels',
    );
  }, 60_000);

  it('refuses a picture of which too much would become, with numbers and a way out', async () => {
    const image = await files.write(await strip(1_200_000, 1, asPng), { name: 'long.png' });
    const work = testNode(billboard)
      .params({ format: 'png' })
      .items([{ input: { image } }]);
    await expect(work.files(files).run()).rejects.toThrow(
      'long.png has 1200000 x 1 pixels; 16 times that is 307 million, and at most 268 million are made. Make the picture smaller first, or choose that under Advanced.',
    );
  });
});
