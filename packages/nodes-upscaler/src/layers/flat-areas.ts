import { boxMean, lowest } from '../enhance/box.ts';
import type { PixelRows } from '../inference/planes.ts';
import type { Area } from '../tiling/tile-grid.ts';
import type { Survey } from './survey.ts';

/** A layer that is laid over an enlarged picture, in the size of the source. */
export interface Layer {
  /** Red, green and blue, in the source's values. */
  data: Uint8Array | Uint16Array;
  /** How much of the layer shows, by pixel: 0 to 255. */
  mask: Uint8Array;
}

/** How far around a pixel is looked for something to see, in pixels of the source. */
const LOOK_PX = 3;
/** How far flat areas stay away from what is not flat: more than {@link SMOOTH_PX}, so that no edge is smeared. */
const APART_PX = 7;
/** How far a pixel of the layer is mixed with its neighbours. */
const SMOOTH_PX = 3;
/** How softly the mask ends. */
const SOFT_PX = 3;
/** The strongest noise that is taken for noise and not for texture, as a standard deviation in levels. */
const MOST_NOISE = 6;
/** Rows of the source that are worked on at a time. */
const BAND_ROWS = 128;
const HALO_ROWS = LOOK_PX + APART_PX + SOFT_PX + SMOOTH_PX;

/**
 * Background enhancement: finds the flat areas of a picture (sky, walls, paper), where all there is to see is noise, and gives a layer in which they are smooth.
 * Networks draw noise as texture. Areas with detail are not touched: the mask is 0 there and near them.
 * @param seen tells how strong the noise of this picture is: that of its flattest tenth.
 * @param except areas of the source that are left alone, such as faces.
 */
export function flatAreas(source: PixelRows, seen: Survey, except: readonly Area[]): Layer {
  const { data, width, channels } = source;
  const height = data.length / (width * channels);
  const noise = Math.min(MOST_NOISE, Math.max(1, noiseOf(seen)));
  const layer: Layer = {
    data: new (data instanceof Uint8Array ? Uint8Array : Uint16Array)(width * height * 3),
    mask: new Uint8Array(width * height),
  };
  for (let top = 0; top < height; top += BAND_ROWS) {
    const from = Math.max(0, top - HALO_ROWS);
    const to = Math.min(height, top + BAND_ROWS + HALO_ROWS);
    const count = Math.min(BAND_ROWS, height - top);
    const mask = flatMask(source, from, to, noise);
    for (let at = 0; at < count * width; at++)
      layer.mask[top * width + at] = Math.round(255 * (mask[(top - from) * width + at] as number)); // Within bounds.
    for (let colour = 0; colour < 3; colour++) {
      const plane = new Float32Array((to - from) * width);
      for (let at = 0; at < plane.length; at++) plane[at] = data[(from * width + at) * channels + colour] as number; // Within bounds.
      // Two boxes are nearly a Gaussian.
      const smooth = boxMean(boxMean(plane, width, SMOOTH_PX), width, SMOOTH_PX);
      for (let at = 0; at < count * width; at++)
        layer.data[(top * width + at) * 3 + colour] = Math.round(smooth[(top - from) * width + at] as number); // Within bounds.
    }
  }
  for (const area of except) clear(layer.mask, width, height, area);
  return layer;
}

/** From 1 in the middle of flat areas to 0 where there is something to see. */
function flatMask({ data, width, channels, full }: PixelRows, from: number, to: number, noise: number): Float32Array {
  const luma = new Float32Array((to - from) * width);
  for (let at = 0, pixel = from * width * channels; at < luma.length; at++, pixel += channels)
    luma[at] =
      (0.299 * (data[pixel] as number) + 0.587 * (data[pixel + 1] as number) + 0.114 * (data[pixel + 2] as number)) *
      (255 / full); // Within bounds.
  const mean = boxMean(luma, width, LOOK_PX);
  const squares = boxMean(
    luma.map((value) => value * value),
    width,
    LOOK_PX,
  );
  const flat = squares.map((value, at) => {
    const spread = Math.sqrt(Math.max(0, value - (mean[at] as number) ** 2)); // As long as the other.
    return Math.min(1, Math.max(0, 2 - spread / (1.3 * noise)));
  });
  // Alpha ends a picture as an edge does.
  if (channels === 4)
    for (let at = 0; at < flat.length; at++) if (data[(from * width + at) * 4 + 3] !== full) flat[at] = 0;
  return boxMean(lowest(flat, width, APART_PX), width, SOFT_PX);
}

/** The deviation in the flattest tenth of the cells. */
function noiseOf({ contrast }: Survey): number {
  const sorted = contrast.toSorted();
  return sorted[Math.floor(sorted.length / 10)] ?? 0;
}

function clear(mask: Uint8Array, width: number, height: number, area: Area): void {
  const left = Math.max(0, Math.floor(area.left));
  const right = Math.min(width, Math.ceil(area.left + area.width));
  for (let y = Math.max(0, Math.floor(area.top)); y < Math.min(height, area.top + area.height); y++)
    mask.fill(0, y * width + left, y * width + Math.max(left, right));
}
