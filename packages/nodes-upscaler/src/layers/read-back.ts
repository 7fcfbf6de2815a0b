import { loadSharp, MAX_PIXELS, type Pipeline } from '@imaginarium/pictures';

/** Both pictures are compared in at most so many pixels a side. */
const LONG_SIDE = 256;
/** Levels of 255. A written file differs by its compression, and below a quality of 50 by more with each step. */
const MOST_MEAN = 6;
const MOST_ANYWHERE = 80;
const COARSE_BELOW = 50;
const COARSER = { mean: 0.5, anywhere: 2 };

/** What a file was written from. */
export interface WrittenFrom {
  /** For errors. */
  name: string;
  /** The pixels that were to be written, read anew. */
  image: Pipeline;
  width: number;
  height: number;
  /** What was asked for, 1 to 100. */
  quality: number;
  /** `own`: values are meant in a profile, and compared as they are. */
  colours: 'srgb' | 'own';
}

/**
 * Reads a written file back, to its last row, and compares it with what was to be written: the last look of the quality pass. It does not look at the
 * source once more: where pixels of that are as different as they can be, as in a raster or a scan full of noise, networks draw something else between
 * them, and the pass has seen to it that areas show what they should.
 * @returns the mean difference, in levels of 0 to 255.
 * @throws {Error} when the file cannot be read, has another size, or shows something else. Worth another try: the picture is not at fault.
 */
export async function readBack(path: string, written: WrittenFrom): Promise<number> {
  const { name, image, width, height, quality, colours } = written;
  const sharp = await loadSharp();
  const open = () => sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'warning', ignoreIcc: colours === 'own' });
  const meta = await open().metadata();
  if (meta.width !== width || meta.height !== height)
    throw new Error(`The written file has ${meta.width} x ${meta.height} pixels; ${width} x ${height} were expected.`);
  const factor = Math.min(1, LONG_SIDE / Math.max(width, height));
  const small = { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
  const [read, wanted] = [await pixelsOf(open(), small), await pixelsOf(image, small)];
  let [sum, worst] = [0, 0];
  for (let at = 0; at < wanted.length; at++) {
    const difference = Math.abs((read[at] as number) - (wanted[at] as number)); // One size.
    sum += difference;
    worst = Math.max(worst, difference);
  }
  const mean = sum / wanted.length;
  const coarse = Math.max(0, COARSE_BELOW - quality);
  if (mean > MOST_MEAN + coarse * COARSER.mean || worst > MOST_ANYWHERE + coarse * COARSER.anywhere)
    throw new Error(
      `The written file does not show what was made of ${name}: they differ by ${mean.toFixed(1)} of 255 levels in the mean, and by ${worst} where it is most.`,
    );
  return mean;
}

function pixelsOf(image: Pipeline, { width, height }: { width: number; height: number }): Promise<Buffer> {
  return image
    .flatten({ background: '#ffffff' })
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
}
