import { EXIF_TAGS, type ExifDirectory, type ExifTags } from './exif-tags.ts';
import { BYTE, FRACTION, LONG, OPAQUE, SHORT, SIGNED_FRACTION, SIGNED_LONG, type Tag, TEXT } from './tiff/shape.ts';

/** EXIF data as texts, in the form that the imaging library writes them from: `1/125`, `2026:01:02 03:04:05`. */
export type ExifTexts = Partial<Record<ExifDirectory, Record<string, string>>>;

/** Tags by their names, with their values in words. What has none is left out. */
export function exifTexts(tags: ExifTags): ExifTexts {
  const texts: ExifTexts = {};
  for (const name of ['IFD0', 'IFD2', 'IFD3'] as const) {
    const titled = (tags[name] ?? []).flatMap((tag) => {
      const title = EXIF_TAGS[name][tag.number];
      const text = textOf(tag);
      return title && text ? [[title, text] as const] : [];
    });
    if (titled.length > 0) texts[name] = Object.fromEntries(titled);
  }
  return texts;
}

function textOf({ kind, count, bytes }: Tag): string {
  if (kind === TEXT) return new TextDecoder().decode(bytes).replace(/\0+$/, '').trim();
  return Array.from({ length: count }, (_, index) => numberText(bytes, kind, index))
    .join(' ')
    .trim();
}

function numberText(bytes: Buffer, kind: number, index: number): string {
  switch (kind) {
    case BYTE:
    case OPAQUE:
      return String(bytes.readUInt8(index));
    case SHORT:
      return String(bytes.readUInt16LE(index * 2));
    case LONG:
      return String(bytes.readUInt32LE(index * 4));
    case FRACTION:
      return `${bytes.readUInt32LE(index * 8)}/${bytes.readUInt32LE(index * 8 + 4)}`;
    case SIGNED_LONG:
      return String(bytes.readInt32LE(index * 4));
    case SIGNED_FRACTION:
      return `${bytes.readInt32LE(index * 8)}/${bytes.readInt32LE(index * 8 + 4)}`;
    default:
      return '';
  }
}
