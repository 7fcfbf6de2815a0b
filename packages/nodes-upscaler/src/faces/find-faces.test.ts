import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { installFile } from '../testing/face-files.ts';
import { faceRestorer, MARK_BOX, MARK_SQUARE, markDetector } from '../testing/face-models.ts';
import { anEntry } from '../testing/installed-model.ts';
import { type Mark, markedPicture } from '../testing/marked-picture.ts';
import { realImages, realModels, whySkipped } from '../testing/test-data.ts';
import { alignmentOf, FACE_PX } from './align-face.ts';
import { loadDetector } from './detector.ts';
import type { Face } from './face.ts';
import { findFaces, looksAt } from './find-faces.ts';
import { growthOf, inverse, moved, type Similarity } from './similarity.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const still = { signal: new AbortController().signal, progress: () => {} };

async function open(png: Uint8Array, name = 'photo.png') {
  return openPicture(files, await files.write(png, { name }));
}

describe('the detector', () => {
  it('is a network with the outputs of YuNet, or refused', async () => {
    await expect(loadDetector(await installFile('same', faceRestorer('same')))).rejects.toThrow(
      'same.onnx: expected a face detector with the outputs of YuNet, found none called cls_8, obj_8,',
    );
  });

  it('takes any size, and says where faces are in pixels of what it was shown', async () => {
    const detector = await loadDetector(await installFile('marks', markDetector()));
    const sharp = await loadSharp();
    const mark = { x: 32, y: 48, side: 16 } as const;
    const data = await sharp(await markedPicture(75, 91, [mark]))
      .raw()
      .toBuffer();
    const [face, ...others] = await detector.detect({ data, width: 75, height: 91 }, 0.7);
    expect(others).toEqual([]);
    expect(face?.box).toEqual(boxOf(mark));
    expect(face?.score).toBeCloseTo(1, 5);
  });
});

function boxOf({ x, y, side }: Mark): unknown {
  const near = (value: number) => expect.closeTo(value, 3);
  const size = MARK_BOX * side;
  return { left: near(x - size / 2), top: near(y - size / 2), width: near(size), height: near(size) };
}

