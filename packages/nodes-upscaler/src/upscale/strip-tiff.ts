import { type FileHandle, open } from 'node:fs/promises';

/** What a work file holds. */
export interface StripTiffShape {
  /** Pixels. */
  width: number;
  height: number;
  /** Red, green, blue, and with 4 alpha. */
  channels: 3 | 4;
  bits: 8 | 16;
  /** The colour profile that the values are meant in: sRGB when left out. */
  profile?: Uint8Array;
}

const ROWS_PER_STRIP = 16;
const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

/**
 * An uncompressed TIFF that is written from the top down, a few rows at a time, and that the imaging library then reads the same way: the
 * result of an upscale never lies in memory as a whole. Classic TIFF ends at 4 GB, twice the largest picture that is made.
 */
export class StripTiff implements AsyncDisposable {
  readonly #handle: FileHandle;
  #at: number;

  private constructor(handle: FileHandle, start: number) {
    this.#handle = handle;
    this.#at = start;
  }

  static async create(path: string, shape: StripTiffShape): Promise<StripTiff> {
    const handle = await open(path, 'w');
    const header = headerOf(shape);
    await handle.write(header, 0, header.length, 0);
    return new StripTiff(handle, tiffPixelsAt(shape));
  }

  /** Opens one that was begun, to go on below the rows it has. What was written below them is written again. */
  static async goOn(path: string, shape: StripTiffShape, rows: number): Promise<StripTiff> {
    const start = tiffPixelsAt(shape) + rows * shape.width * shape.channels * (shape.bits / 8);
    return new StripTiff(await open(path, 'r+'), start);
  }

  /** Appends whole rows. */
  async write(rows: Uint8Array | Uint16Array): Promise<void> {
    const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#at + done);
      done += bytesWritten;
    }
    this.#at += bytes.length;
  }

  /** Waits until what was written is on the disk, and not only on its way there. */
  async flush(): Promise<void> {
    await this.#handle.datasync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

/** The byte that the first row begins at. */
export function tiffPixelsAt(shape: StripTiffShape): number {
  return placesOf(shape).pixelsAt;
}

/**
 * Changes an area of a file that is there.
 * @param area pixels.
 * @param change receives the values of one row of the area after another, with all channels, and changes them in place.
 */
export async function patchTiff(
  path: string,
  shape: StripTiffShape,
  area: { left: number; top: number; width: number; height: number },
  change: (row: Uint8Array | Uint16Array, y: number) => void,
): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const values = area.width * shape.channels;
    const row = shape.bits === 8 ? new Uint8Array(values) : new Uint16Array(values);
    const bytes = new Uint8Array(row.buffer);
    const valueBytes = shape.bits / 8;
    for (let y = 0; y < area.height; y++) {
      const at = tiffPixelsAt(shape) + ((area.top + y) * shape.width + area.left) * shape.channels * valueBytes;
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
      if (bytesRead < bytes.length) throw new Error('A work file ended too early: it was cut off.');
      change(row, y);
      await handle.write(bytes, 0, bytes.length, at);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Where in the file things lie: the directory, lists that it points to, and the rows. */
function placesOf({ height, channels, profile }: StripTiffShape) {
  const strips = Math.ceil(height / ROWS_PER_STRIP);
  const entryCount = 10 + (channels === 4 ? 1 : 0) + (profile ? 1 : 0);
  const bitsAt = 8 + 2 + entryCount * 12 + 4;
  const offsetsAt = bitsAt + channels * 2 + ((channels * 2) % 4);
  const countsAt = offsetsAt + strips * 4;
  const profileAt = countsAt + strips * 4;
  const pixelsAt = profileAt + evenBytes(profile?.length ?? 0);
  return { strips, entryCount, bitsAt, offsetsAt, countsAt, profileAt, pixelsAt };
}

/** Places in a TIFF are even; on whole values of 32 bits, rows are read faster. */
function evenBytes(count: number): number {
  return Math.ceil(count / 4) * 4;
}

/** Header, directory and the places of all strips: everything that comes before the first row. */
function headerOf(shape: StripTiffShape): Uint8Array {
  const { width, height, channels, bits, profile } = shape;
  const { strips, entryCount, bitsAt, offsetsAt, countsAt, profileAt, pixelsAt } = placesOf(shape);
  const stripBytes = width * channels * (bits / 8) * ROWS_PER_STRIP;
  const lastBytes = width * channels * (bits / 8) * (height - (strips - 1) * ROWS_PER_STRIP);

  const view = new DataView(new ArrayBuffer(pixelsAt));
  view.setUint16(0, 0x4949, true); // "II": little-endian, as are all machines this runs on
  view.setUint16(2, 42, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, entryCount, true);
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, bitsAt],
    [259, SHORT, 1, 1], // not compressed
    [262, SHORT, 1, 2], // RGB
    // With a single strip the value itself stands where otherwise its place does.
    [273, LONG, strips, strips === 1 ? pixelsAt : offsetsAt],
    [277, SHORT, 1, channels],
    [278, LONG, 1, ROWS_PER_STRIP],
    [279, LONG, strips, strips === 1 ? lastBytes : countsAt],
    [284, SHORT, 1, 1], // the channels of a pixel side by side
    ...(channels === 4 ? ([[338, SHORT, 1, 2]] as [number, number, number, number][]) : []), // alpha, not multiplied in
    ...(profile ? ([[34675, UNDEFINED, profile.length, profileAt]] as [number, number, number, number][]) : []),
  ];
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + index * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (type === SHORT && count === 1) view.setUint16(at + 8, value, true);
    else view.setUint32(at + 8, value, true);
  }
  for (let channel = 0; channel < channels; channel++) view.setUint16(bitsAt + channel * 2, bits, true);
  for (let strip = 0; strip < strips; strip++) {
    view.setUint32(offsetsAt + strip * 4, pixelsAt + strip * stripBytes, true);
    view.setUint32(countsAt + strip * 4, strip === strips - 1 ? lastBytes : stripBytes, true);
  }
  const header = new Uint8Array(view.buffer);
  if (profile) header.set(profile, profileAt);
  return header;
}
