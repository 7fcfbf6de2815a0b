import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { iptcSegment } from './iptc.ts';
import { loadSharp } from './load-sharp.ts';
import { PNG_IPTC, readPngIptc } from './png-iptc.ts';
import { putJpegIptc, putPngIptc } from './put-iptc.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const RECORDS = Buffer.from(`\x1c\x02\x78\x00\x64${'long words '.repeat(10)}`.slice(0, 105), 'latin1');

async function putInto(format: 'jpeg' | 'png', put: typeof putJpegIptc) {
  const sharp = await loadSharp();
  const path = join(await files.folder(), `photo.${format}`);
  const before = await sharp(samplePng(40, 30))[format]().toBuffer();
  await writeFile(path, before);
  await put(path, RECORDS);
  const after = sharp(await readFile(path), { failOn: 'warning' });
  expect((await after.clone().raw().toBuffer()).equals(await sharp(before).raw().toBuffer())).toBe(true);
  return after.metadata();
}

describe('IPTC records', () => {
  it('are put into a JPEG and leave the picture as it was', async () => {
    expect((await putInto('jpeg', putJpegIptc)).iptc).toEqual(iptcSegment(RECORDS));
  });

  it('are put into a PNG as the text that programs agreed upon', async () => {
    const { comments } = await putInto('png', putPngIptc);
    expect(comments?.map(({ keyword }) => keyword)).toEqual([PNG_IPTC]);
    const resource = readPngIptc(comments?.[0]?.text ?? '');
    expect(resource && Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), resource])).toEqual(
      iptcSegment(RECORDS),
    );
  });

  it('are not read from a text in a PNG that is broken', () => {
    for (const text of ['', 'iptc', '\niptc\n 3\n0102', '\niptc\n 2\nwords', '\niptc\n 99999999999\n01'])
      expect(readPngIptc(text)).toBeUndefined();
    const began = performance.now();
    for (const text of [' '.repeat(1e6), `\nx\n5${' '.repeat(1e6)}z`, '1\n'.repeat(1e6)])
      expect(readPngIptc(text)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(2000);
    expect(readPngIptc('\nIPTC profile\n      2\n01\n02\n')).toEqual(Buffer.from([1, 2]));
  });
});