describe('findFaces', () => {
  it('finds every face once, the largest first, with its square', async () => {
    const detector = await loadDetector(await installFile('marks', markDetector()));
    const marks: Mark[] = [
      { x: 320, y: 96, side: 32 },
      { x: 64, y: 80, side: 16 },
      { x: 160, y: 200, side: 8 },
    ];
    const picture = await open(await markedPicture(450, 300, marks));
    const faces = await findFaces(picture, detector, { minScore: 0.8, minSizePx: 16 }, still);
    expect(faces.map(({ box }) => box)).toEqual(marks.map(boxOf));
    for (const [index, face] of faces.entries()) {
      const toFace = alignmentOf(face) as Similarity;
      const { x, y, side } = marks[index] as Mark;
      expect(growthOf(toFace)).toBeCloseTo(FACE_PX / (MARK_SQUARE * side), 2);
      const middle = moved(inverse(toFace), { x: FACE_PX / 2, y: FACE_PX / 2 });
      expect([middle.x, middle.y]).toEqual([expect.closeTo(x, 0), expect.closeTo(y, 0)]);
    }
  });

  it('leaves out faces that are smaller than asked for', async () => {
    const detector = await loadDetector(await installFile('marks', markDetector()));
    const picture = await open(
      await markedPicture(400, 300, [
        { x: 320, y: 96, side: 32 },
        { x: 64, y: 80, side: 16 },
      ]),
    );
    const large = await findFaces(picture, detector, { minScore: 0.8, minSizePx: 16 * MARK_BOX * 2.5 }, still);
    expect(large).toEqual([]);
    const all = await findFaces(picture, detector, { minScore: 0.8, minSizePx: 16 }, still);
    expect(all).toHaveLength(2);
  });

  it('finds faces in large pictures piece by piece, wherever pieces meet', async () => {
    const detector = await loadDetector(await installFile('marks', markDetector()));
    const marks: Mark[] = [
      { x: 640, y: 640, side: 8 },
      { x: 648, y: 104, side: 8 },
      { x: 1296, y: 1200, side: 16 },
    ];
    const picture = await open(await markedPicture(1400, 1300, marks));
    const faces = await findFaces(picture, detector, { minScore: 0.8, minSizePx: 16 }, still);
    const byLeft = faces.toSorted((one, other) => one.box.left - other.box.left);
    expect(byLeft.map(({ box }) => box)).toEqual(marks.map(boxOf));
  });

  it('stops when it is aborted', async () => {
    const detector = await loadDetector(await installFile('marks', markDetector()));
    const picture = await open(await markedPicture(100, 100, []));
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(findFaces(picture, detector, { minScore: 0.8, minSizePx: 16 }, { ...still, signal })).rejects.toThrow(
      'cancelled',
    );
  });

  describe.skipIf(!realModels)(`with YuNet on real photos${whySkipped}`, () => {
    const wish = { minScore: 0.7, minSizePx: 24 };
    const yunet = () =>
      loadDetector({
        path: join(realModels ?? '', 'yunet_n_dynamic.onnx'),
        speed: null,
        entry: anEntry({ name: 'yunet', file: 'yunet_n_dynamic.onnx' }),
      });
    const photo = (name: string) => readFile(join(realImages ?? '', name));

    it.each([
      ['photo/astronaut.png', 1],
      ['photo/camera-gray.png', 1],
      ['train/train-067.jpg', 2],
      ['train/train-071.jpg', 1],
      ['validation/validation-01.webp', 1],
      ['validation/validation-10.webp', 6],
      ['photo/chelsea.png', 0],
      ['photo/cat-224.png', 0],
      ['photo/coffee.png', 0],
      ['photo/brick-texture.png', 0],
    ] as const)(
      'finds in %s as many faces as people do: %i',
      async (name, count) => {
        const faces = await findFaces(await open(await photo(name), name), await yunet(), wish, still);
        expect(faces).toHaveLength(count);
      },
      60_000,
    );

    it.each([90, 180, 270])(
      'finds small faces in a photo that is turned by %i degrees',
      async (angle) => {
        const sharp = await loadSharp();
        const small = await sharp(await photo('validation/validation-01.webp'))
          .resize(360)
          .png()
          .toBuffer();
        const [face, ...others] = await findFaces(
          await open(await sharp(small).rotate(angle).png().toBuffer()),
          await yunet(),
          wish,
          still,
        );
        expect(others).toEqual([]);
        const { a, b } = alignmentOf(face as Face) as Similarity;
        expect(Math.abs((((((Math.atan2(b, a) * 180) / Math.PI + angle + 180) % 360) + 360) % 360) - 180)).toBeLessThan(
          10,
        );
      },
      60_000,
    );

    it('brings the same face upright from any angle and size', async () => {
      const sharp = await loadSharp();
      const face = await photo('photo/astronaut.png');
      let leant: number | undefined;
      for (const [angle, side] of [
        [0, 512],
        [37, 512],
        [90, 1500],
        [180, 512],
        [251, 300],
      ] as const) {
        const turned = await sharp(await sharp(face).resize(side).png().toBuffer())
          .rotate(angle)
          .png()
          .toBuffer();
        const picture = await open(turned);
        const [found, ...others] = await findFaces(picture, await yunet(), wish, still);
        expect(others).toEqual([]);
        const { a, b } = alignmentOf(found as Face) as Similarity;
        // How the face leans in the photo as it was taken.
        const lean = ((((Math.atan2(b, a) * 180) / Math.PI + angle + 180) % 360) + 360) % 360;
        leant ??= lean;
        expect(Math.abs(lean - leant)).toBeLessThan(6);
        expect(growthOf({ a, b, dx: 0, dy: 0 }) * (side / 512)).toBeCloseTo(2.9, 0);
      }
    }, 60_000);
  });
});

describe('looksAt', () => {
  it('shows the smallest face large enough and the largest whole, and never decodes more than it may', () => {
    const sides = fc.integer({ min: 1, max: 16_384 });
    fc.assert(
      fc.property(sides, sides, fc.integer({ min: 10, max: 400 }), (width, height, minSizePx) => {
        const looks = looksAt({ width, height }, minSizePx);
        const [first, last] = [looks[0], looks.at(-1)];
        if (!first || !last) throw new Error('There is none.');
        expect(first.width * first.height).toBeLessThan(8.1e6);
        expect(Math.max(last.width, last.height)).toBeLessThanOrEqual(480);
        if (first.width * first.height < 7.5e6)
          expect(first.width / width).toBeGreaterThan(Math.min(1, 16 / minSizePx) - 1 / width);
      }),
    );
  });
});
