import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decoding, loadSharp, MAX_PIXELS, type Picture, type Pipeline } from '@imaginarium/pictures';
import type { PixelRows } from '../inference/planes.ts';
import { sourcePixels } from '../layers/source-pixels.ts';
import { PixelFile } from './pixel-file.ts';

/** Networks see three channels, so alpha is resampled on its own, and as it is: a profile means colours. */
export async function alphaFile(picture: Picture, scale: number, folder: string): Promise<PixelFile> {
  const { name, width, height, deep } = picture;
  const space = deep ? 'grey16' : 'b-w';
  const own = join(folder, 'alpha.tiff');
  // Taken out first: a resize works on all the channels that there are.
  const alpha = picture.open('own').extractChannel('alpha').toColourspace(space).tiff({ compression: 'none' });
  await decoding(name, () => alpha.toFile(own));
  const image = (await loadSharp())(own, { limitInputPixels: MAX_PIXELS })
    .resize({ width: width * scale, height: height * scale, fit: 'fill', kernel: 'lanczos3' })
    .toColourspace(space);
  const enlarged = await PixelFile.decode(image, join(folder, 'alpha.v'), name);
  await rm(own, { force: true });
  return enlarged;
}

/** How far colours spread under transparency, as the sigma of a Gaussian in pixels: about the reach of the networks. */
const SPREAD_PX = 8;

/**
 * The picture with its visible colours spread outwards. Most programs leave black under what is transparent; a network would draw that
 * black into the edge of what is not. They are spread where the picture is small: nothing finer would be left of them.
 */
export async function spreadColours(image: Pipeline, picture: Picture, folder: string): Promise<PixelFile> {
  const { name, width, height, deep } = picture;
  const side = (px: number) => Math.ceil(px / SPREAD_PX);
  const shrunk = image.resize({ width: side(width), height: side(height), fit: 'fill', kernel: 'linear' }).blur(1);
  // In 16 bits: where little of a colour is seen, eight would not be enough to tell it.
  const { data, channels } = await sourcePixels(shrunk, { name, deep: true });
  const large = (await loadSharp())(data, { raw: { width: side(width), height: side(height), channels } })
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .toColourspace(deep ? 'rgb16' : 'srgb');
  return PixelFile.decode(large, join(folder, 'spread.v'), name);
}

/** Gives fully transparent pixels the colour that was spread to them. */
export function fillTransparent(rows: PixelRows, spread: PixelRows): void {
  if (rows.channels !== 4 || spread.channels !== 4) return;
  for (let at = 0; at < rows.data.length; at += 4) {
    if (rows.data[at + 3] !== 0) continue;
    for (let channel = at; channel < at + 3; channel++) rows.data[channel] = spread.data[channel] as number; // Same size.
  }
}
