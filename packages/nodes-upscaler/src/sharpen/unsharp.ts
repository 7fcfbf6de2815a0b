import { gaussian } from '../enhance/gaussian.ts';
import type { Planes } from '../inference/network.ts';

/** How a picture is sharpened. */
export interface Sharpening {
  /** The sigma of the Gaussian, in pixels. */
  radiusPx: number;
  /** How much of the difference to the smoothed picture is added: 1 doubles it. */
  amount: number;
  /** Differences below it, from 0 to 1, are noise and not added. */
  threshold: number;
  /** How far a result may go beyond the lightest and darkest of its neighbours, as a share of what lies between them. Infinite: as far as it likes. */
  overshoot: number;
}

/** How far neighbours are looked for that a result may not outshine. */
export const HALO_REACH_PX = 1;

/**
 * Sharpens the brightness of a picture; its colours stay. Halos, the light lines along dark edges, are cut off: a pixel may become hardly lighter or
 * darker than its neighbours were.
 */
export function unsharp({ data, width, height }: Planes, wish: Sharpening): Planes {
  const size = width * height;
  const brightness = new Float32Array(size);
  for (let at = 0; at < size; at++)
    brightness[at] =
      0.299 * (data[at] as number) + 0.587 * (data[at + size] as number) + 0.114 * (data[at + 2 * size] as number); // Three planes.
  const smooth = gaussian(brightness, width, wish.radiusPx);
  const result = new Float32Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const here = brightness[at] as number; // Within bounds, as all below.
      const difference = here - (smooth[at] as number);
      const kept = Math.sign(difference) * Math.max(0, Math.abs(difference) - wish.threshold);
      let [low, high] = [here, here];
      for (let ny = Math.max(0, y - HALO_REACH_PX); ny <= Math.min(height - 1, y + HALO_REACH_PX); ny++)
        for (let nx = Math.max(0, x - HALO_REACH_PX); nx <= Math.min(width - 1, x + HALO_REACH_PX); nx++) {
          const other = brightness[ny * width + nx] as number;
          if (other < low) low = other;
          if (other > high) high = other;
        }
      const room = Number.isFinite(wish.overshoot) ? wish.overshoot * (high - low) : wish.overshoot;
      const change = Math.min(high + room, Math.max(low - room, here + wish.amount * kept)) - here;
      for (let plane = at; plane < data.length; plane += size) result[plane] = (data[plane] as number) + change;
    }
  return { data: result, width, height };
}
