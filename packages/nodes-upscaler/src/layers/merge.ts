import type { PixelRows } from '../inference/planes.ts';
import type { Layer } from './flat-areas.ts';
import { CELL_PX, type Survey } from './survey.ts';

/** What is put together into the picture that is written. */
export interface Layers {
  /** Pixels of the source. */
  width: number;
  height: number;
  /** How much longer each side of the enlarged picture is. */
  scale: number;
  /** The shift of colours that is added everywhere; nothing when left out. */
  shift?: Pick<Survey, 'columns' | 'rows' | 'shift'> | undefined;
  /** A layer that is laid over. */
  over?: Layer | undefined;
}

/** Values that are known for each pixel of the source: three shifts, three colours of the layer, and how much of it shows. */
const VALUES = 7;

/**
 * Layer merge: adds the shift of colours to an enlarged picture and lays the layer over it. Both are known in the size of the source or
 * less, and are drawn large row by row, straight between the middles of pixels: memory does not depend on the result.
 */
export class LayerMerge {
  readonly #layers: Layers;
  /** What is known for some rows of the source, by row. */
  readonly #rows = new Map<number, Float32Array>();

  constructor(layers: Layers) {
    this.#layers = layers;
  }

  /** Changes whole rows of the enlarged picture in place. Rows come from the top down. */
  apply(rows: PixelRows): void {
    const { width, height, scale } = this.#layers;
    const rowValues = width * scale * rows.channels;
    const count = rows.data.length / rowValues;
    const mixed = new Float32Array(width * VALUES);
    for (let row = 0; row < count; row++) {
      const y = Math.min(height - 1, Math.max(0, (rows.top + row + 0.5) / scale - 0.5));
      const above = this.#sourceRow(Math.floor(y), rows.full);
      const below = this.#sourceRow(Math.min(height - 1, Math.floor(y) + 1), rows.full);
      const part = y - Math.floor(y);
      for (let at = 0; at < mixed.length; at++)
        mixed[at] = (above[at] as number) * (1 - part) + (below[at] as number) * part; // As long as each other.
      const line = rows.data.subarray(row * rowValues, (row + 1) * rowValues);
      mergeLine(line, rows.channels, mixed, width, scale, rows.full);
    }
  }

  #sourceRow(y: number, full: number): Float32Array {
    let row = this.#rows.get(y);
    if (!row) {
      row = this.#drawRow(y, full);
      for (const known of this.#rows.keys()) if (known < y - 1) this.#rows.delete(known);
      this.#rows.set(y, row);
    }
    return row;
  }

  #drawRow(y: number, full: number): Float32Array {
    const { width, shift, over } = this.#layers;
    const row = new Float32Array(width * VALUES);
    if (shift) putShift(row, width, y, shift, full / 255);
    if (over)
      for (let x = 0, from = y * width; x < width; x++, from++) {
        for (let colour = 0; colour < 3; colour++)
          row[x * VALUES + 3 + colour] = over.data[from * 3 + colour] as number; // Within bounds.
        row[x * VALUES + 6] = (over.mask[from] as number) / 255;
      }
    return row;
  }
}

/** Draws the shifts of cells for a row of the source, straight between the middles of cells. */
function putShift(
  row: Float32Array,
  width: number,
  y: number,
  { columns, rows, shift }: Pick<Survey, 'columns' | 'rows' | 'shift'>,
  fromLevels: number,
): void {
  const down = Math.min(rows - 1, Math.max(0, (y + 0.5) / CELL_PX - 0.5));
  const [top, partY] = [Math.floor(down), down - Math.floor(down)];
  const bottom = Math.min(rows - 1, top + 1);
  for (let x = 0; x < width; x++) {
    const along = Math.min(columns - 1, Math.max(0, (x + 0.5) / CELL_PX - 0.5));
    const [left, partX] = [Math.floor(along), along - Math.floor(along)];
    const right = Math.min(columns - 1, left + 1);
    for (let colour = 0; colour < 3; colour++) {
      const at = (line: number, column: number) => shift[(line * columns + column) * 3 + colour] as number; // Within bounds.
      const upper = at(top, left) * (1 - partX) + at(top, right) * partX;
      const lower = at(bottom, left) * (1 - partX) + at(bottom, right) * partX;
      row[x * VALUES + colour] = (upper * (1 - partY) + lower * partY) * fromLevels;
    }
  }
}

function mergeLine(
  line: Uint8Array | Uint16Array,
  channels: 3 | 4,
  known: Float32Array,
  width: number,
  scale: number,
  full: number,
): void {
  const half = scale / 2;
  const step = 1 / scale;
  // From the middle of one source pixel to that of the next; before the first and after the last there is nothing to go to.
  for (let x = -1; x < width; x++) {
    const a = Math.max(0, x) * VALUES;
    const b = Math.min(width - 1, x + 1) * VALUES;
    const first = x < 0 ? 0 : x * scale + half;
    const end = Math.min(width * scale, (x + 1) * scale + half);
    const shows = known[a + 6] !== 0 || known[b + 6] !== 0;
    for (let colour = 0; colour < 3; colour++) {
      const [from, to] = [known[a + colour] as number, known[b + colour] as number]; // Within bounds, as all below.
      // Less than half a level changes nothing.
      if (!shows && Math.abs(from) < 0.5 && Math.abs(to) < 0.5) continue;
      const change = (to - from) * step;
      let shift = from + change / 2;
      if (!shows) {
        for (let at = first * channels + colour; at < end * channels; at += channels, shift += change)
          line[at] = rounded((line[at] as number) + shift, full);
        continue;
      }
      const maskChange = ((known[b + 6] as number) - (known[a + 6] as number)) * step;
      let mask = (known[a + 6] as number) + maskChange / 2;
      const overChange = ((known[b + 3 + colour] as number) - (known[a + 3 + colour] as number)) * step;
      let over = (known[a + 3 + colour] as number) + overChange / 2;
      for (let at = first * channels + colour; at < end * channels; at += channels) {
        const under = (line[at] as number) + shift;
        line[at] = rounded(under + mask * (over - under), full);
        shift += change;
        mask += maskChange;
        over += overChange;
      }
    }
  }
}

function rounded(value: number, full: number): number {
  return value <= 0 ? 0 : value >= full ? full : (value + 0.5) | 0;
}
