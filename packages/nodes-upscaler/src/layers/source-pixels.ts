import { decoding, type Picture, type Pipeline } from '@imaginarium/pictures';
import type { PixelRows } from '../inference/planes.ts';

/**
 * Decodes a picture into memory. For tiers whose scale keeps their input small: what becomes eight times as long has 4 million pixels at
 * most, and what becomes sixteen times as long a million.
 * @throws {NonRetryableError} when the picture is damaged.
 */
export async function sourcePixels(
  image: Pipeline,
  { name, deep }: Pick<Picture, 'name' | 'deep'>,
): Promise<PixelRows> {
  const raw = image.toColourspace(deep ? 'rgb16' : 'srgb').raw({ depth: deep ? 'ushort' : 'uchar' });
  const { data, info } = await decoding(name, () => raw.toBuffer({ resolveWithObject: true }));
  const { width, channels } = info;
  if (channels !== 3 && channels !== 4) throw new Error(`Expected 3 or 4 channels, received ${channels}.`);
  const values = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data);
  return { data: values, width, channels, top: 0, full: deep ? 65535 : 255 };
}
