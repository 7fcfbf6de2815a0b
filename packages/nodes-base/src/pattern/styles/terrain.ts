import { fractalNoise, noise2 } from '../noise.ts';
import type { Brief, Paint } from '../painter.ts';
import { blend, colourAt, shade } from '../palette.ts';

/** Height lines on a map. */
const LINES = 16;

/** A landscape seen from above, lit from the upper left, with height lines. */
export function terrain({ width, height, seed, random, palette }: Brief): Paint {
  const scale = random.between(2.2, 3.4) / Math.min(width, height);
  const ink = shade(palette[0] ?? [0, 0, 0], 0.7);

  return (x, y) => {
    const here = heightAt(x, y);
    const slopeX = heightAt(x + 1, y) - here;
    const slopeY = heightAt(x, y + 1) - here;
    const light = 1 - (slopeX + slopeY) / (scale * 4);
    const colour = shade(colourAt(palette, here), Math.min(1.25, Math.max(0.7, light)));
    // Plains have no line: all of them would be one.
    if (slopeX === 0 && slopeY === 0) return colour;
    const steepness = LINES * Math.sqrt(slopeX * slopeX + slopeY * slopeY);
    const position = here * LINES;
    const toLine = Math.abs(position - Math.round(position)) / steepness;
    const line = Math.max(0, Math.min(1, 1.1 - toLine));
    return line > 0 ? blend(colour, ink, 0.38 * line) : colour;
  };

  function heightAt(x: number, y: number): number {
    const u = x * scale;
    const v = y * scale;
    const bend = 0.8 * (noise2(seed + 71, u * 0.8, v * 0.8) - 0.5);
    // Noise keeps to the middle of its range: stretched, so that the whole palette is seen.
    return Math.min(1, Math.max(0, 0.5 + 1.6 * (fractalNoise(seed, u + bend, v - bend, 4) - 0.5)));
  }
}
