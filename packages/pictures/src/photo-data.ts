import { FORMAT_TRAITS, type PictureFormat } from './format.ts';
import { keptIptc } from './iptc.ts';
import type { Picture } from './open-picture.ts';
import { type ExifTexts, readExif } from './read-exif.ts';
import { keptXmp } from './xmp.ts';

/** What of the data about a photo (camera, time, author, place) is written into a result. */
export const PHOTO_DATA_WISHES = ['strip', 'without-place', 'all'] as const;
export type PhotoDataWish = (typeof PHOTO_DATA_WISHES)[number];

/** Data about a photo, ready to be written. */
export interface PhotoData {
  exif?: ExifTexts;
  xmp?: string;
  /** The content of a JPEG's segment for them (APP13), which the imaging library cannot write. */
  iptc?: Uint8Array;
}

/**
 * Chooses what of the data about a photo goes into a result.
 * @returns the data, and sentences about what is lost: nothing is dropped silently.
 */
export function photoDataOf(
  { name, carries }: Picture,
  wish: PhotoDataWish,
  format: PictureFormat,
): { data: PhotoData; lost: string[] } {
  const { exif, iptc, xmp } = carries;
  const all = { EXIF: exif, IPTC: iptc, XMP: xmp } as const;
  const present = (['EXIF', 'IPTC', 'XMP'] as const).filter((each) => all[each]);
  if (present.length === 0) return { data: {}, lost: [] };
  if (wish === 'strip')
    return { data: {}, lost: [`The data about the photo in ${name} (${present.join(', ')}) are not in the result.`] };

  const place = wish === 'all';
  const { title, holds } = FORMAT_TRAITS[format];
  const lost = present
    .filter((each) => !holds.includes(each))
    .map((each) => `${title} holds no ${each} data: those of ${name} are not in the result.`);
  const data: PhotoData = {};
  if (exif && holds.includes('EXIF')) {
    const { IFD3: where, ...rest } = readExif(exif);
    data.exif = place && where ? { ...rest, IFD3: where } : rest;
    lost.push(`Of the EXIF data of ${name} the maker's notes and the thumbnail are left out.`);
  }
  const cleanXmp = xmp && holds.includes('XMP') ? keptXmp(xmp, place) : undefined;
  if (cleanXmp) data.xmp = cleanXmp;
  const cleanIptc = iptc && holds.includes('IPTC') ? keptIptc(iptc, place) : undefined;
  if (cleanIptc) data.iptc = cleanIptc;
  if (!place) lost.push(`Where the photo was taken is left out, if ${name} says it.`);
  return { data, lost };
}
