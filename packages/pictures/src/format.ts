/** The formats that pictures are written in. */
export const PICTURE_FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** The data about a photo that files carry. */
export const PHOTO_DATA_NAMES = ['EXIF', 'IPTC', 'XMP'] as const;
export type PhotoDataName = (typeof PHOTO_DATA_NAMES)[number];

/** What a format can hold. */
export interface FormatTraits {
  title: string;
  mime: string;
  /** The file extension it is written with, without the dot. */
  extension: string;
  /** Whether `quality` means something. */
  lossy: boolean;
  alpha: boolean;
  /** Whether 16 bits a channel are kept. */
  deep: boolean;
  /** Whether shades of grey are kept as such. */
  grey: boolean;
  /** The longest side it can have, in pixels. */
  maxSide: number;
  /** Which data about a photo are written into it, and the most bytes of each. */
  holds: Partial<Record<PhotoDataName, number>>;
}

export const FORMAT_TRAITS: Record<PictureFormat, FormatTraits> = {
  png: {
    title: 'PNG',
    mime: 'image/png',
    extension: 'png',
    lossy: false,
    alpha: true,
    deep: true,
    grey: true,
    maxSide: 2 ** 31 - 1,
    holds: { EXIF: Infinity, IPTC: Infinity, XMP: Infinity },
  },
  jpeg: {
    title: 'JPEG',
    mime: 'image/jpeg',
    extension: 'jpg',
    lossy: true,
    alpha: false,
    deep: false,
    grey: true,
    maxSide: 65_535,
    // A segment says its length in 16 bits; of what is longer the imaging library writes nothing, without a word.
    holds: { EXIF: 60_000, IPTC: 65_000, XMP: 60_000 },
  },
  webp: {
    title: 'WebP',
    mime: 'image/webp',
    extension: 'webp',
    lossy: true,
    alpha: true,
    deep: false,
    grey: false,
    maxSide: 16_383,
    holds: { EXIF: Infinity, XMP: Infinity },
  },
  avif: {
    title: 'AVIF',
    mime: 'image/avif',
    extension: 'avif',
    lossy: true,
    alpha: true,
    deep: false,
    grey: false,
    maxSide: 16_384,
    holds: { EXIF: Infinity, XMP: Infinity },
  },
  tiff: {
    title: 'TIFF',
    mime: 'image/tiff',
    extension: 'tiff',
    lossy: false,
    alpha: true,
    deep: true,
    grey: true,
    maxSide: 2 ** 31 - 1,
    holds: { EXIF: Infinity, IPTC: Infinity, XMP: Infinity },
  },
};

/** The format to write for one that was read, named as the imaging library names it. What cannot be written becomes a PNG. */
export function formatOfName(name: string): PictureFormat {
  if (name === 'heif') return 'avif';
  return PICTURE_FORMATS.find((format) => format === name) ?? 'png';
}

/** A file name without its extension: `me.photo` of `me.photo.PNG`. A leading dot begins no extension. */
export function baseName(name: string): string {
  return name.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '');
}
