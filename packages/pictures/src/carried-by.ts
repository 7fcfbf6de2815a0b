import { closeSync, fstatSync, openSync } from 'node:fs';
import type { Metadata } from 'sharp';
import { PNG_IPTC, readPngIptc } from './png-iptc.ts';
import { type Exif, exifOf, readExif } from './read-exif.ts';
import { readerOf } from './tiff/file-reader.ts';

/** Data about a photo as its file carries them: camera, author, place. */
export interface Carried {
  exif?: Exif;
  iptc?: Uint8Array;
  xmp?: Uint8Array;
}

/**
 * The data about the photo in a picture: what the imaging library gives, and what it does not read, the EXIF data of a TIFF and the IPTC
 * data of a PNG.
 */
export function carriedBy(path: string, meta: Metadata): Carried {
  const exif = meta.format === 'tiff' ? exifOfTiff(path) : meta.exif && exifOf(meta.exif);
  const iptc = meta.iptc ?? meta.tifftagPhotoshop ?? iptcOfPng(meta);
  return { ...(exif ? { exif } : {}), ...(iptc ? { iptc } : {}), ...(meta.xmp ? { xmp: meta.xmp } : {}) };
}

/** Every TIFF has tags; only some of them are about a photo. */
function exifOfTiff(path: string): Exif | undefined {
  const descriptor = openSync(path, 'r');
  try {
    const exif = readExif(readerOf(descriptor, fstatSync(descriptor).size));
    return exif.damaged || Object.keys(exif.tags).length > 0 ? exif : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function iptcOfPng({ comments = [] }: Metadata): Uint8Array | undefined {
  const found = comments.find(({ keyword }) => keyword === PNG_IPTC);
  return found && readPngIptc(found.text);
}
