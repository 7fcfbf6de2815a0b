import { open } from 'node:fs/promises';
import { exifDirectories } from './exif-directories.ts';
import type { PhotoData } from './photo-data.ts';
import { aligned } from './tiff/directory-bytes.ts';
import { readerOf } from './tiff/file-reader.ts';
import { readDirectory, readHeader } from './tiff/read-directory.ts';
import { directorySizes, OPAQUE, putNumber, type Tag } from './tiff/shape.ts';

const IPTC = 33_723;
/** A directory of the imaging library has two dozen. */
const MOST_TAGS = 1000;
/** Offsets have 32 bits, except in BigTIFF. The largest result has half as many bytes. */
const END = 2 ** 32;

/**
 * Puts EXIF and IPTC data into a TIFF file, which the imaging library cannot. The first directory is written anew behind all else, and the
 * header is made to point at it last: the pixels stay where they are, and a write that breaks off leaves the file as it was.
 */
export async function putTiffData(path: string, { exif = {}, iptc }: Pick<PhotoData, 'exif' | 'iptc'>): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const read = readerOf(file.fd, size);
    const head = readHeader(read);
    if (!head) throw new Error(`${path} is no TIFF file.`);
    const { shape } = head;
    const { entries, next, whole } = readDirectory(read, head.first, shape, MOST_TAGS);
    if (!whole) throw new Error(`The first directory of ${path} is damaged.`);
    const at = aligned(size, shape);
    const kept = iptc ? entries.filter(({ number }) => number !== IPTC) : entries;
    const beside = { tags: iptc ? [...kept, iptcTag(iptc)] : kept, next };
    // As long wherever they lie.
    if (!shape.big && at + exifDirectories(exif, 0, shape, beside).bytes.length > END) return;
    const { bytes, first } = exifDirectories(exif, at, shape, beside);
    await file.write(bytes, 0, bytes.length, at);
    const pointer = Buffer.alloc(directorySizes(shape).value);
    putNumber(pointer, 0, pointer.length, first, shape.little);
    // It stands as far into the header as it is long.
    await file.write(pointer, 0, pointer.length, pointer.length);
  } finally {
    await file.close();
  }
}

/** Older programs count its bytes in words of four; the imaging library and what reads TIFF today take them as they are. */
function iptcTag(iptc: Uint8Array): Tag {
  return { number: IPTC, kind: OPAQUE, count: iptc.length, bytes: Buffer.from(iptc) };
}
