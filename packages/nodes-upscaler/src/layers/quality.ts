import { loadSharp } from '@imaginarium/pictures';
import { averageDown, type PixelRows, planesOf, putWhole } from '../inference/planes.ts';
import type { Area } from '../tiling/tile-grid.ts';
import type { Pass } from '../upscale/enlarge-pass.ts';
import { patchTiff, type StripTiffShape } from '../upscale/strip-tiff.ts';
import { CELL_PX, type Survey } from './survey.ts';

/** Sides of the areas that are drawn again, in cells. */
const BLOCK_CELLS = 4;
/** A cell may differ by so many levels, or by half of what there is to see in it, if that is more. */
const MOST_ERROR = 24;
const SHARE_OF_CONTRAST = 0.5;
/** What is seen in the source, in levels, and not at all in the enlarged picture. */
const VISIBLE = 4;
const SHARE_DRAWN = 0.1;
/** Pixels of the source around an area that networks look at. More than all radii of those that come with the package together. */
const MARGIN_PX = 16;

/** What a quality pass found. */
export interface Quality {
  /** Areas of the source whose enlargement does not show what they show. */
  bad: Area[];
  /** How many were looked at. */
  areas: number;
  /** The largest difference of a cell that is taken for right, in levels. */
  worst: number;
}

/**
 * Finds the areas of an enlarged picture that do not show what the source shows: those of another brightness or colour, and flat ones where the source is not.
 * @param except areas that are meant to differ, such as restored faces.
 */
export function findBadAreas(seen: Survey, width: number, height: number, except: readonly Area[]): Quality {
  const found: Quality = { bad: [], areas: 0, worst: 0 };
  const side = BLOCK_CELLS * CELL_PX;
  for (let top = 0; top < height; top += side)
    for (let left = 0; left < width; left += side) {
      const area = { left, top, width: Math.min(side, width - left), height: Math.min(side, height - top) };
      if (except.some((other) => meet(area, other))) continue;
      found.areas++;
      let isBad = false;
      for (let y = top; y < top + area.height; y += CELL_PX)
        for (let x = left; x < left + area.width; x += CELL_PX) {
          const cell = Math.floor(y / CELL_PX) * seen.columns + Math.floor(x / CELL_PX);
          if (isCellBad(seen, cell)) isBad = true;
          else found.worst = Math.max(found.worst, seen.error[cell] ?? 0);
        }
      if (isBad) found.bad.push(area);
    }
  return found;
}

function isCellBad({ error, contrast, drawn }: Survey, cell: number): boolean {
  const [off, there, shown] = [error[cell] ?? 0, contrast[cell] ?? 0, drawn[cell] ?? 0];
  if (off > Math.max(MOST_ERROR, SHARE_OF_CONTRAST * there)) return true;
  return there > VISIBLE && shown < SHARE_DRAWN * there;
}

function meet(a: Area, b: Area): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

/**
 * Draws an area again by networks, in one piece.
 * @returns its pixels, in colour.
 */
export async function drawnByNetworks(source: PixelRows, area: Area, passes: readonly Pass[]): Promise<PixelRows> {
  const read = {
    left: area.left - MARGIN_PX,
    top: area.top - MARGIN_PX,
    width: area.width + 2 * MARGIN_PX,
    height: area.height + 2 * MARGIN_PX,
  };
  let planes = planesOf(source, read);
  let scale = 1;
  for (const pass of passes) {
    const output = await pass.network.enlarge(planes);
    // What is too bright or too dark is cut off between passes, as it is on the way through a file.
    for (let at = 0; at < output.data.length; at++)
      output.data[at] = Math.min(1, Math.max(0, output.data[at] as number)); // Within bounds.
    const whole = { left: 0, top: 0, width: output.width, height: output.height };
    planes = pass.network.scale === pass.scale ? output : averageDown(output, whole, pass.network.scale / pass.scale);
    scale *= pass.scale;
  }
  const rows = emptyRows(source, { width: planes.width, height: planes.height });
  putWhole(planes, rows, 0, 0);
  return cutOut(rows, MARGIN_PX * scale, area.width * scale, area.height * scale);
}

/** Draws an area again by resampling alone: nothing is added, and nothing can go wrong. */
export async function drawnByResampling(source: PixelRows, area: Area, scale: number): Promise<PixelRows> {
  const height = source.data.length / (source.width * source.channels);
  const left = Math.max(0, area.left - MARGIN_PX);
  const top = Math.max(0, area.top - MARGIN_PX);
  const right = Math.min(source.width, area.left + area.width + MARGIN_PX);
  const bottom = Math.min(height, area.top + area.height + MARGIN_PX);
  const sharp = await loadSharp();
  const { width, channels, data, full } = source;
  const image = sharp(data, { raw: { width, height, channels } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .removeAlpha()
    .resize({ width: (right - left) * scale, height: (bottom - top) * scale, fit: 'fill', kernel: 'cubic' })
    .extract({
      left: (area.left - left) * scale,
      top: (area.top - top) * scale,
      width: area.width * scale,
      height: area.height * scale,
    })
    .toColourspace(full === 255 ? 'srgb' : 'rgb16')
    .raw({ depth: full === 255 ? 'uchar' : 'ushort' });
  const bytes = await image.toBuffer();
  const values =
    full === 255 ? new Uint8Array(bytes) : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return { data: values, width: area.width * scale, channels: 3, top: 0, full };
}

/** Writes an area into an enlarged picture; transparency stays as it is there. */
export async function putArea(
  path: string,
  shape: StripTiffShape,
  area: Area,
  scale: number,
  drawn: PixelRows,
): Promise<void> {
  const place = { left: area.left * scale, top: area.top * scale, width: drawn.width, height: area.height * scale };
  await patchTiff(path, shape, place, (row, y) => {
    for (let x = 0; x < drawn.width; x++)
      for (let colour = 0; colour < 3; colour++)
        row[x * shape.channels + colour] = drawn.data[(y * drawn.width + x) * 3 + colour] as number; // Within bounds.
  });
}

function emptyRows({ full }: PixelRows, { width, height }: { width: number; height: number }): PixelRows {
  const values = width * height * 3;
  return { data: full === 255 ? new Uint8Array(values) : new Uint16Array(values), width, channels: 3, top: 0, full };
}

function cutOut(rows: PixelRows, edge: number, width: number, height: number): PixelRows {
  const cut = emptyRows(rows, { width, height });
  for (let y = 0; y < height; y++) {
    const from = ((y + edge) * rows.width + edge) * 3;
    cut.data.set(rows.data.subarray(from, from + width * 3), y * width * 3);
  }
  return cut;
}
