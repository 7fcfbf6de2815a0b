import { join } from 'node:path';
import type { Picture, Pipeline } from '@imaginarium/pictures';
import type { PixelRows } from '../inference/planes.ts';
import { PixelFile } from './pixel-file.ts';

/** Networks see three channels, so alpha is resampled on its own, and as it is: a profile means colours. */
export function alphaFile(picture: Picture, scale: number, folder: string): Promise<PixelFile> {
  const image = picture
    .open('own')
    .resize({ width: picture.width * scale, height: picture.height * scale, fit: 'fill', kernel: 'lanczos3' })
    .extractChannel('alpha')
    .toColourspace(picture.deep ? 'grey16' : 'b-w');
  return PixelFile.decode(image, join(folder, 'alpha.v'), picture.name);
}

/** How far colours spread under transparency, as the sigma of a Gaussian in pixels: about the reach of the networks. */
const SPREAD_PX = 8;

/**
 * The picture with its visible colours spread outwards. Most programs leave black under what is transparent; a network would draw that
 * black into the edge of what is not.
 */
export function spreadColours(image: Pipeline, folder: string, name: string): Promise<PixelFile> {
  return PixelFile.decode(image.blur(SPREAD_PX), join(folder, 'spread.v'), name);
}

/** Gives fully transparent pixels the colour that was spread to them. */
export function fillTransparent(rows: PixelRows, spread: PixelRows): void {
  if (rows.channels !== 4 || spread.channels !== 4) return;
  for (let at = 0; at < rows.data.length; at += 4) {
    if (rows.data[at + 3] !== 0) continue;
    for (let channel = at; channel < at + 3; channel++) rows.data[channel] = spread.data[channel] as number; // Same size.
  }
}
