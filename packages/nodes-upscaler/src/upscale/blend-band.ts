import type { Planes } from '../inference/network.ts';
import type { PixelRows } from '../inference/planes.ts';
import type { Area } from '../tiling/tile-grid.ts';

/**
 * The rows that one row of tiles gives, as sums of weighted tiles. Neighbours share a strip along the edge of their cores; in it the one
 * fades out as the other fades in, by half a sine, so that together they count once everywhere.
 */
export class BlendBand {
  /** In pixels of the result. */
  readonly #width: number;
  readonly #height: number;
  readonly #top: number;
  readonly #half: number;
  readonly #bounds: { width: number; height: number };
  readonly #sums: Float32Array;

  /**
   * @param core the rows of the tiles' cores, in pixels of the result.
   * @param half how far a tile is used beyond its core, in pixels of the result.
   * @param bounds the whole result.
   */
  constructor(core: { top: number; height: number }, half: number, bounds: { width: number; height: number }) {
    const top = Math.max(0, core.top - half);
    const bottom = Math.min(bounds.height, core.top + core.height + half);
    this.#width = bounds.width;
    this.#top = top;
    this.#height = bottom - top;
    this.#half = half;
    this.#bounds = bounds;
    this.#sums = new Float32Array(this.#width * this.#height * 3);
  }

  /** Takes over the strip that this band shares with the one above. */
  follow(above: BlendBand): void {
    const from = (this.#top - above.#top) * this.#width * 3;
    this.#sums.set(above.#sums.subarray(from));
  }

  /**
   * Adds a part of what the network gave.
   * @param part its place in the planes.
   * @param left its place in the result.
   * @param core the core of the tile it belongs to, in the result: weights follow from it.
   */
  add({ data, width, height }: Planes, part: Area, left: number, top: number, core: Area): void {
    const across = this.#weights(left, part.width, core.left, core.width, this.#bounds.width);
    const down = this.#weights(top, part.height, core.top, core.height, this.#bounds.height);
    const size = width * height;
    for (let y = 0; y < part.height; y++) {
      let from = (part.top + y) * width + part.left;
      let to = ((top + y - this.#top) * this.#width + left) * 3;
      for (let x = 0; x < part.width; x++, from++, to += 3) {
        const weight = (across[x] as number) * (down[y] as number); // Within bounds, as all here.
        for (let channel = 0; channel < 3; channel++)
          this.#sums[to + channel] =
            (this.#sums[to + channel] as number) + weight * (data[from + channel * size] as number);
      }
    }
  }

  /** Writes rows that are complete, clamped and rounded to whole values. */
  write(rows: PixelRows): void {
    const { data, channels, full } = rows;
    const pixels = data.length / channels;
    let from = (rows.top - this.#top) * this.#width * 3;
    for (let pixel = 0, to = 0; pixel < pixels; pixel++, to += channels)
      for (let channel = 0; channel < 3; channel++, from++) {
        const value = this.#sums[from] as number;
        data[to + channel] = value <= 0 ? 0 : value >= 1 ? full : Math.floor(value * full + 0.5);
      }
  }

  /** How much each pixel of a part counts, along one side. */
  #weights(start: number, length: number, coreStart: number, coreLength: number, end: number): Float32Array {
    const half = this.#half;
    const ramp = (distance: number) => Math.sin((Math.PI / 2) * Math.min(1, Math.max(0, distance / (2 * half)))) ** 2;
    return Float32Array.from({ length }, (_, index) => {
      const at = start + index + 0.5;
      const rise = coreStart === 0 || half === 0 ? 1 : ramp(at - (coreStart - half));
      const fall = coreStart + coreLength === end || half === 0 ? 1 : ramp(coreStart + coreLength + half - at);
      return rise * fall;
    });
  }
}
