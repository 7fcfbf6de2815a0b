import type { ExifTags } from './exif-tags.ts';
import { FORMAT_TRAITS, PHOTO_DATA_NAMES, type PhotoDataName, type PictureFormat } from './format.ts';
import { keptIptc } from './iptc.ts';
import type { Picture } from './open-picture.ts';
import { keptXmp } from './xmp.ts';

/** What of the data about a photo (camera, time, author, place) is written into a result. */
export const PHOTO_DATA_WISHES = ['strip', 'without-place', 'all'] as const;
export type PhotoDataWish = (typeof PHOTO_DATA_WISHES)[number];

/** Data about a photo, ready to be written. */
export interface PhotoData {
  exif?: ExifTags;
  xmp?: string;
  /** The records alone, without what a format puts around them. */
  iptc?: Uint8Array;
}

/**
 * Chooses what of the data about a photo goes into a result.
 * @returns the data, and sentences about what is lost: nothing is dropped silently.
 */
export function photoDataOf(
  { name, carries }: Pick<Picture, 'name' | 'carries'>,
  wish: PhotoDataWish,
  format: PictureFormat,
): { data: PhotoData; lost: string[] } {
  const { exif, iptc, xmp } = carries;
  const all = { EXIF: exif, IPTC: iptc, XMP: xmp } as const;
  const present = PHOTO_DATA_NAMES.filter((each) => all[each]);
  if (present.length === 0) return { data: {}, lost: [] };
  if (wish === 'strip')
    return { data: {}, lost: [`The data about the photo in ${name} (${present.join(', ')}) are not in the result.`] };

  const place = wish === 'all';
  const lost: string[] = [];
  const fits = (which: PhotoDataName, bytes: number) => {
    const remark = whyNot(format, which, bytes);
    if (remark) lost.push(`${remark}: those of ${name} are not in the result.`);
    return remark === undefined;
  };
  const data: PhotoData = {};
  if (exif && fits('EXIF', lengthOf(exif.tags))) {
    const { IFD3: where, ...rest } = exif.tags;
    data.exif = place && where ? { ...rest, IFD3: where } : rest;
    lost.push(`Of the EXIF data of ${name} the maker's notes and the thumbnail are left out.`);
    if (exif.damaged) lost.push(`The EXIF data of ${name} are damaged: what cannot be read of them is left out.`);
  }
  if (iptc && fits('IPTC', iptc.length)) {
    const clean = keptIptc(iptc, place);
    if (clean) data.iptc = clean;
    else if (!keptIptc(iptc, true)) lost.push(`The IPTC data of ${name} are damaged, and are left out.`);
  }
  if (xmp && fits('XMP', xmp.length)) {
    const clean = keptXmp(xmp, place);
    if (clean) data.xmp = clean;
    else lost.push(`The XMP data of ${name} are damaged, and are left out.`);
  }
  if (!place) lost.push(`Where the photo was taken is left out, if ${name} says it.`);
  return { data, lost };
}

/**
 * Whether the imaging library by itself takes over all data about a photo into a result, with those that nobody here knows, such as
 * the maker's notes: from JPEG and PNG, where the format has room for them.
 */
export function canTakeOverAll({ format: source, carries }: Picture, format: PictureFormat): boolean {
  const { iptc, xmp } = carries;
  if ((source !== 'jpeg' && source !== 'png') || format === 'tiff') return false;
  if (iptc && (source !== 'jpeg' || format !== 'jpeg')) return false;
  return whyNot(format, 'XMP', xmp?.length ?? 0) === undefined;
}

/** Why a format cannot hold so many bytes of some data, or nothing. */
function whyNot(format: PictureFormat, which: PhotoDataName, bytes: number): string | undefined {
  const { title, holds } = FORMAT_TRAITS[format];
  const most = holds[which];
  if (most === undefined) return `${title} holds no ${which} data`;
  return bytes > most ? `${title} holds at most ${most / 1000} kB of ${which} data` : undefined;
}

/** About how many bytes EXIF data take. */
function lengthOf(exif: ExifTags): number {
  const tags = Object.values(exif).flat();
  return tags.reduce((sum, { bytes }) => sum + 12 + bytes.length, 0);
}
