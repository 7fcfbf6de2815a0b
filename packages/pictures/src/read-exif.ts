import { EXIF_TAGS, type ExifDirectory } from './exif-tags.ts';

/** EXIF data as texts, in the form that the imaging library writes them from: `1/125`, `2026:01:02 03:04:05`. */
export type ExifTexts = Partial<Record<ExifDirectory, Record<string, string>>>;

const EXIF_POINTER = 34665;
const GPS_POINTER = 34853;
/** A real directory has some dozens of tags; a broken one may claim 65,535. */
const MOST_TAGS = 500;
/** Nothing that is kept is longer. */
const LONGEST = 20_000;

/**
 * Reads the tags that {@link EXIF_TAGS} knows. Written by cameras and broken by programs, EXIF data is read for what can be read:
 * a tag that lies outside, or is of a kind it cannot be, is left out.
 * @param bytes as they stand in a file, with or without the words `Exif` before them.
 */
export function readExif(bytes: Uint8Array): ExifTexts {
  const start = latin1(bytes.subarray(0, 4)) === 'Exif' ? 6 : 0;
  if (bytes.length < start + 8) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return {};
  const little = order === 0x4949;
  const first = directory(view, view.getUint32(4, little), little);
  const pointer = (tag: number) => Number(first.get(tag)?.text ?? 0);
  const texts: ExifTexts = {};
  const places = { IFD0: first, IFD2: directory(view, pointer(EXIF_POINTER), little) } as const;
  for (const [name, tags] of Object.entries({ ...places, IFD3: directory(view, pointer(GPS_POINTER), little) })) {
    const known = EXIF_TAGS[name as ExifDirectory]; // One of the three.
    const kept = [...tags].flatMap(([tag, { text }]) => {
      const title = known[tag];
      return title && text !== '' ? [[title, text] as const] : [];
    });
    if (kept.length > 0) texts[name as ExifDirectory] = Object.fromEntries(kept);
  }
  return texts;
}

function directory(view: DataView, at: number, little: boolean): Map<number, { text: string }> {
  const tags = new Map<number, { text: string }>();
  if (at < 8 || at + 2 > view.byteLength) return tags;
  const count = Math.min(MOST_TAGS, view.getUint16(at, little));
  for (let entry = at + 2; entry + 12 <= view.byteLength && entry < at + 2 + count * 12; entry += 12) {
    const text = textOf(view, entry, little);
    if (text !== undefined) tags.set(view.getUint16(entry, little), { text });
  }
  return tags;
}

/** Bytes of one value of each kind: bytes, characters, 16 and 32 bits, fractions; the last four are those with a sign, and opaque bytes. */
const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

function textOf(view: DataView, entry: number, little: boolean): string | undefined {
  const kind = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const size = SIZES[kind];
  if (!size || count === 0 || count * size > LONGEST) return;
  const at = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (at + count * size > view.byteLength) return;
  if (kind === 2) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, count);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  }
  return Array.from({ length: count }, (_, index) => number(view, kind, at + index * size, little)).join(' ');
}

function number(view: DataView, kind: number, at: number, little: boolean): string {
  switch (kind) {
    case 3:
      return String(view.getUint16(at, little));
    case 4:
      return String(view.getUint32(at, little));
    case 5:
      return `${view.getUint32(at, little)}/${view.getUint32(at + 4, little)}`;
    case 9:
      return String(view.getInt32(at, little));
    case 10:
      return `${view.getInt32(at, little)}/${view.getInt32(at + 4, little)}`;
    default:
      return String(view.getUint8(at));
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
