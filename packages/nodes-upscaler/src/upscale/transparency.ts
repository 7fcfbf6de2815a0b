import { join } from 'node:path';
import type { Picture } from '@imaginarium/pictures';
import type { PixelRows } from '../inference/planes.ts';
import { PixelFile } from './pixel-file.ts';

/** Networks see three channels, so alpha is resampled on its own. */
export function alphaFile(picture: Picture, scale: number, folder: string): Promise<PixelFile> {
  const image = picture
    .open()
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
export function spreadColours(picture: Picture, colours: 'srgb' | 'rgb16', folder: string): Promise<PixelFile> {
  const image = picture.open().blur(SPREAD_PX).toColourspace(colours);
  return PixelFile.decode(image, join(folder, 'spread.v'), picture.name);
}

/** Gives fully transparent pixels the colour that was spread to them. */
export function fillTransparent(rows: PixelRows, spread: PixelRows): void {
  if (rows.channels !== 4 || spread.channels !== 4) return;
  for (let at = 0; at < rows.data.length; at += 4) {
    if (rows.data[at + 3] !== 0) continue;
    for (let channel = at; channel < at + 3; channel++) rows.data[channel] = spread.data[channel] as number; // Same size.
  }
}
