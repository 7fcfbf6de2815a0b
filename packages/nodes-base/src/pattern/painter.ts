import type { Rgb } from './palette.ts';
import type { Random } from './random.ts';

/** What a style paints with. */
export interface Brief {
  /** Pixels. */
  width: number;
  height: number;
  /** Any whole number: another seed is another picture. */
  seed: number;
  random: Random;
  /** At least two colours. */
  palette: readonly Rgb[];
}

/**
 * The colour of one pixel, at its centre. Styles compute with `+ - * /` and square roots alone, which every machine rounds the same way;
 * sines and powers may differ.
 */
export type Paint = (x: number, y: number) => Rgb;

/** A style sets itself up from a brief, and then gives the colour of each pixel. */
export type Style = (brief: Brief) => Paint;

/** Runs a style over rows of a picture: `rows` of `width` pixels from `top`, as bytes in red, green, blue. */
export function paintRows(paint: Paint, seed: number, width: number, top: number, rows: number): Uint8Array {
  const bytes = new Uint8Array(width * rows * 3);
  let at = 0;
  for (let y = top; y < top + rows; y++) {
    for (let x = 0; x < width; x++) {
      const colour = paint(x + 0.5, y + 0.5);
      // Less than one level of grain hides the steps in slow gradients.
      const grain = dither(seed, x, y);
      bytes[at++] = clampByte(colour[0] + grain);
      bytes[at++] = clampByte(colour[1] + grain);
      bytes[at++] = clampByte(colour[2] + grain);
    }
  }
  return bytes;
}

function dither(seed: number, x: number, y: number): number {
  const bits = Math.imul(x ^ Math.imul(y, 0x9e3779b1) ^ seed, 0x85ebca6b);
  return ((bits ^ (bits >>> 13)) & 255) / 255;
}

function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.floor(value);
}
