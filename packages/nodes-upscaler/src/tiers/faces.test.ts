import type { FileRef } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { describe, expect, it } from 'vitest';
import { faceMask } from '../faces/face-mask.ts';
import { installFaces } from '../testing/face-files.ts';
import { MARK_SQUARE } from '../testing/face-models.ts';
import { type Mark, markedPicture } from '../testing/marked-picture.ts';
import { billboard } from './billboard.ts';
import { free } from './free.ts';
import { professional } from './professional.ts';
import { standard } from './standard.ts';

const MARKS: Mark[] = [
  { x: 64, y: 64, side: 16 },
  { x: 144, y: 80, side: 16 },
];

type Tier = typeof standard | typeof professional | typeof billboard;

async function upscaled(
  node: Tier,
  modelsFolder: string,
  {
    marks = MARKS,
    faces = true,
    alpha = false,
    model = 'auto',
  }: { marks?: Mark[]; faces?: boolean; alpha?: boolean; model?: string } = {},
) {
  await using files = new TestFiles();
  const sharp = await loadSharp();
  const png = sharp(await markedPicture(208, 144, marks));
  const image = await files.write(await (alpha ? png.ensureAlpha(0.9) : png).png().toBuffer(), { name: 'photo.png' });
  const outcome = await testNode(node)
    .params({ faces, faceStrength: 1, format: 'png', model })
    .items([{ input: { image } }])
    .files(files)
    .modelsFolder(modelsFolder)
    .run();
  const file = outcome.outputs.image?.[0]?.value as FileRef;
  const { data, info } = await sharp(await files.path(file))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const fields = outcome.outputs.image?.[0]?.fields as { upscale: { stages?: object[] } } | undefined;
  return {
    ...{ data, width: info.width, channels: info.channels, stages: fields?.upscale.stages },
    logs: outcome.logs.map(({ level, message }) => `${level}: ${message.replace(/[\d.]+ s\b/g, 'N s')}`),
    progress: outcome.progress,
  };
}

/** How much of a restored face is at a place of the input, 0 to 1. */
function maskAt(x: number, y: number): number {
  return Math.max(
    ...MARKS.map((mark) => {
      const side = MARK_SQUARE * mark.side;
      return faceMask((x - mark.x) / side + 0.5, (y - mark.y) / side + 0.5);
    }),
  );
}

describe.each([
  ['standard', standard, 4],
  ['professional', professional, 8],
] as const)('the %s tier', (_name, node, scale) => {
  it('restores the faces, and leaves everything else as it is without', async () => {
    // Named, the network goes first whether there are faces or not.
    const model = 'imaginarium-x4';
    const withFaces = await upscaled(node, await installFaces({ restorer: 'negative' }), { model });
    const without = await upscaled(node, await installFaces({ restorer: 'negative' }), { model, faces: false });
    expect(without.stages).toBeUndefined();
    let [inside, outside] = [0, 0];
    const reach = scale === 4 ? 3 : 14;
    // A part of the pixels says as much as all of them.
    for (let at = 0; at < withFaces.data.length; at += 3 * 37) {
      const [x, y] = [((at / 3) % withFaces.width) / scale, Math.floor(at / 3 / withFaces.width) / scale];
      const change = Math.abs((withFaces.data[at + 2] ?? 0) - (without.data[at + 2] ?? 0));
      if (maskAt(x, y) === 1) inside = Math.max(inside, change);
      // The next pass, and the match of colours, reach a little around what was pasted.
      const isFar = [-reach, 0, reach].every((right) =>
        [-reach, 0, reach].every((down) => maskAt(x + right, y + down) === 0),
      );
      if (isFar) outside = Math.max(outside, change);
    }
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(60);
    expect(withFaces.stages).toEqual([
      { stage: 'detect-faces', state: 'done', note: '2 faces found.', faces: 2 },
      { stage: 'restore-faces', state: 'done', note: '2 faces of 2 restored by negative.', faces: 2 },
    ]);
    expect(withFaces.logs.slice(1, 3)).toEqual([
      'info: Finding faces took N s: 2 faces.',
      'info: Restoring 2 faces took N s.',
    ]);
    expect(withFaces.progress).toEqual(withFaces.progress.toSorted((one, other) => one - other));
  }, 120_000);
});

