import type { Area } from '../tiling/tile-grid.ts';
import { BadTileError } from './check-output.ts';
import type { PixelRows } from './planes.ts';

/** Pixels as networks for bytes take them: red, green and blue side by side. */
export interface BytePixels {
  data: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
}

/** What such a network gives: for each pixel the square it becomes, one row of the square after the other. */
export interface Squares {
  data: Uint8Array;
  /** Pixels that became squares. */
  width: number;
  height: number;
  /** Pixels on each side of a square. */
  scale: number;
}

/**
 * The part of some rows of 8 bits that lies in `area`. Alpha is left out. Beyond the edge of the rows the pixels at the edge go on, as in
 * `planesOf`.
 */
export function cutPixels({ data, width, channels, top }: PixelRows, area: Area): BytePixels {
  const pixels = new Uint8Array(3 * area.width * area.height);
  const height = data.length / (width * channels);
  let to = 0;
  for (let y = area.top - top; y < area.top - top + area.height; y++) {
    const row = Math.min(height - 1, Math.max(0, y)) * width;
    for (let x = area.left; x < area.left + area.width; x++, to += 3) {
      const from = (row + Math.min(width - 1, Math.max(0, x))) * channels;
      pixels[to] = data[from] as number; // Within bounds, as the next two.
      pixels[to + 1] = data[from + 1] as number;
      pixels[to + 2] = data[from + 2] as number;
    }
  }
  return { data: pixels, width: area.width, height: area.height };
}

/**
 * Writes squares into rows.
 * @param area those to write, by the pixels they were.
 * @param left the column of the result that the first of them begins at; `top` the row.
 */
export function putSquares(squares: Squares, area: Area, rows: PixelRows, left: number, top: number): void {
  if (rows.channels === 3) putWholeRows(squares, area, rows, left, top);
  else putPixels(squares, area, rows, left, top);
}

/** Without alpha, a row of a square is a piece of a row of the result: it is copied a few bytes at a time. */
function putWholeRows({ data, width, scale }: Squares, area: Area, rows: PixelRows, left: number, top: number): void {
  const pieceBytes = scale * 3;
  const unit = unitFor(pieceBytes, data, rows.data);
  const [from, to] = [inUnits(data, unit), inUnits(rows.data, unit)];
  const piece = pieceBytes / unit;
  const square = piece * scale;
  const rowUnits = (rows.width * 3) / unit;
  const leftUnits = (left * 3) / unit;
  for (let y = 0; y < area.height; y++)
    for (let line = 0; line < scale; line++) {
      let source = ((area.top + y) * width + area.left) * square + line * piece;
      let target = (top - rows.top + y * scale + line) * rowUnits + leftUnits;
      for (let x = 0; x < area.width; x++, source += square - piece)
        for (const end = source + piece; source < end; source++, target++) to[target] = from[source] as number; // Within bounds.
    }
}

/** The most bytes that pieces of so many can be copied by at a time. Pieces begin at multiples of their length. */
function unitFor(pieceBytes: number, ...arrays: readonly ArrayBufferView[]): 1 | 2 | 4 {
  const fits = (unit: number) =>
    pieceBytes % unit === 0 && arrays.every(({ byteOffset, byteLength }) => (byteOffset | byteLength) % unit === 0);
  return fits(4) ? 4 : fits(2) ? 2 : 1;
}

function inUnits({ buffer, byteOffset, byteLength }: ArrayBufferView, unit: 1 | 2 | 4) {
  if (unit === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return unit === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

function putPixels({ data, width, scale }: Squares, area: Area, rows: PixelRows, left: number, top: number): void {
  const { channels } = rows;
  for (let y = 0; y < area.height * scale; y++) {
    const line = y % scale;
    const first = (area.top + Math.floor(y / scale)) * width + area.left;
    let to = ((top - rows.top + y) * rows.width + left) * channels;
    for (let x = 0; x < area.width * scale; x++, to += channels) {
      const from = (((first + Math.floor(x / scale)) * scale + line) * scale + (x % scale)) * 3;
      rows.data[to] = data[from] as number; // Within bounds, as the next two.
      rows.data[to + 1] = data[from + 1] as number;
      rows.data[to + 2] = data[from + 2] as number;
    }
  }
}

/** Levels that a picture differs by at least where one flat tone cannot be right. */
const SEEN_LEVELS = 8;

/**
 * As `checkOutput`: networks that overflow give black or white. Bytes are always numbers.
 * @throws {BadTileError}
 */
export function checkSquares(input: BytePixels, { data }: Squares): void {
  const [first] = data;
  // In nearly all tiles the second or third byte is another one.
  if (!data.every((value) => value === first)) return;
  let [low, high] = [255, 0];
  for (const value of input.data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (high - low > SEEN_LEVELS)
    throw new BadTileError('the network gave one flat colour for a picture that is not flat');
}
