import { insertBytes } from './insert-bytes.ts';
import { iptcSegment } from './iptc.ts';
import { pngIptcChunk } from './png-iptc.ts';

/** Behind the mark that begins a JPEG. */
const JPEG_START = 2;
/** Behind the mark that begins a PNG, and the chunk about its size. */
const PNG_START = 33;

/**
 * Puts IPTC records into a JPEG file, which the imaging library cannot: it keeps those of its input or none.
 * @param records no more bytes than JPEG holds: a segment says its length in 16 bits.
 */
export async function putJpegIptc(path: string, records: Uint8Array): Promise<void> {
  const segment = iptcSegment(records);
  const head = Buffer.from([0xff, 0xed, 0, 0]);
  head.writeUInt16BE(segment.length + 2, 2);
  await insertBytes(path, JPEG_START, Buffer.concat([head, segment]));
}

/** Puts IPTC records into a PNG file, as a text that programs agreed upon: the format has no place of its own for them. */
export async function putPngIptc(path: string, records: Uint8Array): Promise<void> {
  await insertBytes(path, PNG_START, pngIptcChunk(records));
}
