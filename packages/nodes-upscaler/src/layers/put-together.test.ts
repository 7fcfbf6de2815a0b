import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { shippedPasses } from '../upscale/choose-passes.ts';
import { enlarge } from '../upscale/enlarge.ts';
import type { Pass } from '../upscale/enlarge-pass.ts';
import { loadPasses } from '../upscale/load-passes.ts';
import { patchTiff } from '../upscale/strip-tiff.ts';
import { type LayerJob, putTogether } from './put-together.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A sample picture, doubled by our network. */
async function doubled(alpha = false) {
  const sharp = await loadSharp();
  const sample = sharp(samplePng(90, 70)).blur(1.5);
  const image = await files.write(await (alpha ? sample.ensureAlpha(0.5) : sample).png().toBuffer(), {
    name: 'photo.png',
  });
  const picture = await openPicture(files, image);
  const passes = await loadPasses(await shippedPasses('/nonexistent', [2]));
  const quiet = { begin: () => {}, progress: () => {}, warn: () => {} };
  const common = { picture, colours: 'srgb', key: 'one', signal: new AbortController().signal } as const;
  const file = await enlarge({ ...common, ...quiet, passes, folder: await files.folder() });
  const logs: string[] = [];
  /** The work on a copy of the enlarged picture. */
  const job = async (changes: Partial<LayerJob> = {}): Promise<LayerJob> => {
    const path = join(await files.folder(), 'copy.tiff');
    await copyFile(file.path, path);
    return {
      ...{ ...common, ...file, path, scale: 2, matchColours: true, background: true, except: [] },
      ...{ quality: async () => passes, progress: () => {} },
      ...{ info: (message: string) => logs.push(message), warn: (message: string) => logs.push(message) },
      ...changes,
    };
  };
  return { job, logs, passes };
}

async function pixels(path: string): Promise<Buffer> {
  return (await loadSharp())(path).raw().toBuffer();
}

const AREA = { left: 64, top: 64, width: 64, height: 64 };

async function blacken({ path, shape }: LayerJob): Promise<void> {
  await patchTiff(path, shape, AREA, (row) => row.fill(0));
}

function meanDifference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe('putting layers together', () => {
  it('leaves a picture that is like its source, and a TIFF that others can read', async () => {
    for (const alpha of [false, true]) {
      const { job, logs } = await doubled(alpha);
      const one = await job();
      const meta = await (await loadSharp())(await putTogether(one)).metadata();
      expect([meta.width, meta.height, meta.channels]).toEqual([180, 140, alpha ? 4 : 3]);
      expect(logs[0]).toMatch(/^Quality pass: all 9 areas show what the source shows\./);
      expect(logs.map((line) => line.replace(/[\d.]+ s\./, 'N s.')).slice(1)).toEqual([
        'Quality pass took N s.',
        'Background enhancement took N s.',
        'Layer merge took N s.',
      ]);
    }
  });

  it('goes on after a kill at any moment, with the same bits in the end, also where areas were drawn again', async () => {
    const { job } = await doubled(true);
    const whole = await job();
    await blacken(whole);
    let steps = 0;
    const expected = await pixels(await putTogether({ ...whole, progress: () => void steps++ }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: steps }), { minLength: 1, maxLength: 4 }), async (stops) => {
        const one = await job();
        await blacken(one);
        for (const stop of stops) {
          let left = stop;
          const progress = () => {
            if (--left === 0) throw new Error('killed');
          };
          await putTogether({ ...one, progress }).catch((error: Error) => expect(error.message).toBe('killed'));
        }
        expect(Buffer.compare(await pixels(await putTogether(one)), expected)).toBe(0);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('draws an area again that does not show what the source shows', async () => {
    const { job, logs } = await doubled();
    const [good, bad] = [await job(), await job()];
    const expected = await pixels(await putTogether(good));
    await blacken(bad);
    const drawn = await pixels(await putTogether(bad));
    expect(logs.join('\n')).toMatch(
      /Quality pass: \d of 9 areas did not show what the source shows and were drawn again, 0 of them by resampling\./,
    );
    expect(meanDifference(drawn, expected)).toBeLessThan(0.5);
  });

  it('draws it by resampling where networks cannot', async () => {
    const { job, logs, passes } = await doubled();
    const blank: Pass[] = passes.map(({ network, scale }) => ({
      scale,
      network: {
        ...network,
        enlarge: async (tile) => {
          const output = await network.enlarge(tile);
          output.data.fill(0.5);
          return output;
        },
      },
    }));
    const [good, bad] = [await job(), await job({ quality: async () => blank })];
    const expected = await pixels(await putTogether(good));
    await blacken(bad);
    const drawn = await pixels(await putTogether(bad));
    expect(logs.join('\n')).toMatch(/drawn again, [1-9] of them by resampling\./);
    expect(meanDifference(drawn, expected)).toBeLessThan(4);
  });

  it('leaves areas alone that are meant to differ', async () => {
    const { job, logs } = await doubled();
    const one = await job({ matchColours: false, except: [{ left: 32, top: 32, width: 32, height: 32 }] });
    await blacken(one);
    const data = await pixels(await putTogether(one));
    expect(logs.join('\n')).toContain('Quality pass: all 8 areas show what the source shows.');
    expect(data[(90 * 180 + 90) * 3]).toBe(0);
  });

  it('keeps what it found out, and no file of a try before', async () => {
    const { job } = await doubled();
    const one = await job();
    await blacken(one);
    const first = await putTogether(one);
    const [before, patched] = [await pixels(first), await readFile(one.path)];
    const second = await putTogether({ ...one, quality: async () => expect.fail('was drawn again') });
    expect(Buffer.compare(await pixels(second), before)).toBe(0);
    expect(Buffer.compare(await readFile(one.path), patched)).toBe(0);
    expect((await readdir(dirname(one.path))).filter((name) => name.includes('merged'))).toEqual([basename(second)]);
  });
});
