import type { Colours } from './detector.ts';
import { growthOf, inverse, moved, type Similarity } from './similarity.ts';

/**
 * A picture turned, moved and made larger or smaller, its pixels taken from the nearest four; where it becomes smaller, of as many more as it
 * takes. What is beyond its edge is grey.
 * @param to from pixels of the picture to those of the result.
 * @param width, height of the result, in pixels.
 */
export function warped(picture: Colours, to: Similarity, width: number, height: number): Colours {
  const back = inverse(to);
  const data = new Uint8Array(width * height * 3).fill(128);
  // As many samples a side as pixels fall into one of the result.
  const samples = Math.max(1, Math.round(growthOf(back)));
  const sum = [0, 0, 0];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      sum.fill(0);
      let count = 0;
      for (let sample = 0; sample < samples * samples; sample++) {
        const column = x + ((sample % samples) + 0.5) / samples;
        const row = y + (Math.floor(sample / samples) + 0.5) / samples;
        const place = moved(back, { x: column, y: row });
        if (place.x < 0 || place.y < 0 || place.x >= picture.width || place.y >= picture.height) continue;
        addSample(picture, place.x - 0.5, place.y - 0.5, sum);
        count++;
      }
      if (count > 0)
        for (let channel = 0; channel < 3; channel++) data[at + channel] = (sum[channel] as number) / count;
    }
  return { data, width, height };
}

/** Adds the colour between the four nearest pixels to a sum; at the edge the last pixels go on. */
function addSample({ data, width, height }: Colours, x: number, y: number, sum: number[]): void {
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
  const [right, below] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [across, down] = [Math.max(0, x - left), Math.max(0, y - top)];
  const [a, b] = [(top * width + left) * 3, (top * width + right) * 3];
  const [c, d] = [(below * width + left) * 3, (below * width + right) * 3];
  for (let channel = 0; channel < 3; channel++) {
    const above = (data[a + channel] as number) * (1 - across) + (data[b + channel] as number) * across; // Within bounds.
    const under = (data[c + channel] as number) * (1 - across) + (data[d + channel] as number) * across;
    sum[channel] = (sum[channel] as number) + above * (1 - down) + under * down;
  }
}
