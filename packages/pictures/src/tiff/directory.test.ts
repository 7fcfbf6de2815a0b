import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aligned, directoryBytes } from './directory-bytes.ts';
import { readDirectory, readHeader, readTag } from './read-directory.ts';
import { kindOf, type Tag, type TiffShape } from './shape.ts';

const shapes = fc.record({ little: fc.boolean(), big: fc.boolean() });

const anyTag: fc.Arbitrary<Tag> = fc
  .tuple(fc.nat(65_535), fc.constantFrom(1, 2, 3, 4, 5, 7, 9, 10, 12, 16), fc.integer({ min: 1, max: 9 }))
  .chain(([number, kind, count]) => {
    const length = (kindOf(kind)?.bytes ?? 1) * count;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ number, kind, count, bytes: Buffer.from(bytes) }));
  });

const anyTags = fc.uniqueArray(anyTag, { selector: ({ number }) => number, maxLength: 12 });

/** A file with one directory, somewhere in it. */
function fileOf(tags: Tag[], shape: TiffShape, gap: number, next: number) {
  const at = aligned(16 + gap, shape);
  const file = Buffer.concat([Buffer.alloc(at), directoryBytes(tags, at, shape, next)]);
  return { at, file, read: (from: number, length: number) => file.subarray(from, from + length) };
}

describe('a directory', () => {
  it('is read as it was written, in order, in both byte orders and in BigTIFF', () => {
    fc.assert(
      fc.property(anyTags, shapes, fc.nat(50), fc.nat(2 ** 32 - 1), (tags, shape, gap, next) => {
        const { at, read } = fileOf(tags, shape, gap, next);
        const found = readDirectory(read, at, shape, 100);
        expect([found.whole, found.next]).toEqual([true, next]);
        const again = found.entries.map((entry) => readTag(read, entry, shape, 1000));
        expect(again).toEqual(tags.toSorted((a, b) => a.number - b.number));
      }),
    );
  });

  it('keeps entries of the same file as they are when it is written anew', () => {
    fc.assert(
      fc.property(anyTags, shapes, fc.nat(50), (tags, shape, gap) => {
        const { at, file, read } = fileOf(tags, shape, gap, 0);
        const { entries } = readDirectory(read, at, shape, 100);
        const behind = aligned(file.length, shape);
        const whole = Buffer.concat([file, Buffer.alloc(behind - file.length), directoryBytes(entries, behind, shape)]);
        const readWhole = (from: number, length: number) => whole.subarray(from, from + length);
        const again = readDirectory(readWhole, behind, shape, 100).entries;
        expect(again.map((entry) => readTag(readWhole, entry, shape, 1000))).toEqual(
          tags.toSorted((a, b) => a.number - b.number),
        );
      }),
    );
  });

  it('of any bytes is read to an end, and gives nothing that is not in them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), shapes, fc.nat(220), (bytes, shape, at) => {
        const read = (from: number, length: number) => Buffer.from(bytes.subarray(from, from + length));
        readHeader(read);
        const { entries } = readDirectory(read, at, shape, 20);
        expect(entries.length).toBeLessThanOrEqual(20);
        for (const entry of entries) expect(readTag(read, entry, shape, 64)?.bytes.length ?? 0).toBeLessThanOrEqual(64);
      }),
    );
  });
});
