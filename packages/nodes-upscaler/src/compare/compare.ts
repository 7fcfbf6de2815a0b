import { choice, defineNode, NonRetryableError, port } from '@imaginarium/node-sdk';
import { loadSharp, openPicture, type Picture, writePicture } from '@imaginarium/pictures';
import { difference, type Pixels, psnr, sharpness, ssim } from './likeness.ts';

/** Likeness is measured in at most so many pixels a side: what is larger is made smaller first. */
const MOST_PX = 2048;

/** Says in numbers and in pictures how two pictures differ. */
export const compare = defineNode({
  type: 'upscaler.compare',
  version: 1,
  title: 'Compare pictures',
  summary: 'Measures how alike two pictures of one shape are, and shows both side by side and where they differ.',
  group: 'upscaler',
  icon: 'columns-2',
  aliases: ['psnr', 'ssim', 'difference', 'quality', 'before after', 'diff'],
  docs: 'The field `compare` holds `psnr` in decibels (null when both are equal), `ssim` from 0 to 1, and the `sharpness` of each: the mean difference between neighbours, 0 to 255. Both are measured in one size, by default that of the smaller one, and at most 2048 pixels a side.',
  inputs: { before: port.image(), after: port.image() },
  outputs: { sideBySide: port.image(), difference: port.image() },
  params: {
    size: choice({
      title: 'Compare in the size of',
      help: 'The smaller one asks whether an enlarged picture still shows the same; the larger one, what was gained.',
      options: [
        { value: 'smaller', label: 'the smaller one' },
        { value: 'larger', label: 'the larger one' },
      ],
      default: 'smaller',
    }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: 500 },
  effects: 'pure',
  typicalMs: 2000,
  async execute({ input, params, fields, files, signal, progress }) {
    signal.throwIfAborted();
    const [before, after] = [await openPicture(files, input.before), await openPicture(files, input.after)];
    const size = commonSize(before, after, params.size);
    const [a, b] = [await pixelsOf(before, size), await pixelsOf(after, size)];
    progress(0.3, 'Measuring');
    const likeness = psnr(a, b);
    const numbers = {
      ...size,
      psnr: Number.isFinite(likeness) ? rounded(likeness) : null,
      ssim: rounded(ssim(a, b)),
      sharpness: { before: rounded(sharpness(a)), after: rounded(sharpness(b)) },
    };
    progress(0.8, 'Drawing');
    const sharp = await loadSharp();
    const raw = ({ data, width, height }: Pixels) => ({
      input: Buffer.from(data.buffer, data.byteOffset, data.length),
      raw: { width, height, channels: 3 as const },
    });
    const both = sharp({
      create: { width: size.width * 2, height: size.height, channels: 3, background: '#000000' },
    }).composite([
      { ...raw(a), left: 0, top: 0 },
      { ...raw(b), left: size.width, top: 0 },
    ]);
    const { input: data, ...options } = raw(difference(a, b));
    const encoding = { format: 'png', quality: 100, deep: false } as const;
    return {
      sideBySide: await writePicture(files, both, after.name, { ...encoding, suffix: '-compared' }),
      difference: await writePicture(files, sharp(data, options), after.name, { ...encoding, suffix: '-difference' }),
      fields: { ...fields, compare: numbers },
    };
  },
});

/** @throws {NonRetryableError} when the pictures are not of one shape. */
function commonSize(before: Picture, after: Picture, which: 'smaller' | 'larger'): { width: number; height: number } {
  const ordered = before.width * before.height <= after.width * after.height ? [before, after] : [after, before];
  const [small, large] = ordered as [Picture, Picture];
  // A pixel of rounding is allowed for.
  const height = (large.width * small.height) / small.width;
  if (Math.abs(height - large.height) > Math.max(1, large.width / small.width))
    throw new NonRetryableError(
      `${before.name} has ${before.width} x ${before.height} pixels and ${after.name} ${after.width} x ${after.height}: pictures of one shape can be compared, and these are not. Crop one of them.`,
    );
  const chosen = which === 'smaller' ? small : large;
  const factor = Math.min(1, MOST_PX / Math.max(chosen.width, chosen.height));
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return { width: side(chosen.width), height: side(chosen.height) };
}

async function pixelsOf(picture: Picture, { width, height }: { width: number; height: number }): Promise<Pixels> {
  const data = await picture
    .open()
    .flatten({ background: '#ffffff' })
    .resize({ width, height, fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
