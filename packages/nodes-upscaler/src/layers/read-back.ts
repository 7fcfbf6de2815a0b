import { loadSharp, MAX_PIXELS, type Picture, type Pipeline } from '@imaginarium/pictures';

/** Both pictures are compared in at most so many pixels a side. */
const LONG_SIDE = 256;
/** Levels of 255. A written file differs by its compression, and its source by what the networks drew between its pixels. */
const MOST_MEAN = 6;
const MOST_ANYWHERE = 80;

/**
 * Reads a written file back, to its last row, and compares it with the picture it was made of: the last look of the quality pass.
 * @returns the mean difference, in levels of 0 to 255.
 * @throws {Error} when the file cannot be read, has another size, or shows something else. Worth another try: the picture is not at fault.
 */
export async function readBack(
  path: string,
  picture: Picture,
  size: { width: number; height: number },
  colours: 'srgb' | 'own',
): Promise<number> {
  const sharp = await loadSharp();
  const open = () => sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'warning', ignoreIcc: colours === 'own' });
  const meta = await open().metadata();
  if (meta.width !== size.width || meta.height !== size.height)
    throw new Error(
      `The written file has ${meta.width} x ${meta.height} pixels; ${size.width} x ${size.height} were expected.`,
    );
  const factor = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const small = {
    width: Math.max(1, Math.round(picture.width * factor)),
    height: Math.max(1, Math.round(picture.height * factor)),
  };
  const [written, source] = [await pixelsOf(open(), small), await pixelsOf(picture.open(colours), small)];
  let [sum, worst] = [0, 0];
  for (let at = 0; at < source.length; at++) {
    const difference = Math.abs((written[at] as number) - (source[at] as number)); // One size.
    sum += difference;
    worst = Math.max(worst, difference);
  }
  const mean = sum / source.length;
  if (mean > MOST_MEAN || worst > MOST_ANYWHERE)
    throw new Error(
      `The written file does not show what ${picture.name} shows: they differ by ${mean.toFixed(1)} of 255 levels in the mean, and by ${worst} where it is most.`,
    );
  return mean;
}

function pixelsOf(image: Pipeline, { width, height }: { width: number; height: number }): Promise<Buffer> {
  return image
    .flatten({ background: '#ffffff' })
    .resize({ width, height, fit: 'fill', kernel: 'lanczos3' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
}
