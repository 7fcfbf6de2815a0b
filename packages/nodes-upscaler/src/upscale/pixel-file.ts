import { type FileHandle, open } from 'node:fs/promises';
import { decoding, type Pipeline } from '@imaginarium/pictures';
import type { PixelRows } from '../inference/planes.ts';
import { type StripTiffShape, tiffPixelsAt } from './strip-tiff.ts';

/** Bytes before the pixels, and the places of the numbers in them: the native format of libvips, in the machine's byte order. */
const HEADER_BYTES = 64;
const WIDTH_AT = 4;
const HEIGHT_AT = 8;
const CHANNELS_AT = 12;
const FORMAT_AT = 20;
const FORMAT_16_BIT = 2;

interface Layout {
  /** Pixels. */
  width: number;
  height: number;
  channels: number;
  /** The value of full brightness. */
  full: 255 | 65535;
  /** The byte that the pixels begin at. */
  start: number;
}

/** A decoded picture on disk, read a few rows at a time: memory does not depend on its size. */
export class PixelFile implements AsyncDisposable {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly full: 255 | 65535;
  readonly #start: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, { width, height, channels, full, start }: Layout) {
    this.#handle = handle;
    this.#start = start;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.full = full;
  }

  /**
   * Decodes a picture into a file.
   * @param name the picture's name, for errors.
   * @throws {NonRetryableError} when the picture is damaged.
   */
  static async decode(image: Pipeline, path: string, name: string): Promise<PixelFile> {
    await decoding(name, () => image.toFile(path));
    const handle = await open(path, 'r');
    const header = new Uint8Array(HEADER_BYTES);
    await handle.read(header, 0, HEADER_BYTES, 0);
    const view = new DataView(header.buffer);
    const number = (at: number) => view.getInt32(at, true);
    return new PixelFile(handle, {
      ...{ width: number(WIDTH_AT), height: number(HEIGHT_AT), channels: number(CHANNELS_AT), start: HEADER_BYTES },
      full: number(FORMAT_AT) === FORMAT_16_BIT ? 65535 : 255,
    });
  }

  /** Opens what a pass before wrote as a TIFF of this shape. */
  static async ofTiff(path: string, shape: StripTiffShape): Promise<PixelFile> {
    const { width, height, channels, bits } = shape;
    const layout = { width, height, channels, full: bits === 8 ? 255 : 65535, start: tiffPixelsAt(shape) } as const;
    return new PixelFile(await open(path, 'r'), layout);
  }

  /** Some rows, as they are stored. */
  async rows(top: number, count: number): Promise<Uint8Array | Uint16Array> {
    const values = this.width * this.channels * count;
    const data = this.full === 255 ? new Uint8Array(values) : new Uint16Array(values);
    const bytes = new Uint8Array(data.buffer);
    const start = this.#start + top * this.width * this.channels * data.BYTES_PER_ELEMENT;
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) throw new Error('A decoded picture ended too early: its work file was cut off.');
      done += bytesRead;
    }
    return data;
  }

  /** Some rows of a picture in colour. */
  async colourRows(top: number, count: number): Promise<PixelRows> {
    if (this.channels !== 3 && this.channels !== 4)
      throw new Error(`Expected 3 or 4 channels, received ${this.channels}.`);
    return { data: await this.rows(top, count), width: this.width, channels: this.channels, top, full: this.full };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
