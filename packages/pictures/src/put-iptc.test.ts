import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSharp } from './load-sharp.ts';
import { putIptc } from './put-iptc.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

async function jpeg(): Promise<string> {
  const path = join(await files.folder(), 'photo.jpg');
  await writeFile(path, await (await loadSharp())(samplePng(40, 30)).jpeg().toBuffer());
  return path;
}

describe('putIptc', () => {
  it('puts the data into the file and leaves the picture as it was', async () => {
    const path = await jpeg();
    const sharp = await loadSharp();
    const before = await sharp(await readFile(path))
      .raw()
      .toBuffer();
    const iptc = Buffer.from('Photoshop 3.0\0and records', 'latin1');
    await putIptc(path, iptc);
    const after = await readFile(path);
    expect((await sharp(after).metadata()).iptc).toEqual(iptc);
    expect(Buffer.compare(await sharp(after).raw().toBuffer(), before)).toBe(0);
  });

  it('leaves a file alone when the data do not fit into a segment', async () => {
    const path = await jpeg();
    const before = await readFile(path);
    await putIptc(path, new Uint8Array(70_000));
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
  });
});
