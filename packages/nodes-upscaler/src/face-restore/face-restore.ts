import { choice, defineNode, model, NonRetryableError, number, port, slider } from '@imaginarium/node-sdk';
import { chooseModel } from '../catalogue/choose-model.ts';
import { remarksOnModel } from '../catalogue/remarks-on-model.ts';
import { openForWork, writeWorked } from '../enhance/in-bands.ts';
import { findFaceModels } from '../faces/face-models.ts';
import { FACES_IN_TIERS, FaceWork } from '../faces/face-work.ts';
import { writingParams } from '../tiers/encoding-params.ts';
import { restorerMemoryMb } from '../upscale/needed-memory.ts';
import { foreseeFaces } from './foresee-faces.ts';
import { withFaces } from './with-faces.ts';

/** Restoring is looked for in any time: who asks for it knows that it takes seconds for each face. */
const WISH = { task: 'face-restoration', scale: 1, budgetMs: Number.POSITIVE_INFINITY } as const;

/** Megabytes that the process holds beside its networks at its peak. */
const BESIDE_MB = 200;

const pixels = { min: 16, max: 8192, integer: true, unit: 'px', advanced: true } as const;

/** Draws the faces of a picture anew, and leaves everything else as it is. */
export const faceRestore = defineNode({
  type: 'upscaler.face-restore',
  version: 1,
  title: 'Restore faces',
  summary: 'Finds the faces of a picture and draws them anew, in the size they have.',
  group: 'upscaler',
  icon: 'scan-face',
  aliases: ['face', 'portrait', 'gfpgan', 'codeformer', 'old photo', 'repair', 'enhance'],
  docs: 'Needs two networks: `imaginarium models pull yunet-n` finds faces, `imaginarium models pull gfpgan-1.4` restores them. Faces are found at any angle; outside of an oval around each nothing changes. The field `faces` of the result says how many were found and restored. Where the picture is to become larger, the upscale nodes restore faces themselves, and better: they keep the detail that this node has no room for.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    model: model({ title: 'Model', help: 'Auto takes the best one installed.', task: 'face-restoration' }),
    strength: slider({
      title: 'Strength',
      help: 'How much of the restored face is mixed in: less of it keeps more of the person.',
      ...{ min: 0, max: 1, step: 0.05, default: FACES_IN_TIERS.strength },
    }),
    which: choice({
      title: 'Faces',
      options: [
        { value: 'all', label: 'All' },
        { value: 'largest', label: 'The largest one' },
      ],
      default: 'all',
    }),
    fidelity: slider({
      title: 'Fidelity',
      help: '1 keeps to the person, 0 to what looks good. For CodeFormer; others know no difference.',
      ...{ min: 0, max: 1, step: 0.05, default: FACES_IN_TIERS.fidelity },
      advanced: true,
    }),
    minSize: number({
      title: 'Smallest face',
      help: 'By its longer side. What is smaller shows too little to restore.',
      ...{ ...pixels, default: FACES_IN_TIERS.minSizePx },
    }),
    maxSize: number({
      title: 'Largest face',
      help: 'By its longer side. What is larger shows more than a network draws.',
      ...{ ...pixels, default: FACES_IN_TIERS.maxSizePx },
    }),
    ...writingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: BESIDE_MB + restorerMemoryMb(undefined) },
  peakMemoryMb: async ({ params, modelsFolder }) =>
    BESIDE_MB + restorerMemoryMb(await chooseModel(modelsFolder, WISH, params.model).catch(() => undefined)),
  effects: 'pure',
  headline: ['model', 'which'],
  typicalMs: 5000,
  fingerprint: async ({ params, modelsFolder }) => {
    const { detector } = await findFaceModels(modelsFolder);
    const restorer = await chooseModel(modelsFolder, WISH, params.model).catch(() => undefined);
    return [detector, restorer].map((chosen) => chosen?.entry.sha256 ?? `unusable: ${params.model}`).join(' ');
  },
  remarks: async ({ params, modelsFolder }) => {
    const { skipped } = await findFaceModels(modelsFolder);
    const named = await remarksOnModel(modelsFolder, WISH, params.model);
    const others = named.length > 0 ? skipped.filter(({ stage }) => stage === 'detect-faces') : skipped;
    return [...others.map(({ reason }) => `${reason}.`), ...named];
  },
  foresee: foreseeFaces,
  async execute({ input, params, fields, ...context }) {
    const { signal, log, files, modelsFolder } = context;
    signal.throwIfAborted();
    const picture = await openForWork(context, input.image, params);
    const { detector, skipped } = await findFaceModels(modelsFolder);
    const restorer = await chooseModel(modelsFolder, WISH, params.model);
    // Who asks for nothing else is not served by a picture with its faces as they were.
    const missing = skipped.find(({ stage }) => stage === 'detect-faces');
    if (missing) throw new NonRetryableError(`${missing.reason}.`);
    const faces = await FaceWork.begin({
      ...{ picture, signal, source: input.image.id, folder: await files.lastingFolder() },
      models: { detector, restorer, skipped: [] },
      wish: {
        ...{ minScore: FACES_IN_TIERS.minScore, minSizePx: params.minSize, maxSizePx: params.maxSize },
        ...{ onlyLargest: params.which === 'largest', strength: params.strength, fidelity: params.fidelity },
      },
      progress: (share, message) => context.progress(0.9 * share, message),
      info: (message) => log.info(message),
      warn: (message) => log.warn(message),
    });
    const image = faces.hasWork ? await withFaces(picture, faces, await files.folder(), signal) : picture.open();
    const written = await writeWorked(context, image, picture, '-faces', params);
    return { image: written, fields: { ...fields, faces: await faces.counts() } };
  },
});
