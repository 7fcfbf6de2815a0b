import { EXIF_POINTER, EXIF_TAGS, type ExifDirectory, type ExifTags, GPS_POINTER } from './exif-tags.ts';
import { numberOf, type ReadBytes, readDirectory, readHeader, readTag } from './tiff/read-directory.ts';
import { FRACTION, type Tag, TEXT, type TiffShape } from './tiff/shape.ts';

/** A real directory has some dozens of tags; a broken one may claim 65,535. */
const MOST_TAGS = 500;
/** Nothing that is kept is longer. */
const LONGEST = 20_000;
const X_RESOLUTION = 282;
const RESOLUTION_UNIT = 296;
const CENTIMETRES = 3;
/** A pixel a millimetre: what the imaging library writes where it knows no density. */
const UNKNOWN_DENSITY = 25.4;

/** EXIF data as far as they can be read. */
export interface Exif {
  tags: ExifTags;
  /** Whether some of it is broken, and was left out. */
  damaged: boolean;
  /** Pixels per inch, where it says so. */
  density: number | undefined;
}

/** The EXIF data of a picture, with or without the words `Exif` that stand before them in some formats. */
export function exifOf(bytes: Uint8Array): Exif {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = data.toString('latin1', 0, 4) === 'Exif' ? 6 : 0;
  return readExif((at, length) => data.subarray(start + at, start + at + length));
}

/**
 * Reads the tags that {@link EXIF_TAGS} knows, from EXIF data or a whole TIFF file, which has the same form. Written by cameras and
 * broken by programs, EXIF data is read for what can be read: a tag that lies outside, or is of a kind it cannot be, is left out.
 */
export function readExif(read: ReadBytes): Exif {
  const head = readHeader(read);
  if (!head) return { tags: {}, damaged: true, density: undefined };
  const { shape, first } = head;
  const picture = knownTags(read, first, shape, [
    ...numbersOf('IFD0'),
    ...[EXIF_POINTER, GPS_POINTER, X_RESOLUTION, RESOLUTION_UNIT],
  ]);
  const tags: ExifTags = {};
  // All that is kept of them is text, and as another kind it would make a TIFF that programs warn of.
  const texts = picture.tags.filter(({ number, kind }) => EXIF_TAGS.IFD0[number] && kind === TEXT);
  if (texts.length > 0) tags.IFD0 = texts;
  let { damaged } = picture;
  for (const [name, number] of [
    ['IFD2', EXIF_POINTER],
    ['IFD3', GPS_POINTER],
  ] as const) {
    const pointer = picture.tags.find((tag) => tag.number === number);
    if (!pointer) continue;
    const inside = knownTags(read, numberOf(pointer), shape, numbersOf(name));
    if (inside.tags.length > 0) tags[name] = inside.tags;
    damaged ||= inside.damaged;
  }
  return { tags, damaged, density: densityIn(picture.tags) };
}

function numbersOf(name: ExifDirectory): number[] {
  return Object.keys(EXIF_TAGS[name]).map(Number);
}

function densityIn(tags: readonly Tag[]): number | undefined {
  const resolution = tags.find(({ number, kind }) => number === X_RESOLUTION && kind === FRACTION);
  if (!resolution) return;
  const unit = tags.find(({ number }) => number === RESOLUTION_UNIT);
  const inInches = unit && numberOf(unit) === CENTIMETRES ? 2.54 : 1;
  const density = (inInches * resolution.bytes.readUInt32LE(0)) / resolution.bytes.readUInt32LE(4);
  return density > 0 && density < 100_000 && density !== UNKNOWN_DENSITY ? Math.round(density) : undefined;
}

function knownTags(
  read: ReadBytes,
  at: number,
  shape: TiffShape,
  known: readonly number[],
): { tags: Tag[]; damaged: boolean } {
  const { entries, whole } = readDirectory(read, at, shape, MOST_TAGS);
  const tags = new Map<number, Tag>();
  let damaged = !whole;
  for (const entry of entries) {
    if (!known.includes(entry.number)) continue;
    const tag = readTag(read, entry, shape, LONGEST);
    if (!tag) damaged = true;
    else if (tag.kind !== TEXT) tags.set(tag.number, tag);
    else {
      const text = ended(tag);
      if (text) tags.set(tag.number, text);
    }
  }
  return { tags: [...tags.values()], damaged };
}

/** A text up to its end, which is a zero. Nothing where it says nothing. */
function ended(tag: Tag): Tag | undefined {
  const end = tag.bytes.indexOf(0);
  const text = end < 0 ? tag.bytes : tag.bytes.subarray(0, end);
  if (text.toString('latin1').trim() === '') return;
  return { ...tag, count: text.length + 1, bytes: Buffer.concat([text, Buffer.alloc(1)]) };
}
