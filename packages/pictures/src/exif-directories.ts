import { EXIF_POINTER, type ExifTags, GPS_POINTER } from './exif-tags.ts';
import { directoryBytes, pointerTo } from './tiff/directory-bytes.ts';
import type { Entry } from './tiff/read-directory.ts';
import { BYTE, OPAQUE, type Tag, type TiffShape } from './tiff/shape.ts';

/** Which edition of EXIF the tags are of. Programs ask for it before they look at the others. */
const EDITION: Tag = { number: 36_864, kind: OPAQUE, count: 4, bytes: Buffer.from('0232') };
const GPS_EDITION: Tag = { number: 0, kind: BYTE, count: 4, bytes: Buffer.from([2, 3, 0, 0]) };

/**
 * The directories of EXIF data, the one about the picture last.
 * @param at where in the file they will lie, at a place where a directory may.
 * @param beside what else the directory about the picture is to have, and where the next one lies. Its tags give way to those of EXIF.
 * @returns the directories, and where the one about the picture lies.
 */
export function exifDirectories(
  exif: ExifTags,
  at: number,
  shape: TiffShape,
  beside: { tags: readonly (Tag | Entry)[]; next: number },
): { bytes: Buffer; first: number } {
  const parts: Buffer[] = [];
  let end = at;
  const place = (tags: readonly (Tag | Entry)[], next = 0) => {
    const from = end;
    const bytes = directoryBytes(tags, from, shape, next);
    parts.push(bytes);
    end += bytes.length;
    return from;
  };
  const pictureTags: Tag[] = [...(exif.IFD0 ?? [])];
  if (exif.IFD2) pictureTags.push(pointerTo(EXIF_POINTER, place([EDITION, ...exif.IFD2]), shape));
  if (exif.IFD3) pictureTags.push(pointerTo(GPS_POINTER, place([GPS_EDITION, ...exif.IFD3]), shape));
  const own = new Set(pictureTags.map(({ number }) => number));
  const others = beside.tags.filter(({ number }) => !own.has(number));
  const first = place([...others, ...pictureTags], beside.next);
  return { bytes: Buffer.concat(parts), first };
}