describe('tiers with faces', () => {
  it('leave out what has no network, and say so with the command that changes it', async () => {
    const nothing = await upscaled(standard, await installFaces({ detector: false }));
    expect(nothing.stages).toEqual([
      {
        ...{ stage: 'detect-faces', state: 'skipped' },
        note: 'Faces are not looked for: YuNet is not installed. Install it with: imaginarium models pull yunet-n.',
      },
      {
        ...{ stage: 'restore-faces', state: 'skipped' },
        note: 'Faces are not restored: GFPGAN 1.4 is not installed. Install it with: imaginarium models pull gfpgan-1.4.',
      },
    ]);
    expect(nothing.logs.filter((line) => line.startsWith('warn'))).toHaveLength(2);
    const detected = await upscaled(standard, await installFaces({}));
    expect(detected.stages?.[0]).toEqual({
      ...{ stage: 'detect-faces', state: 'done', note: '2 faces found.', faces: 2 },
    });
    expect(detected.stages?.[1]).toMatchObject({ state: 'skipped' });
    expect(Buffer.compare(detected.data, nothing.data)).toBe(0);
  }, 120_000);

  it('only look for faces in a picture that has none', async () => {
    const models = await installFaces({ restorer: 'broken' });
    const { stages, logs } = await upscaled(standard, models, { marks: [] });
    expect(stages).toEqual([
      { stage: 'detect-faces', state: 'done', note: '0 faces found.', faces: 0 },
      { stage: 'restore-faces', state: 'skipped', note: 'There was no face to restore.' },
    ]);
    expect(logs.join()).not.toContain('Restoring');
  }, 120_000);

  it('leave a face as it is that the network fails on', async () => {
    const { stages, logs, data } = await upscaled(standard, await installFaces({ restorer: 'broken' }));
    expect(logs).toContain('warn: Face 1 of 2 stays as it is: the network gave values that are not numbers.');
    expect(stages?.[1]).toMatchObject({ state: 'done', faces: 0 });
    const untouched = await upscaled(standard, await installFaces({ detector: false }));
    expect(Buffer.compare(data, untouched.data)).toBe(0);
  }, 120_000);

  it('keep transparency', async () => {
    const { channels, data, stages } = await upscaled(standard, await installFaces({ restorer: 'negative' }), {
      alpha: true,
    });
    expect(stages?.[1]).toMatchObject({ faces: 2 });
    expect(channels).toBe(4);
    expect(data.every((value, at) => at % 4 !== 3 || Math.abs(value - 230) <= 1)).toBe(true);
  }, 120_000);

  it('know results of other networks for faces from theirs', async () => {
    const folders = [
      '/nonexistent',
      await installFaces({}),
      await installFaces({ restorer: 'same' }),
      await installFaces({ restorer: 'negative' }),
    ];
    const params = { model: 'auto', faces: true, faceStrength: 0.8 };
    const prints = await Promise.all(folders.map((modelsFolder) => standard.fingerprint({ params, modelsFolder })));
    expect(new Set(prints).size).toBe(4);
    const plain = await Promise.all(
      folders.map((modelsFolder) => standard.fingerprint({ params: { ...params, faces: false }, modelsFolder })),
    );
    expect(new Set(plain).size).toBe(1);
  });

  it('say before a run what they leave out', async () => {
    const said = async (folder: string, faces = true) =>
      standard.remarks?.({ params: { model: 'auto', faces, faceStrength: 1 }, modelsFolder: folder });
    const [look, restore] = (await said('/nonexistent')) ?? [];
    expect(look).toContain('imaginarium models pull yunet-n.');
    expect(restore).toContain('imaginarium models pull gfpgan-1.4.');
    expect(await said(await installFaces({}))).toEqual([restore]);
    expect(await said(await installFaces({ restorer: 'same' }))).toEqual([]);
    expect(await said('/nonexistent', false)).toEqual([]);
  });

  it('are all but the free one', () => {
    const asks = [free, standard, professional, billboard].map(({ description }) => 'faces' in description.params);
    expect(asks).toEqual([false, true, true, true]);
  });
});
