import { choice, defineNode, port, slider, text } from '@imaginarium/node-sdk';
import { decoding, loadSharp, type Picture } from '@imaginarium/pictures';
import { openForWork, writeWorked } from '../enhance/in-bands.ts';
import { writingParams } from '../tiers/encoding-params.ts';
import { cropSize, readShape, SHAPES } from './crop-size.ts';

/** Where to cut is looked for in a copy of at most so many pixels a side. */
const SAMPLE_PX = 1024;

/** Cuts a picture to a shape, around what it shows. */
export const smartCrop = defineNode({
  type: 'upscaler.smart-crop',
  version: 1,
  title: 'Smart crop',
  summary: 'Cuts a picture to a shape, and keeps what it shows.',
  group: 'upscaler',
  icon: 'crop',
  aliases: ['cut', 'aspect ratio', 'square', 'portrait', 'story', 'subject', 'focus'],
  docs: 'Attention looks for skin, strong colours and sharp edges; entropy for the most detail. The field `crop` of the result says where it was cut: `left`, `top`, `width` and `height` in pixels of the input.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    shape: choice({
      title: 'Shape',
      options: [
        ...Object.keys(SHAPES).map((value) => ({ value, label: value })),
        { value: 'custom', label: 'Another' },
      ],
      default: '1:1',
    }),
    ratio: text({ title: 'Width to height', help: 'Such as 5:7.', default: '5:7', showWhen: { shape: 'custom' } }),
    keep: choice({
      title: 'Keep',
      options: [
        { value: 'attention', label: 'What draws the eye' },
        { value: 'entropy', label: 'What has the most detail' },
        { value: 'centre', label: 'The middle' },
      ],
      default: 'attention',
    }),
    size: slider({
      title: 'Size',
      help: 'In percent of the largest piece of that shape.',
      min: 10,
      max: 100,
      step: 1,
      default: 100,
    }),
    ...writingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: 250 },
  effects: 'pure',
  headline: ['shape', 'keep'],
  typicalMs: 500,
  async execute({ input, params, fields, ...context }) {
    context.signal.throwIfAborted();
    const picture = await openForWork(context, input.image, params);
    const known = Object.entries(SHAPES).find(([name]) => name === params.shape)?.[1];
    const size = cropSize(picture, known ?? readShape(params.ratio), params.size / 100);
    const place = await placeOf(picture, size, params.keep);
    context.progress(0.5, 'Cutting');
    const image = picture.open().extract({ ...place, ...size });
    return {
      image: await writeWorked(context, image, picture, '-cropped', params),
      fields: { ...fields, crop: { ...place, ...size } },
    };
  },
});

/** Where a piece of a size is cut out of a picture, in its pixels. */
async function placeOf(
  picture: Picture,
  size: { width: number; height: number },
  keep: 'attention' | 'entropy' | 'centre',
): Promise<{ left: number; top: number }> {
  const most = { left: picture.width - size.width, top: picture.height - size.height };
  if (keep === 'centre') return { left: Math.floor(most.left / 2), top: Math.floor(most.top / 2) };
  const factor = Math.min(1, SAMPLE_PX / Math.max(picture.width, picture.height));
  const scaled = (length: number) => Math.max(1, Math.round(length * factor));
  const sharp = await loadSharp();
  const sample = await decoding(picture.name, () =>
    picture
      .open()
      .resize({ width: scaled(picture.width), height: scaled(picture.height), fit: 'fill' })
      .toColourspace('srgb')
      .png({ compressionLevel: 1 })
      .toBuffer(),
  );
  // Both sides are looked for one after the other: the library cuts what hangs over on one side only.
  const along = async (wide: boolean): Promise<number> => {
    const cut = wide
      ? { width: scaled(size.width), height: scaled(picture.height) }
      : { width: scaled(picture.width), height: scaled(size.height) };
    const { info } = await sharp(sample)
      .resize({ ...cut, fit: 'cover', position: sharp.strategy[keep], withoutEnlargement: true })
      .toBuffer({ resolveWithObject: true });
    const offset = wide ? info.cropOffsetLeft : info.cropOffsetTop;
    return Math.round(Math.abs(offset ?? 0) / factor);
  };
  return {
    left: most.left === 0 ? 0 : Math.min(most.left, await along(true)),
    top: most.top === 0 ? 0 : Math.min(most.top, await along(false)),
  };
}
