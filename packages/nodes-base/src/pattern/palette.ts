import { mix } from './noise.ts';

/** A colour as red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The palettes to choose from, dark to light or along a mood. */
export const PALETTES = {
  ocean: ['#0b132b', '#1c2541', '#1f6f8b', '#5bc0be', '#e0fbfc'],
  sunset: ['#2d1b4e', '#8f2d56', '#d81159', '#ff8552', '#ffe0a3'],
  forest: ['#132a13', '#31572c', '#4f772d', '#90a955', '#ecf39e'],
  candy: ['#7c4dff', '#ff5c8a', '#ff9eb5', '#ffd6a5', '#fff5f7'],
  desert: ['#40241a', '#8a4b2f', '#c9743f', '#e6b87d', '#fbf1dc'],
  mono: ['#111418', '#3a4048', '#7b838c', '#bcc3ca', '#f4f6f8'],
} as const satisfies Record<string, readonly string[]>;

export type PaletteName = keyof typeof PALETTES;

/** Reads `#rrggbb`. */
export function parseColour(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A colour from along a palette: 0 is its first colour, 1 its last, between them they blend. */
export function colourAt(palette: readonly Rgb[], share: number): Rgb {
  const last = palette.length - 1;
  const at = Math.min(last, Math.max(0, share * last));
  const index = Math.min(Math.max(0, last - 1), Math.floor(at));
  const first = palette[index] ?? [0, 0, 0];
  return blend(first, palette[index + 1] ?? first, at - index);
}

/** From one colour (share 0) to another (share 1). */
export function blend(from: Rgb, to: Rgb, share: number): Rgb {
  return [mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)];
}

/** A colour made lighter (above 1) or darker (below 1). */
export function shade(colour: Rgb, factor: number): Rgb {
  return factor <= 1 ? blend([0, 0, 0], colour, factor) : blend(colour, [255, 255, 255], Math.min(1, factor - 1));
}
