import { readFile } from 'node:fs/promises';
import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { exifTexts } from './exif-texts.ts';
import { FORMAT_TRAITS, PICTURE_FORMATS, type PictureFormat } from './format.ts';
import { keptIptc } from './iptc.ts';
import { loadSharp } from './load-sharp.ts';
import { openPicture } from './open-picture.ts';
import { type PhotoDataWish, photoDataOf } from './photo-data.ts';
import { aText, PHOTO, PHOTO_TEXTS } from './testing/tags.ts';
import { writePicture } from './write-picture.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const AUTHOR = '\x1c\x02\x50\x00\x03Ada';
const CITY = '\x1c\x02\x5a\x00\x07Bandung';
const IPTC = Buffer.from(AUTHOR + CITY, 'latin1');
const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/" photoshop:City="Bandung"><dc:creator>Ada</dc:creator></x:xmpmeta>';

async function photo(format: PictureFormat): Promise<FileRef> {
  const image = (await loadSharp())(samplePng(16, 12));
  const writing = { format, quality: 90, deep: false, density: 240 } as const;
  return writePicture(files, image, 'photo.x', { ...writing, photo: { exif: PHOTO, xmp: XMP, iptc: IPTC } });
}

/** The picture written anew in a format, and what it carries then. */
async function carriedOn(file: FileRef, wish: PhotoDataWish, format: PictureFormat) {
  const picture = await openPicture(files, file);
  const { data, lost } = photoDataOf(picture, wish, format);
  const writing = { format, quality: 90, deep: false, density: picture.density, photo: data };
  const { carries, density } = await openPicture(files, await writePicture(files, picture.open(), 'x', writing));
  const iptc = carries.iptc && Buffer.from(keptIptc(carries.iptc, true) ?? []).toString('latin1');
  const xmp = carries.xmp && new TextDecoder().decode(carries.xmp);
  return { exif: exifTexts(carries.exif?.tags ?? {}), iptc, xmp, density, lost };
}

describe('data about a photo', () => {
  it.each(PICTURE_FORMATS)('come from %s into every format that holds them, with dots per inch', async (source) => {
    const file = await photo(source);
    for (const format of PICTURE_FORMATS) {
      const holdsIptc = FORMAT_TRAITS[source].holds.IPTC && FORMAT_TRAITS[format].holds.IPTC;
      const all = await carriedOn(file, 'all', format);
      expect(all).toMatchObject({ exif: PHOTO_TEXTS, xmp: XMP, density: 240 });
      expect(all.iptc).toBe(holdsIptc ? AUTHOR + CITY : undefined);
      const { exif, xmp, iptc } = await carriedOn(file, 'without-place', format);
      expect(exif).toEqual({ IFD0: PHOTO_TEXTS.IFD0, IFD2: PHOTO_TEXTS.IFD2 });
      expect(xmp).not.toContain('Bandung');
      expect(iptc).toBe(holdsIptc ? AUTHOR : undefined);
      const none = await carriedOn(file, 'strip', format);
      expect([none.exif, none.iptc, none.xmp, none.density]).toEqual([{}, undefined, undefined, 240]);
    }
  });

  it('keep their letters in a TIFF, and the kinds of their values', async () => {
    const exif = { IFD0: [aText(315, 'Adé ☀')], IFD3: PHOTO.IFD3 ?? [] };
    const image = (await loadSharp())(samplePng(16, 12));
    const writing = { format: 'tiff', quality: 90, deep: false, photo: { exif } } as const;
    const { carries } = await openPicture(files, await writePicture(files, image, 'x', writing));
    expect(carries.exif?.tags).toEqual(exif);
  });

  it('that a format has no room or no place for are told, and so are damaged ones', () => {
    const exif = { tags: { IFD0: [aText(270, 'a'.repeat(60_000))] }, damaged: true, density: undefined };
    const carries = { exif, iptc: Buffer.from('broken'), xmp: new Uint8Array([0xff, 0xfe]) };
    const lost = (format: PictureFormat, more = {}) =>
      photoDataOf({ name: 'me.png', carries: { ...carries, ...more } }, 'all', format).lost;
    expect(lost('jpeg', { iptc: new Uint8Array(70_000), xmp: new Uint8Array(60_001) })).toEqual([
      'JPEG holds at most 60 kB of EXIF data: those of me.png are not in the result.',
      'JPEG holds at most 65 kB of IPTC data: those of me.png are not in the result.',
      'JPEG holds at most 60 kB of XMP data: those of me.png are not in the result.',
    ]);
    expect(lost('webp')[1]).toBe('The EXIF data of me.png are damaged: what cannot be read of them is left out.');
    expect(lost('webp')).toContain('WebP holds no IPTC data: those of me.png are not in the result.');
    expect(lost('tiff').slice(2)).toEqual([
      'The IPTC data of me.png are damaged, and are left out.',
      'The XMP data of me.png are damaged, and are left out.',
    ]);
  });

  it('that are broken in a TIFF never keep its pixels from being read', async () => {
    const path = await files.path(await photo('tiff'));
    const bytes = await readFile(path);
    // The last directory is the one that was put there; from it, the pointer to the EXIF data leads far away.
    const pointer = bytes.lastIndexOf(Buffer.from([0x69, 0x87, 4, 0]));
    bytes.writeUInt32LE(0xffff_fff0, pointer + 8);
    const broken = await files.write(bytes, { name: 'broken.tiff' });
    const { lost, exif } = await carriedOn(broken, 'all', 'tiff');
    expect(lost).toContain('The EXIF data of broken.tiff are damaged: what cannot be read of them is left out.');
    expect(exif).toEqual({ IFD0: PHOTO_TEXTS.IFD0, IFD3: PHOTO_TEXTS.IFD3 });
  });
});
