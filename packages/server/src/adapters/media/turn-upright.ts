import { type FileHandle, open } from 'node:fs/promises';
import type { Sharp } from 'sharp';

/** A picture that lies on its side, or is mirrored, as its EXIF data say. */
export interface LyingPicture {
  /** Pixels as they are stored. */
  width: number;
  height: number;
  /** 2 to 8. */
  orientation: number;
  /** Reads it anew, from the top down, to give 8 bits a channel in sRGB. */
  read(): Sharp;
}

/** How a part of a stored picture is turned: mirrored, then by degrees clockwise. */
interface Turn {
  degrees: 0 | 90 | 180 | 270;
  flip?: boolean;
  flop?: boolean;
  /** Whether its rows are columns of what is stored. */
  onItsSide: boolean;
  /** Whether its first row is the last one, or the last column, of what is stored. */
  fromTheEnd: boolean;
}

const TURNS: Record<number, Turn> = {
  2: { degrees: 0, flop: true, onItsSide: false, fromTheEnd: false },
  3: { degrees: 180, onItsSide: false, fromTheEnd: true },
  4: { degrees: 0, flip: true, onItsSide: false, fromTheEnd: true },
  5: { degrees: 90, flip: true, onItsSide: true, fromTheEnd: false },
  6: { degrees: 90, onItsSide: true, fromTheEnd: false },
  7: { degrees: 270, flip: true, onItsSide: true, fromTheEnd: true },
  8: { degrees: 270, onItsSide: true, fromTheEnd: true },
};

/** Rows of a strip of the file: readers take a strip at a time. */
const STRIP_ROWS = 16;

/**
 * Writes a picture upright into an uncompressed TIFF file, from band to band: memory depends on the band, and the picture is read once for
 * each.
 * @param bandPixels most pixels of a band; at least a row is taken.
 */
export async function turnUpright(
  { width: storedWidth, height: storedHeight, orientation, read }: LyingPicture,
  target: string,
  bandPixels: number,
): Promise<void> {
  const turn = TURNS[orientation];
  if (!turn) throw new Error(`orientation: expected 2 to 8, received ${orientation}`);
  const [width, height] = turn.onItsSide ? [storedHeight, storedWidth] : [storedWidth, storedHeight];
  const bandRows = Math.max(1, Math.floor(bandPixels / width));
  await using file = await open(target, 'wx');
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const from = turn.fromTheEnd ? height - top - rows : top;
    const region = turn.onItsSide
      ? { left: from, top: 0, width: rows, height: storedHeight }
      : { left: 0, top: from, width: storedWidth, height: rows };
    const part = read().extract(region).rotate(turn.degrees);
    const { data, info } = await part
      .flip(turn.flip ?? false)
      .flop(turn.flop ?? false)
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (top === 0) await file.writeFile(tiffHeader({ width, height, channels: info.channels }));
    await writeAll(file, data);
  }
}

async function writeAll(file: FileHandle, data: Buffer): Promise<void> {
  for (let at = 0; at < data.length; ) at += (await file.write(data, at)).bytesWritten;
}

/** What stands before the pixels of an uncompressed TIFF file. */
function tiffHeader({ width, height, channels }: { width: number; height: number; channels: number }): Buffer {
  const strips = Math.ceil(height / STRIP_ROWS);
  const isColour = channels >= 3;
  const tags: [tag: number, type: 'short' | 'long', values: number[]][] = [
    [256, 'long', [width]],
    [257, 'long', [height]],
    [258, 'short', Array.from({ length: channels }, () => 8)],
    [259, 'short', [1]],
    [262, 'short', [isColour ? 2 : 1]],
    [273, 'long', []],
    [277, 'short', [channels]],
    [278, 'long', [STRIP_ROWS]],
    [279, 'long', []],
    [284, 'short', [1]],
    ...(channels % 2 === 0 ? [[338, 'short', [2]] satisfies [number, 'short', number[]]] : []),
  ];
  const listAt = 8 + 2 + tags.length * 12 + 4;
  const bitsLength = channels > 2 ? channels * 2 : 0;
  const [offsetsAt, countsAt] = [listAt + bitsLength, listAt + bitsLength + strips * 4];
  const pixelsAt = countsAt + strips * 4;
  const rowBytes = width * channels;
  const header = Buffer.alloc(pixelsAt);
  header.write('II*\0', 0, 'latin1');
  header.writeUInt32LE(8, 4);
  header.writeUInt16LE(tags.length, 8);
  for (const [index, [tag, type, values]] of tags.entries()) {
    const at = 10 + index * 12;
    const isList = tag === 273 || tag === 279;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type === 'short' ? 3 : 4, at + 2);
    header.writeUInt32LE(isList ? strips : values.length, at + 4);
    if (isList && strips > 1) header.writeUInt32LE(tag === 273 ? offsetsAt : countsAt, at + 8);
    else if (isList) header.writeUInt32LE(tag === 273 ? pixelsAt : rowBytes * height, at + 8);
    else if (values.length > 2) header.writeUInt32LE(listAt, at + 8);
    else for (const [place, value] of values.entries()) writeShortOrLong(header, value, type, at + 8 + place * 2);
  }
  for (let channel = 0; bitsLength > 0 && channel < channels; channel++) header.writeUInt16LE(8, listAt + channel * 2);
  for (let strip = 0; strip < strips; strip++) {
    const rows = Math.min(STRIP_ROWS, height - strip * STRIP_ROWS);
    header.writeUInt32LE(pixelsAt + strip * STRIP_ROWS * rowBytes, offsetsAt + strip * 4);
    header.writeUInt32LE(rows * rowBytes, countsAt + strip * 4);
  }
  return header;
}

function writeShortOrLong(header: Buffer, value: number, type: 'short' | 'long', at: number): void {
  if (type === 'short') header.writeUInt16LE(value, at);
  else header.writeUInt32LE(value, at);
}
