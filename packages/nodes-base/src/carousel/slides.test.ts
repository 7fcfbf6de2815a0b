import { buffer } from 'node:stream/consumers';
import type { FileRef } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { aPicture, type PictureOptions, pixelsOf } from '../testing/pictures.ts';
import { slides } from './slides.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

type Params = Parameters<ReturnType<typeof aTest>['params']>[0];
const aTest = () => testNode(slides);

async function carousel(params: Params, ...pictures: (PictureOptions & { fields?: { name: string } })[]) {
  const items = [];
  for (const [index, { fields = { name: `p${index}` }, ...options }] of pictures.entries())
    items.push({ input: { image: await aPicture(files, `p${index}.png`, options) }, fields });
  const { outputs, logs } = await aTest()
    .params({ slideWidth: 320, format: 'png', ...params })
    .items(items)
    .files(files)
    .run();
  return { outputs, logs, slides: await Promise.all((outputs.slide ?? []).map(({ value }) => pixelsOf(files, value))) };
}

const red = { r: 220, g: 30, b: 30 };
const blue = { r: 30, g: 30, b: 220 };

describe('carousel.slides', () => {
  it('makes one slide for each picture, numbered, in the asked shape', async () => {
    const made = await carousel({ aspect: '4:5' }, { left: red }, { left: blue, width: 10, height: 90 });
    expect(made.slides.map(({ width, height }) => [width, height])).toEqual([
      [320, 400],
      [320, 400],
    ]);
    expect(made.outputs.slide?.map(({ fields }) => fields)).toEqual([
      { name: 'p0', slide: 1, slides: 2 },
      { name: 'p1', slide: 2, slides: 2 },
    ]);
    expect(made.outputs.slide?.map(({ value }) => (value as FileRef).name)).toEqual(['slide-01.png', 'slide-02.png']);
    expect(made.slides[1]?.at(160, 200)).toEqual([30, 30, 220]);
    expect(made.outputs.sheet?.[0]?.value).toMatchObject({ name: 'contact-sheet.jpg', width: 688, height: 432 });
  });

  it('shows all of a picture over the background when told to, also where it is transparent', async () => {
    const made = await carousel(
      { aspect: '1:1', fit: 'contain', background: '#00ff00' },
      { width: 40, height: 20, left: { ...red, alpha: 0 }, right: { ...blue, alpha: 1 } },
    );
    const [slide] = made.slides;
    expect([slide?.at(160, 5), slide?.at(40, 160), slide?.at(280, 160)]).toEqual([
      [0, 255, 0],
      [0, 255, 0],
      [30, 30, 220],
    ]);
  });

  it('splits a panorama into slides that continue one another without a gap', async () => {
    const sharp = await loadSharp();
    const [width, height] = [960, 320];
    const data = new Uint8Array(width * height * 3);
    for (let at = 0; at < width * height; at++)
      data.set([((at % width) * 255) / width, (at / width / height) * 255, (at * 7) % 256], at * 3);
    const whole = await files.write(
      await sharp(data, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer(),
      { name: 'wide.png' },
    );
    const { outputs } = await aTest()
      .params({ layout: 'panorama', aspect: '1:1', slideWidth: 320, format: 'png' })
      .items([{ input: { image: whole } }])
      .files(files)
      .run();
    const parts = await Promise.all((outputs.slide ?? []).map(({ value }) => pixelsOf(files, value)));
    expect(parts).toHaveLength(3);
    // At this size nothing is scaled, so the slides side by side are the panorama, pixel for pixel.
    const source = await pixelsOf(files, whole);
    for (let x = 0; x < width; x += 1)
      for (const y of [0, 100, 319]) expect(parts[Math.floor(x / 320)]?.at(x % 320, y)).toEqual(source.at(x, y));
  });

  it('takes as many slides as it is told', async () => {
    const made = await carousel({ layout: 'panorama', slides: 5 }, { width: 200, height: 20 });
    expect(made.slides).toHaveLength(5);
  });

  it('writes a caption of the fields on each slide, and warns of fields that are not there', async () => {
    const captioned = await carousel(
      { caption: '{name} <b> {slide}/{slides} {nope}', captionColour: '#ffffff', aspect: '1:1' },
      { left: red },
    );
    const [slide] = captioned.slides;
    const whites = (from: number, to: number) => {
      let count = 0;
      for (let y = from; y < to; y++)
        for (let x = 0; x < 320; x++) if (Math.min(...(slide?.at(x, y) ?? [0])) > 200) count++;
      return count;
    };
    expect(whites(0, 200)).toBe(0);
    expect(whites(200, 320)).toBeGreaterThan(100);
    expect(captioned.logs).toMatchObject([
      { level: 'warn', message: 'caption: no field is called nope: left as written.' },
    ]);
  });

  it('makes text of any length fit', async () => {
    const long = 'word '.repeat(390);
    const made = await carousel({ caption: long, captionSize: 12, captionPosition: 'top' }, {});
    expect(made.slides[0]).toMatchObject({ width: 320, height: 400 });
    await carousel({ caption: 'M'.repeat(2000), captionSize: 12, captionPosition: 'centre' }, {});
  });

  it('gives a ZIP of the slides with the same bytes every time', async () => {
    const [first, second] = [
      await carousel({}, { left: red }, { left: blue }),
      await carousel({}, { left: red }, { left: blue }),
    ];
    const archive = first.outputs.archive?.[0]?.value as FileRef;
    expect(archive).toMatchObject({ name: 'slides.zip', mime: 'application/zip', kind: 'document' });
    expect(second.outputs.archive?.[0]?.value).toEqual(archive);
    const zip = await yauzl.fromBufferPromise(Buffer.from(await files.read(archive)), { lazyEntries: true });
    const entries: [string, boolean][] = [];
    for await (const entry of zip.eachEntry()) {
      const bytes = await buffer(await zip.openReadStreamPromise(entry));
      const slide = first.outputs.slide?.[entries.length]?.value as FileRef;
      entries.push([entry.fileName, Buffer.compare(bytes, await files.read(slide)) === 0]);
    }
    expect(entries).toEqual([
      ['slide-01.png', true],
      ['slide-02.png', true],
    ]);
  });

  it('costs 25 credits, and refuses more than 100 slides', async () => {
    expect(slides.credits({ params: {}, items: 3 })).toBe(25);
    const image = await aPicture(files, 'p.png');
    const many = Array.from({ length: 101 }, () => ({ input: { image } }));
    await expect(aTest().items(many).files(files).run()).rejects.toThrow(
      'image: expected at most 100 slides, received pictures for 101.',
    );
  });
});
