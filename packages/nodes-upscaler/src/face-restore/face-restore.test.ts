import type { FileRef, MeasuredModel } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { describe, expect, it } from 'vitest';
import { keepOwn } from '../catalogue/own-models.ts';
import { keepSpeed } from '../catalogue/speeds.ts';
import { faceMask } from '../faces/face-mask.ts';
import { installFaces } from '../testing/face-files.ts';
import { MARK_SQUARE } from '../testing/face-models.ts';
import { aSpeed, installTiny } from '../testing/installed-model.ts';
import { type Mark, markedPicture } from '../testing/marked-picture.ts';
import { faceRestore } from './face-restore.ts';

const MARKS: [Mark, Mark] = [
  { x: 128, y: 128, side: 32 },
  { x: 320, y: 96, side: 16 },
];
const SIZE = [400, 288] as const;

async function restored(
  modelsFolder: string,
  params: { which?: 'all' | 'largest'; strength?: number; fidelity?: number; minSize?: number; maxSize?: number },
  change: (png: Buffer) => Promise<Buffer> = async (png) => png,
) {
  await using files = new TestFiles();
  const png = await change(Buffer.from(await markedPicture(...SIZE, MARKS)));
  const image = await files.write(png, { name: 'photo.png' });
  const outcome = await testNode(faceRestore)
    .params({ strength: 1, ...params })
    .items([{ input: { image }, fields: { row: 7 } }])
    .files(files)
    .modelsFolder(modelsFolder)
    .run();
  const [item] = outcome.outputs.image ?? [];
  const file = item?.value as FileRef;
  const sharp = await loadSharp();
  const deep = (await sharp(png).metadata()).depth === 'ushort';
  const raw = async (bytes: Uint8Array) => {
    const pipeline = sharp(bytes)
      .toColourspace(deep ? 'rgb16' : 'srgb')
      .raw({ depth: deep ? 'ushort' : 'uchar' });
    const { data } = await pipeline.toBuffer({ resolveWithObject: true });
    return deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data);
  };
  const [before, after] = [await raw(png), await raw(await files.read(file))];
  const channels = before.length / (SIZE[0] * SIZE[1]);
  /** The largest change where a face is all there, for each mark, and where none is. */
  const changes = { faces: [0, 0] as [number, number], outside: 0 };
  for (let at = 0; at < before.length; at++) {
    const pixel = Math.floor(at / channels);
    const [x, y] = [(pixel % SIZE[0]) + 0.5, Math.floor(pixel / SIZE[0]) + 0.5];
    const masks = MARKS.map((mark) => {
      const side = MARK_SQUARE * mark.side;
      return faceMask((x - mark.x) / side + 0.5, (y - mark.y) / side + 0.5);
    });
    const change = Math.abs((after[at] ?? 0) - (before[at] ?? 0));
    if (masks[0] === 1) changes.faces[0] = Math.max(changes.faces[0], change);
    if (masks[1] === 1) changes.faces[1] = Math.max(changes.faces[1], change);
    if (masks.every((mask) => mask === 0)) changes.outside = Math.max(changes.outside, change);
  }
  return { ...changes, name: file.name, fields: item?.fields, logs: outcome.logs.map(({ message }) => message) };
}

