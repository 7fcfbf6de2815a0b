import type { Entry } from './read-directory.ts';
import { directorySizes, LONG, LONG8, putNumber, type Tag, type TiffShape, turned } from './shape.ts';

/**
 * A directory with its values behind it.
 * @param tags in any order; entries of the same file are kept as they are.
 * @param at where it will lie in the file, as {@link aligned} gives it.
 * @param next where the next directory lies, 0 for nowhere.
 */
export function directoryBytes(tags: readonly (Tag | Entry)[], at: number, shape: TiffShape, next = 0): Buffer {
  const { entry, value, valueAt, count } = directorySizes(shape);
  const table = Buffer.alloc(aligned(count + tags.length * entry + value, shape));
  const values: Buffer[] = [];
  let end = at + table.length;
  putNumber(table, 0, count, tags.length, shape.little);
  for (const [index, tag] of tags.toSorted((a, b) => a.number - b.number).entries()) {
    const raw = table.subarray(count + index * entry, count + (index + 1) * entry);
    if ('raw' in tag) {
      tag.raw.copy(raw);
      continue;
    }
    putNumber(raw, 0, 2, tag.number, shape.little);
    putNumber(raw, 2, 2, tag.kind, shape.little);
    putNumber(raw, 4, value, tag.count, shape.little);
    const bytes = turned(tag.bytes, tag.kind, shape);
    if (bytes.length <= value) {
      bytes.copy(raw, valueAt);
      continue;
    }
    putNumber(raw, valueAt, value, end, shape.little);
    const padding = Buffer.alloc(aligned(bytes.length, shape) - bytes.length);
    values.push(bytes, padding);
    end += bytes.length + padding.length;
  }
  putNumber(table, count + tags.length * entry, value, next, shape.little);
  return Buffer.concat([table, ...values]);
}

/** A tag that says where another directory lies. */
export function pointerTo(number: number, at: number, { big }: TiffShape): Tag {
  const bytes = Buffer.alloc(big ? 8 : 4);
  putNumber(bytes, 0, bytes.length, at);
  return { number, kind: big ? LONG8 : LONG, count: 1, bytes };
}

/** The first place from an offset on where a directory or a value may lie. */
export function aligned(offset: number, { big }: TiffShape): number {
  const step = big ? 8 : 2;
  return Math.ceil(offset / step) * step;
}
