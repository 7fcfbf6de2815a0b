import { type FileHandle, open } from 'node:fs/promises';
import { decoding, type Pipeline } from '@imaginarium/pictures';
import type { PixelRows } from '../inference/planes.ts';

/** Bytes before the pixels, and the places of the numbers in them: the native format of libvips, in the machine's byte order. */
const HEADER_BYTES = 64;
const WIDTH_AT = 4;
const HEIGHT_AT = 8;
const CHANNELS_AT = 12;
const FORMAT_AT = 20;
const FORMAT_16_BIT = 2;

/** A decoded picture on disk, read a few rows at a time: memory does not depend on its size. */
export class PixelFile implements AsyncDisposable {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly full: 255 | 65535;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, header: DataView) {
    const number = (at: number) => header.getInt32(at, true);
    this.#handle = handle;
    this.width = number(WIDTH_AT);
    this.height = number(HEIGHT_AT);
    this.channels = number(CHANNELS_AT);
    this.full = number(FORMAT_AT) === FORMAT_16_BIT ? 65535 : 255;
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
    return new PixelFile(handle, new DataView(header.buffer));
  }

  /** Some rows, as they are stored. */
  async rows(top: number, count: number): Promise<Uint8Array | Uint16Array> {
    const values = this.width * this.channels * count;
    const data = this.full === 255 ? new Uint8Array(values) : new Uint16Array(values);
    const bytes = new Uint8Array(data.buffer);
    const start = HEADER_BYTES + top * this.width * this.channels * data.BYTES_PER_ELEMENT;
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
