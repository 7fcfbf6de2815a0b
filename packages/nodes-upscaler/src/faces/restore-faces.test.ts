import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import type { Planes } from '../inference/network.ts';
import { installFile } from '../testing/face-files.ts';
import { faceRestorer, markDetector, type RestorerKind } from '../testing/face-models.ts';
import { PixelFile } from '../upscale/pixel-file.ts';
import { FACE_PX, TEMPLATE } from './align-face.ts';
import type { Face } from './face.ts';
import { countRestored, type FaceRestoring, readFace, restoreFaces } from './restore-faces.ts';
import { loadRestorer, type Restorer } from './restorer.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const restorerOf = async (kind: RestorerKind) => loadRestorer(await installFile(kind, faceRestorer(kind)));

/** Two faces of 100 pixels a square, side by side. */
const FACES: Face[] = [0, 100].map((left) => ({
  box: { left: left + 20, top: 20, width: 60, height: 60 },
  score: 0.9,
  points: TEMPLATE.map(({ x, y }) => ({ x: left + (x * 100) / FACE_PX, y: (y * 100) / FACE_PX })),
}));

async function pictureOf(colour: [number, number, number]): Promise<PixelFile> {
  const sharp = await loadSharp();
  const data = Uint8Array.from(
    { length: 200 * 100 * 3 },
    (_, at) => (colour[at % 3] ?? 0) + (Math.floor(at / 3) % 200) / 4,
  );
  const path = join(await files.folder(), 'picture.v');
  return PixelFile.decode(sharp(data, { raw: { width: 200, height: 100, channels: 3 } }), path, 'picture');
}

async function restored(
  restorer: Restorer,
  changes: Partial<FaceRestoring> & { colour?: [number, number, number] } = {},
) {
  await using picture = await pictureOf(changes.colour ?? [40, 90, 140]);
  const warnings: string[] = [];
  const done: number[] = [];
  const faces = await restoreFaces(picture, {
    ...{ faces: FACES, restorer, fidelity: 1, folder: await files.folder(), key: 'one' },
    signal: new AbortController().signal,
    progress: (count) => done.push(count),
    warn: (message) => warnings.push(message),
    ...changes,
  });
  const pixels = await Promise.all(faces.map(readFace));
  /** The colour in the middle of each face, 0 to 255. */
  const middles = pixels.map((face) =>
    [0, 1, 2].map((channel) => Math.round((face[(256 * 512 + 256) * 3 + channel] ?? 0) / 257)),
  );
  return { faces, middles, warnings, done };
}

/** A face that gets brighter from left to right. */
const SHADED: Planes = {
  data: Float32Array.from({ length: 3 * FACE_PX ** 2 }, (_, at) => 0.2 + (at % FACE_PX) / 1000),
  ...{ width: FACE_PX, height: FACE_PX },
};

describe('a network that restores faces', () => {
  it('is fed as GFPGAN is, and read as it gives', async () => {
    const same = await (await restorerOf('same')).restore(SHADED, 0.5);
    const negative = await (await restorerOf('negative')).restore(SHADED, 0.5);
    for (const at of [0, 300, FACE_PX ** 2 + 511]) {
      expect(same.data[at]).toBeCloseTo(SHADED.data[at] as number, 5);
      expect(negative.data[at]).toBeCloseTo(1 - (SHADED.data[at] as number), 5);
    }
  });

  it('is fed as CodeFormer is, with how faithful it should be', async () => {
    const codeformer = await restorerOf('faithful');
    expect((await codeformer.restore(SHADED, 1)).data[300]).toBeCloseTo(0.5, 5);
    expect((await codeformer.restore(SHADED, 0)).data[300]).toBeCloseTo(0.5, 5);
    expect((await codeformer.restore(SHADED, 1)).data[0]).toBeCloseTo(0.2, 5);
    expect((await codeformer.restore(SHADED, 0)).data[0]).toBeCloseTo(0.8, 5);
  });

  it('is refused when it takes anything else', async () => {
    await expect(loadRestorer(await installFile('marks', markDetector()))).rejects.toThrow(
      /^marks\.onnx: expected a network that takes a face of 1 x 3 x 512 x 512 as float32, and perhaps one number, and gives a face, received .+ Use another model\.$/,
    );
  });
});

describe('restoreFaces', () => {
  it('leaves a face as it is that the network fails on, and says so', async () => {
    const { faces, warnings, done } = await restored(await restorerOf('broken'));
    expect(faces).toEqual([]);
    expect(warnings).toEqual([
      'Face 1 of 2 stays as it is: the network gave values that are not numbers.',
      'Face 2 of 2 stays as it is: the network gave values that are not numbers.',
    ]);
    expect(done).toEqual([1, 2]);
  });

  it('leaves out a face whose eyes cannot be told apart', async () => {
    const tiny = { ...(FACES[0] as Face), points: TEMPLATE.map(({ x, y }) => ({ x: x / 40, y: y / 40 })) };
    expect((await restored(await restorerOf('same'), { faces: [tiny] })).faces).toEqual([]);
  });

  it('keeps a black and white face black and white, and the tone of every face', async () => {
    const tinting: Restorer = {
      name: 'tinting',
      restore: async (face) => ({
        ...face,
        data: face.data.map((value, at) => (at < FACE_PX ** 2 ? 1 - value / 2 : value * 0.9)),
      }),
    };
    const { middles } = await restored(tinting, { colour: [80, 80, 80] });
    expect(middles[0]?.[0]).toBe(middles[0]?.[2]);
    // As they were: in the middle of an even face is its mean colour.
    expect((await restored(tinting)).middles).toEqual([
      [52, 102, 152],
      [77, 127, 177],
    ]);
  });

  it('restores no face again that is done, and every face of other work', async () => {
    const same = await restorerOf('same');
    let calls = 0;
    const counting = (): Restorer => ({
      name: 'counting',
      restore: (face, fidelity) => {
        calls++;
        return same.restore(face, fidelity);
      },
    });
    const folder = await files.folder();
    const first = await restored(counting(), { folder });
    expect(calls).toBe(2);
    expect(await restored(counting(), { folder })).toEqual(first);
    expect(calls).toBe(2);
    await restored(counting(), { folder, key: 'another' });
    expect(calls).toBe(4);
    expect(await countRestored({ faces: FACES, folder, key: 'one' })).toBe(2);
    expect(await countRestored({ faces: FACES, folder, key: 'a third' })).toBe(0);
    expect((await readdir(folder)).every((name) => /^face-[0-9a-f]{32}\.rgb$/.test(name))).toBe(true);
  });

  it('stops before the next face when it is aborted', async () => {
    const controller = new AbortController();
    const job = restored(await restorerOf('same'), {
      signal: controller.signal,
      progress: () => controller.abort(new Error('cancelled')),
    });
    await expect(job).rejects.toThrow('cancelled');
  });
});
