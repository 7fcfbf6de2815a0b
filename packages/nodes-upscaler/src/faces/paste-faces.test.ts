import { join } from 'node:path';
import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Planes } from '../inference/network.ts';
import type { PixelRows } from '../inference/planes.ts';
import { PixelFile } from '../upscale/pixel-file.ts';
import { FACE_PX } from './align-face.ts';
import { cutFace } from './cut-face.ts';
import { faceMask } from './face-mask.ts';
import { type FacePixels, type PlacedFace, pasteFaces, placeFace } from './paste-faces.ts';
import { inverse, moved, type Similarity } from './similarity.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A picture as photos are where faces are seen: soft, with an edge here and there. */
function softPicture(width: number, height: number, channels: 3 | 4, full: 255 | 65535): PixelRows {
  const values = width * height * channels;
  const data = full === 255 ? new Uint8Array(values) : new Uint16Array(values);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += channels) {
      data[at] = full * (0.5 + 0.4 * Math.sin(x / 19 + y / 31));
      data[at + 1] = full * (0.5 + 0.4 * Math.cos(x / 27 - y / 15));
      data[at + 2] = full * (0.5 + 0.3 * Math.sin((x * y) / 4000));
      if (channels === 4) data[at + 3] = full;
    }
  return { data, width, channels, top: 0, full };
}

async function fileOf(rows: PixelRows): Promise<PixelFile> {
  const sharp = await loadSharp();
  const { data, width, channels, full } = rows;
  const image = sharp(data, { raw: { width, height: data.length / channels / width, channels } });
  const path = join(await files.folder(), 'picture.v');
  return PixelFile.decode(full === 255 ? image.toColourspace('srgb') : image.toColourspace('rgb16'), path, 'picture');
}

const pixelsOf = ({ data }: Planes): FacePixels =>
  Uint16Array.from(
    { length: data.length },
    (_, at) => (data[(at % 3) * FACE_PX ** 2 + Math.floor(at / 3)] ?? 0) * 65535,
  );

const plain = (red: number, green: number, blue: number): FacePixels =>
  Uint16Array.from({ length: 3 * FACE_PX ** 2 }, (_, at) => [red, green, blue][at % 3] ?? 0);

/** A face of so many pixels a side, turned, with its middle at a place. */
function squareAt(x: number, y: number, side: number, angle: number): Similarity {
  const growth = FACE_PX / side;
  const [a, b] = [growth * Math.cos(angle), growth * Math.sin(angle)];
  return { a, b, dx: FACE_PX / 2 - (a * x - b * y), dy: FACE_PX / 2 - (b * x + a * y) };
}

/** How much of a face is at a pixel. */
function maskAt(toFace: Similarity, x: number, y: number): number {
  const place = moved(toFace, { x: x + 0.5, y: y + 0.5 });
  return faceMask(place.x / FACE_PX, place.y / FACE_PX);
}

const copyOf = (rows: PixelRows): PixelRows => ({ ...rows, data: rows.data.slice() });
const angles = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });

describe('a face that is cut out and pasted back as it was', () => {
  it('changes nothing that can be seen, and nothing at all outside of its mask, wherever it is', async () => {
    const [width, height] = [260, 200];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: width }),
        fc.integer({ min: 0, max: height }),
        fc.integer({ min: 24, max: 700 }),
        angles,
        fc.constantFrom([3, 255] as const, [4, 255] as const, [3, 65535] as const),
        async (x, y, side, angle, [channels, full]) => {
          const before = softPicture(width, height, channels, full);
          await using source = await fileOf(before);
          const toFace = squareAt(x, y, side, angle);
          const after = copyOf(before);
          pasteFaces(after, [placeFace(toFace, pixelsOf(await cutFace(source, toFace)))], 1);
          let [error, inside, outside] = [0, 0, 0];
          for (let at = 0; at < before.data.length; at++) {
            const pixel = Math.floor(at / channels);
            const change = Math.abs((after.data[at] as number) - (before.data[at] as number));
            const mask = maskAt(toFace, pixel % width, Math.floor(pixel / width));
            if (mask === 0 || at % channels === 3) outside += change;
            else {
              error += change;
              inside++;
            }
          }
          expect(outside).toBe(0);
          // A few pixels at the edge of the picture are mixed with what is beyond it.
          if (inside > 1000) expect(error / inside / (full / 255)).toBeLessThan(1);
        },
      ),
      { numRuns: 20 },
    );
  }, 120_000);
});

