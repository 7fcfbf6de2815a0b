import type { MeasuredModel, ModelEntry } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { anEntry, aSpeed } from '../testing/installed-model.ts';
import { foreseeUpscale, type UpscalePlan } from './foresee-upscale.ts';

const model = (
  name: string,
  scale: number,
  msPerMegapixel: number | null,
  more: Partial<ModelEntry> = {},
): MeasuredModel => {
  const entry = anEntry({ name, scale, corePx: 250, receptiveRadiusPx: 0, macPerPixel: null, ...more });
  return { entry, speed: msPerMegapixel === null ? null : aSpeed(entry, msPerMegapixel) };
};
const OURS = [model('x2', 2, 1000, { origin: 'shipped' }), model('x4', 4, 2000, { origin: 'shipped' })];
const plan: UpscalePlan = { passes: [4], model: 'auto', budgetMs: 26_000, format: 'jpeg', withLayers: false };
const MEGAPIXEL = { width: 1000, height: 1000 };

describe('foreseeUpscale', () => {
  it('adds up the passes, each with its own network and size, and what is done with the rows', () => {
    // 0.4 s to begin, 2 s for the network, 16 million pixels of rows and of JPEG.
    expect(foreseeUpscale(plan, MEGAPIXEL, OURS)).toEqual({
      ...{ ms: 400 + 2000 + 16 * 8 + 16 * 8, measured: true },
      picture: { width: 4000, height: 4000 },
    });
    // The second pass looks at 16 million pixels and gives 256.
    expect(foreseeUpscale({ ...plan, passes: [4, 4] }, MEGAPIXEL, OURS).ms).toBe(
      400 + 2000 + 16 * 8 + 16 * 2000 + 256 * 8 + 256 * 8,
    );
  });

  it('takes the passes in the order of the run: our own networks the smallest first, another one for what it draws', () => {
    const twice = { ...plan, passes: [4, 2] };
    // 2x gives 4 million pixels, and 4x of those 64.
    const ours = 400 + 1000 + 4 * 8 + 4 * 2000 + 64 * 8 + 64 * 8;
    expect(foreseeUpscale(twice, MEGAPIXEL, OURS).ms).toBe(ours);
    const drawn = 400 + 3000 + 16 * 8 + 16 * 1000 + 64 * 8 + 64 * 8;
    expect(foreseeUpscale(twice, MEGAPIXEL, [model('own', 4, 3000), ...OURS]).ms).toBe(drawn);
    // Whoever names one of ours gets it first.
    expect(foreseeUpscale({ ...twice, model: 'x4' }, MEGAPIXEL, OURS).ms).toBe(drawn - 1000);
  });

  it('counts what is written: the size that is asked for, in its format', () => {
    const [jpeg, avif] = (['jpeg', 'avif'] as const).map((format) => {
      const asked = { ...plan, format, size: { width: 2000, height: 2000 } };
      return foreseeUpscale(asked, MEGAPIXEL, OURS);
    });
    expect(jpeg).toMatchObject({ ms: 400 + 2000 + 16 * 8 + 4 * 8, picture: { width: 2000, height: 2000 } });
    expect((avif?.ms ?? 0) - (jpeg?.ms ?? 0)).toBe(4 * (700 - 8));
  });

  it('counts the overlap of tiles', () => {
    const far = [model('far', 4, 2000, { corePx: 250, receptiveRadiusPx: 25 })];
    const [near, more] = [foreseeUpscale(plan, MEGAPIXEL, OURS).ms ?? 0, foreseeUpscale(plan, MEGAPIXEL, far).ms ?? 0];
    expect(more - near).toBeCloseTo(2000 * (1.2 ** 2 - 1), 6);
  });

  it('chooses as the run will: the best that is quick enough, or the one that is named', () => {
    const all = [model('slow', 4, 100_000), model('good', 4, 10_000), ...OURS];
    const chosen = (name: string) =>
      Math.round(((foreseeUpscale({ ...plan, model: name }, MEGAPIXEL, all).ms ?? 0) - 656) / 1000);
    expect(['auto', 'slow', 'x4'].map(chosen)).toEqual([10, 100, 2]);
  });

  it('says apart what faces add: each of them, and once the order of passes that suits them', () => {
    const restorer = model('gfpgan', 1, 8000, { task: 'face-restoration' });
    const detector = model('yunet', 1, null, { task: 'face-detection' });
    const adds = (plan: UpscalePlan, more: MeasuredModel[]) => foreseeUpscale(plan, MEGAPIXEL, [...OURS, ...more]).adds;
    const asked = { ...plan, withFaces: true };
    const ms = (8000 * (512 * 512)) / 1e6;
    expect(adds(asked, [restorer, detector])).toEqual({ each: 'face', ms, onceMs: 0 });
    // 4x and then 2x, where 2x and then 4x would do: 16 million pixels to be made twice as large rather than 4 million four times.
    const onceMs = 2000 + 16 * 8 + 16 * 1000 - (1000 + 4 * 8 + 4 * 2000);
    expect(adds({ ...asked, passes: [4, 2] }, [restorer, detector])).toEqual({ each: 'face', ms, onceMs });
    expect(adds(asked, [{ ...restorer, speed: null }, detector])).toEqual({ each: 'face', ms: null, onceMs: 0 });
    expect([adds(asked, [restorer]), adds(asked, [detector]), adds(plan, [restorer, detector])]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });

  it('says that it rests on a guess where a network was not measured here, and nothing where nobody knows', () => {
    const unmeasured = [model('new', 4, null, { macPerPixel: 200_000 })];
    expect(foreseeUpscale(plan, MEGAPIXEL, unmeasured)).toMatchObject({ measured: false, ms: expect.any(Number) });
    expect(foreseeUpscale(plan, MEGAPIXEL, [model('new', 4, null)])).toEqual({
      picture: { width: 4000, height: 4000 },
    });
    expect(foreseeUpscale(plan, MEGAPIXEL, [])).toEqual({ picture: { width: 4000, height: 4000 } });
    expect(foreseeUpscale(plan, undefined, OURS)).toEqual({});
  });
});
