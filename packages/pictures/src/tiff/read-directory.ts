import { directorySizes, kindOf, numberAt, type Tag, TEXT, type TiffShape, turned } from './shape.ts';

/** Gives bytes of a file or of data in memory: fewer than asked for where it ends, none beyond. */
export type ReadBytes = (at: number, length: number) => Buffer;

/** A tag as it stands in a directory. Its values may lie elsewhere. */
export interface Entry {
  number: number;
  kind: number;
  count: number;
  /** All of it, as in the file. */
  raw: Buffer;
}

/** The kind that EXIF 3 has for text beyond ASCII, which programs write as plain text too. */
const UTF8 = 129;

/** @returns the form that the first bytes speak of, and where the first directory lies; nothing where it is no TIFF. */
export function readHeader(read: ReadBytes): { shape: TiffShape; first: number } | undefined {
  const head = read(0, 16);
  if (head.length < 8) return;
  const order = head.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return;
  const little = order === 'II';
  const version = numberAt(head, 2, 2, little);
  if (version === 42) return { shape: { little, big: false }, first: numberAt(head, 4, 4, little) };
  const isBig = version === 43 && head.length === 16 && numberAt(head, 4, 2, little) === 8;
  return isBig ? { shape: { little, big: true }, first: numberAt(head, 8, 8, little) } : undefined;
}

/** A directory without the values that lie elsewhere. */
export interface Directory {
  entries: Entry[];
  /** Where the next one lies, 0 for nowhere. */
  next: number;
  /** Whether all the entries were there that it claims to have. */
  whole: boolean;
}

/**
 * Reads a directory.
 * @param most entries that are read; a broken directory may claim any number.
 */
export function readDirectory(read: ReadBytes, at: number, shape: TiffShape, most: number): Directory {
  const size = directorySizes(shape);
  const head = at < 8 ? Buffer.alloc(0) : read(at, size.count);
  if (head.length < size.count) return { entries: [], next: 0, whole: false };
  const claimed = numberAt(head, 0, size.count, shape.little);
  const count = Math.min(claimed, most);
  const table = read(at + size.count, count * size.entry + size.value);
  const entries: Entry[] = [];
  for (let from = 0; from + size.entry <= table.length && entries.length < count; from += size.entry)
    entries.push(entryOf(table.subarray(from, from + size.entry), shape));
  const nextAt = claimed * size.entry;
  const next = nextAt + size.value <= table.length ? numberAt(table, nextAt, size.value, shape.little) : 0;
  return { entries, next, whole: entries.length === claimed };
}

function entryOf(raw: Buffer, shape: TiffShape): Entry {
  const kind = numberAt(raw, 2, 2, shape.little);
  return {
    number: numberAt(raw, 0, 2, shape.little),
    kind: kind === UTF8 ? TEXT : kind,
    count: numberAt(raw, 4, directorySizes(shape).value, shape.little),
    raw,
  };
}

/**
 * Reads the values of a tag.
 * @param longest bytes that are read.
 * @returns nothing where there are none, more than that, of a kind that TIFF has not, or beyond the end.
 */
export function readTag(read: ReadBytes, entry: Entry, shape: TiffShape, longest: number): Tag | undefined {
  const { number, kind, count, raw } = entry;
  const length = (kindOf(kind)?.bytes ?? 0) * count;
  if (length === 0 || length > longest) return;
  const { value, valueAt } = directorySizes(shape);
  const bytes =
    length <= value
      ? raw.subarray(valueAt, valueAt + length)
      : read(numberAt(raw, valueAt, value, shape.little), length);
  return bytes.length === length ? { number, kind, count, bytes: turned(bytes, kind, shape) } : undefined;
}

/** The one number that a tag holds, such as where another directory lies. */
export function numberOf({ kind, bytes }: Tag): number {
  return numberAt(bytes, 0, kindOf(kind)?.unit ?? 1);
}