describe('upscaler.face-restore', () => {
  it('draws all faces anew and changes nothing else', async () => {
    const { faces, outside, name, fields } = await restored(await installFaces({ restorer: 'negative' }), {});
    expect(Math.min(...faces)).toBeGreaterThan(50);
    expect(outside).toBe(0);
    expect(name).toBe('photo-faces.png');
    expect(fields).toEqual({ row: 7, faces: { found: 2, restored: 2 } });
  });

  it('draws only those it is asked for', async () => {
    const models = await installFaces({ restorer: 'negative' });
    const largest = await restored(models, { which: 'largest' });
    expect(largest.faces[0]).toBeGreaterThan(50);
    expect(largest.faces[1]).toBe(0);
    expect(largest.fields).toEqual({ row: 7, faces: { found: 2, restored: 1 } });
    const small = await restored(models, { maxSize: 100 });
    expect(small.faces[0]).toBe(0);
    expect(small.faces[1]).toBeGreaterThan(50);
    const none = await restored(models, { minSize: 400 });
    expect([...none.faces, none.outside]).toEqual([0, 0, 0]);
    expect(none.fields).toEqual({ row: 7, faces: { found: 0, restored: 0 } });
  }, 60_000);

  it('hands on how faithful it should be, and mixes by strength', async () => {
    const models = await installFaces({ restorer: 'faithful' });
    const [all, half] = [
      await restored(models, { fidelity: 0 }),
      await restored(models, { fidelity: 0, strength: 0.5 }),
    ];
    // At the edges of the mark, a face that is only turned twice changes too.
    expect((await restored(models, { fidelity: 1 })).faces[0]).toBeLessThan(all.faces[0] / 2);
    expect(Math.abs(half.faces[0] * 2 - all.faces[0])).toBeLessThan(4);
  }, 60_000);

  it('keeps 16 bits and transparency', async () => {
    const sharp = await loadSharp();
    const models = await installFaces({ restorer: 'negative' });
    const deep = await restored(models, {}, async (png) => sharp(png).toColourspace('rgb16').png().toBuffer());
    expect(deep.outside).toBe(0);
    expect(deep.faces[0]).toBeGreaterThan(50 * 257);
    const clear = await restored(models, {}, async (png) => sharp(png).ensureAlpha(0.9).png().toBuffer());
    expect(clear.outside).toBe(0);
    expect(clear.faces[0]).toBeGreaterThan(50);
  }, 60_000);

  it('says before a run what looking takes, apart what each face adds, and the memory of the network that was chosen', async () => {
    const { folder, entry } = await installTiny({ scale: 1 }, { task: 'face-restoration', origin: 'own' });
    await keepOwn(folder, entry.name, entry);
    await keepSpeed(folder, entry.name, aSpeed(entry, 8000));
    const params = { model: 'auto', format: 'same' };
    const picture = { width: 1000, height: 1000 };
    const restorer = { entry, speed: aSpeed(entry, 8000) };
    const detector = { entry: { ...entry, name: 'marks', task: 'face-detection' as const }, speed: null };
    const foresee = (models: MeasuredModel[], model = 'auto') =>
      faceRestore.foresee?.({ params: { ...params, model }, picture, models });
    const ms = (8000 * 512 * 512) / 1e6;
    expect(foresee([restorer, detector])).toMatchObject({
      ...{ measured: true, picture },
      adds: { each: 'face', ms, onceMs: 0 },
    });
    expect(foresee([{ ...restorer, speed: null }, detector])).toMatchObject({ measured: false, adds: { ms: null } });
    expect([foresee([restorer]), foresee([restorer, detector], 'another')]).toEqual([{ picture }, { picture }]);
    expect(await faceRestore.peakMemoryMb?.({ params, modelsFolder: folder })).toBe(200 + 200);
    const remarks = (model: string) => faceRestore.remarks?.({ params: { ...params, model }, modelsFolder: folder });
    expect(await remarks('auto')).toEqual([expect.stringContaining('models pull yunet-n')]);
    expect(await remarks('gfpgan-1.4')).toEqual([
      expect.stringContaining('models pull yunet-n'),
      expect.stringContaining(
        'model: gfpgan-1.4 is not installed. Install it with: imaginarium models pull gfpgan-1.4',
      ),
    ]);
  });

  it('says what is missing, with the command that brings it', async () => {
    await expect(restored(await installFaces({ restorer: 'same', detector: false }), {})).rejects.toThrow(
      'Faces are not looked for: YuNet is not installed. Install it with: imaginarium models pull yunet-n.',
    );
    await expect(restored(await installFaces({}), {})).rejects.toThrow('imaginarium models pull gfpgan-1.4');
  });
});
