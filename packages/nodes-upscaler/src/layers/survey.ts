import { type PixelRows, release } from '../inference/planes.ts';
import type { PixelFile } from '../upscale/pixel-file.ts';
import { readAhead } from '../upscale/read-ahead.ts';

/** Sides of the squares that pictures are compared in, in pixels of the source. */
export const CELL_PX = 8;

/** How an enlarged picture differs from its source, in squares of {@link CELL_PX}, in levels of 0 to 255. */
export interface Survey {
  columns: number;
  rows: number;
  /** What has to be added to the mean colour of each cell so that it is the source's: red, green, blue. */
  shift: Float32Array;
  /** The mean difference of pixels, once the enlarged picture is made as small as the source. */
  error: Float32Array;
  /** The standard deviation of green in the source, and in the enlarged picture made small: how much there is to see. */
  contrast: Float32Array;
  drawn: Float32Array;
}

/** Rows of an enlarged picture that are in memory at a time take at most so many bytes, unless a single row of the source is more. */
const CHUNK_BYTES = 8_000_000;

/** Values that are added up for each cell: a count, shifts of three colours, the error, and green with its squares on both sides. */
const SUMS = 9;

/**
 * Compares an enlarged picture with its source: each pixel of the source with the mean of what it became. Reads the enlarged one once,
 * from the top down, and lets go of its rows. What is transparent in the source does not count.
 */
export async function survey(
  enlarged: Pick<PixelFile, 'channels' | 'full' | 'rows'>,
  source: PixelRows,
  scale: number,
  progress: (share: number) => void,
): Promise<Survey> {
  const { width } = source;
  const height = source.data.length / (width * source.channels);
  const [columns, rows] = [Math.ceil(width / CELL_PX), Math.ceil(height / CELL_PX)];
  const sums = new Float64Array(columns * rows * SUMS);
  const bytes = width * scale * enlarged.channels * (enlarged.full === 255 ? 1 : 2) * scale;
  const chunk = Math.max(1, Math.floor(CHUNK_BYTES / bytes));
  const read = (top: number, count: number) => enlarged.rows(top * scale, count * scale);
  for await (const { top: y, count, rows: data } of readAhead(0, height, chunk, read)) {
    for (let row = 0; row < count; row++) {
      const small = madeSmall(data, row * scale, width, scale, enlarged.channels, 255 / enlarged.full);
      addRow(sums, columns, source, y + row, small);
    }
    release({ data });
    progress((y + count) / height);
  }
  return asSurvey(sums, columns, rows);
}

/** The means of squares of `scale` by `scale` pixels in some rows, in levels: red, green and blue of one row of the source. */
function madeSmall(
  data: Uint8Array | Uint16Array,
  top: number,
  width: number,
  scale: number,
  channels: number,
  toLevels: number,
): Float32Array {
  const small = new Float32Array(width * 3);
  let from = top * width * scale * channels;
  for (let row = 0; row < scale; row++)
    for (let x = 0; x < width * 3; x += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let column = 0; column < scale; column++, from += channels) {
        red += data[from] as number; // Within bounds, as the next two.
        green += data[from + 1] as number;
        blue += data[from + 2] as number;
      }
      small[x] = (small[x] as number) + red; // Within bounds, as the next two.
      small[x + 1] = (small[x + 1] as number) + green;
      small[x + 2] = (small[x + 2] as number) + blue;
    }
  const share = toLevels / (scale * scale);
  for (let at = 0; at < small.length; at++) small[at] = (small[at] as number) * share;
  return small;
}

function addRow(sums: Float64Array, columns: number, source: PixelRows, y: number, small: Float32Array): void {
  const { data, width, channels, full } = source;
  const toLevels = 255 / full;
  const first = Math.floor(y / CELL_PX) * columns;
  const add = (at: number, value: number) => {
    sums[at] = (sums[at] as number) + value; // Within bounds.
  };
  for (let x = 0; x < width; x++) {
    const from = (y * width + x) * channels;
    if (channels === 4 && data[from + 3] === 0) continue;
    const cell = (first + Math.floor(x / CELL_PX)) * SUMS;
    let error = 0;
    for (let colour = 0; colour < 3; colour++) {
      const difference = (data[from + colour] as number) * toLevels - (small[x * 3 + colour] as number);
      error += Math.abs(difference);
      add(cell + 1 + colour, difference);
    }
    const green = (data[from + 1] as number) * toLevels;
    const drawn = small[x * 3 + 1] as number;
    add(cell, 1);
    add(cell + 4, error / 3);
    add(cell + 5, green);
    add(cell + 6, green * green);
    add(cell + 7, drawn);
    add(cell + 8, drawn * drawn);
  }
}

function asSurvey(sums: Float64Array, columns: number, rows: number): Survey {
  const cells = columns * rows;
  const field = () => new Float32Array(cells);
  const found = {
    columns,
    rows,
    shift: new Float32Array(cells * 3),
    error: field(),
    contrast: field(),
    drawn: field(),
  };
  for (let cell = 0; cell < cells; cell++) {
    const [count = 0, red = 0, green = 0, blue = 0, error = 0, ...spread] = sums.subarray(
      cell * SUMS,
      (cell + 1) * SUMS,
    );
    if (count === 0) continue;
    const [sum = 0, squares = 0, drawnSum = 0, drawnSquares = 0] = spread;
    found.shift.set([red / count, green / count, blue / count], cell * 3);
    found.error[cell] = error / count;
    found.contrast[cell] = deviation(sum, squares, count);
    found.drawn[cell] = deviation(drawnSum, drawnSquares, count);
  }
  return found;
}

function deviation(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