describe('pasteFaces', () => {
  const grey = (width: number, height: number): PixelRows => ({
    ...{ data: new Uint8Array(width * height * 3).fill(128), width, channels: 3, top: 0, full: 255 },
  });
  const white = plain(65535, 65535, 65535);

  it('gives the same picture whole and in bands of any height', () => {
    const squares = fc.array(
      fc.record({
        x: fc.integer({ min: -20, max: 140 }),
        y: fc.integer({ min: -20, max: 120 }),
        side: fc.integer({ min: 10, max: 300 }),
        angle: angles,
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(squares, fc.integer({ min: 1, max: 40 }), (places, band) => {
        const faces = places.map(({ x, y, side, angle }, at) =>
          placeFace(squareAt(x, y, side, angle), plain(20_000 * at, 60_000 - 9000 * at, 30_000)),
        );
        const whole = softPicture(120, 100, 3, 255);
        const source = copyOf(whole);
        pasteFaces(whole, faces, 0.8);
        for (let top = 0; top < 100; top += band) {
          const rows = { ...source, top, data: source.data.subarray(top * 360, Math.min(100, top + band) * 360) };
          pasteFaces(rows, faces, 0.8);
        }
        expect(Buffer.compare(Buffer.from(source.data), Buffer.from(whole.data))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('mixes faces where they meet, whatever their order', () => {
    const place = (x: number, colours: FacePixels): PlacedFace => placeFace(squareAt(x, 50, 90, 0.3), colours);
    const faces = [place(40, white), place(70, plain(0, 0, 0)), place(100, plain(65535, 0, 0))];
    const [one, other] = [grey(140, 100), grey(140, 100)];
    pasteFaces(one, faces, 1);
    pasteFaces(other, faces.toReversed(), 1);
    expect(Math.max(...one.data.map((value, at) => Math.abs(value - (other.data[at] ?? 0))))).toBeLessThanOrEqual(1);
    // Between the first two, where both are whole.
    const shade = one.data[(52 * 140 + 55) * 3] ?? 0;
    expect(shade).toBeGreaterThan(60);
    expect(shade).toBeLessThan(200);
  });

  it('blends by its strength', () => {
    const middle = (strength: number) => {
      const rows = grey(60, 60);
      pasteFaces(rows, [placeFace(squareAt(30, 30, 50, 0), white)], strength);
      return rows.data[(30 * 60 + 30) * 3];
    };
    expect([0, 0.5, 1].map(middle)).toEqual([128, 192, 255]);
  });

  it('fades out before the end of the square, without a step', () => {
    const rows = grey(400, 400);
    pasteFaces(rows, [placeFace(squareAt(200, 200, 400, 0), white)], 1);
    const line = Array.from({ length: 400 }, (_, x) => rows.data[(216 * 400 + x) * 3] ?? 0);
    expect([line[0], line[200], line[399]]).toEqual([128, 255, 128]);
    expect(Math.max(...line.map((value, x) => Math.abs(value - (line[x + 1] ?? value))))).toBeLessThan(8);
  });

  it('makes a face small without flicker', () => {
    const stripes = Uint16Array.from({ length: 3 * FACE_PX ** 2 }, (_, at) => (Math.floor(at / 3) % 2) * 65535);
    const rows = grey(60, 60);
    pasteFaces(rows, [placeFace(squareAt(30, 30, 40, 0.1), stripes)], 1);
    for (let x = 26; x < 34; x++) expect(Math.abs((rows.data[(32 * 60 + x) * 3] ?? 0) - 128)).toBeLessThan(3);
  });

  it('leaves a picture alone that the face is not in', () => {
    const rows = grey(50, 50);
    const toFace = squareAt(-400, 900, 100, 1);
    expect(moved(inverse(toFace), { x: 256, y: 256 }).x).toBeCloseTo(-400, 6);
    pasteFaces(rows, [placeFace(toFace, white)], 1);
    expect(rows.data.every((value) => value === 128)).toBe(true);
  });
});
