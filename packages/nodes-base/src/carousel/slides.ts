import { join } from 'node:path';
import {
  choice,
  colour,
  defineNode,
  emit,
  type FileRef,
  NonRetryableError,
  number,
  port,
  slider,
  text,
} from '@imaginarium/node-sdk';
import { writeArchive } from './archive.ts';
import { finishSlides } from './finish-slides.ts';
import { MAX_SLIDES } from './panorama.ts';
import { renderSheet } from './render-sheet.ts';
import { slidesOfImages, slidesOfPanoramas } from './render-slides.ts';
import { ASPECTS, slideSize } from './slide-size.ts';

/** More than any network takes; keeps a slip in a batch from filling the disk. */
const MAX_TOTAL = 100;

/** Cuts pictures into the slides of a carousel post. */
export const slides = defineNode({
  type: 'carousel.slides',
  version: 1,
  title: 'Carousel',
  summary: 'Makes the slides of a carousel post from pictures, or splits a panorama.',
  group: 'carousel',
  icon: 'gallery-horizontal',
  aliases: ['instagram', 'slides', 'panorama', 'split', 'swipe', 'post', 'story'],
  docs: 'Gives the slides one by one, all of them in a ZIP, and a contact sheet. Captions are set in Inter (Latin, Greek and Cyrillic); other scripts need a font installed on the machine, such as the package fonts-noto-core.',
  inputs: { image: port.image() },
  outputs: { slide: port.image(), archive: port.document(), sheet: port.image({ title: 'Contact sheet' }) },
  params: {
    layout: choice({
      title: 'Layout',
      options: [
        { value: 'images', label: 'One slide for each picture' },
        { value: 'panorama', label: 'Split a panorama into slides' },
      ],
      default: 'images',
    }),
    slides: number({
      title: 'Slides of a panorama',
      help: '0 takes as many as fit its shape.',
      default: 0,
      min: 0,
      max: MAX_SLIDES,
      integer: true,
      showWhen: { layout: 'panorama' },
    }),
    aspect: choice({
      title: 'Shape',
      options: ASPECTS.map((value) => ({
        value,
        label: { '1:1': 'Square 1:1', '4:5': 'Portrait 4:5', '9:16': 'Story 9:16' }[value],
      })),
      default: '4:5',
    }),
    fit: choice({
      title: 'Fit',
      options: [
        { value: 'cover', label: 'Fill the slide, cut what hangs over' },
        { value: 'contain', label: 'Show all, fill the rest with a colour' },
      ],
      default: 'cover',
    }),
    background: colour({ title: 'Background', help: 'Behind what is transparent or left free.', default: '#ffffff' }),
    caption: text({
      title: 'Caption',
      help: '{name}, {slide} of {slides} and other fields are filled in for each slide.',
      multiline: true,
      placeholder: '{name}',
      maxLength: 2000,
    }),
    captionPosition: choice({
      title: 'Caption at',
      options: ['top', 'centre', 'bottom'],
      default: 'bottom',
      showWhen: { caption: { not: '' } },
    }),
    captionColour: colour({ title: 'Caption colour', default: '#ffffff', showWhen: { caption: { not: '' } } }),
    captionSize: slider({
      title: 'Caption size',
      help: 'Share of the width. Long text is made smaller until it fits.',
      min: 2,
      max: 12,
      step: 0.5,
      default: 5,
      unit: '%',
      showWhen: { caption: { not: '' } },
    }),
    slideWidth: number({
      title: 'Slide width',
      default: 1080,
      min: 320,
      max: 2160,
      integer: true,
      unit: 'px',
      advanced: true,
    }),
    format: choice({
      title: 'Format',
      options: [
        { value: 'jpeg', label: 'JPEG' },
        { value: 'png', label: 'PNG' },
      ],
      default: 'jpeg',
      advanced: true,
    }),
    quality: slider({
      title: 'Quality',
      min: 1,
      max: 100,
      step: 1,
      default: 92,
      showWhen: { format: 'jpeg' },
      advanced: true,
    }),
  },
  credits: 25,
  resources: ({ params }) => {
    const { width, height } = slideSize(params.aspect, params.slideWidth);
    // The library's own floor, and a handful of whole slides: layers, encoder and the scaled picture.
    return { pool: 'media', memoryMb: Math.ceil(180 + (width * height * 20) / 1e6) };
  },
  effects: 'pure',
  mode: 'all',
  headline: ['layout', 'aspect'],
  typicalMs: 1500,
  yields: ({ params, items }) => (params.layout === 'panorama' ? items * (params.slides || 3) : items),
  async execute({ input, items, params, files, log, progress, signal }) {
    signal.throwIfAborted();
    if (input.image.length === 0)
      throw new NonRetryableError(
        'image: expected at least one picture, received none. Wire in a node that gives pictures.',
      );
    const slide = slideSize(params.aspect, params.slideWidth);
    const layout = { slide, fit: params.fit, background: params.background };
    const perPicture = params.layout === 'panorama' ? params.slides : 1;
    refuseTooMany(input.image.length * Math.max(1, perPicture));
    const bare =
      params.layout === 'panorama'
        ? await slidesOfPanoramas(files, input.image, layout, perPicture)
        : await slidesOfImages(files, input.image, layout);
    refuseTooMany(bare.length);
    if (bare.length > MAX_SLIDES)
      log.warn(`${bare.length} slides: most networks take at most ${MAX_SLIDES} in one post.`);

    const folder = await files.folder();
    const { written, unknown } = await finishSlides(bare, items.image, {
      folder,
      slide,
      caption: {
        text: params.caption,
        position: params.captionPosition,
        colour: params.captionColour,
        size: params.captionSize / 100,
      },
      encoding: { format: params.format, quality: params.quality, background: params.background, deep: false },
      signal,
      progress,
    });
    if (unknown.length > 0)
      log.warn(`caption: no field is called ${unknown.join(', ')}: left as written.`, { unknown });

    signal.throwIfAborted();
    const sheet = await renderSheet(
      written.map(({ path }) => path),
      slide,
    );
    const archive = join(folder, 'slides.zip');
    await writeArchive(written, archive);
    const kept: FileRef[] = [];
    for (const { path, ...hint } of written) kept.push(await files.adopt(path, hint));
    return {
      slide: emit(
        kept.map((value, index) => {
          const from = bare[index]?.from ?? 0;
          return { value, from, fields: { ...items.image[from]?.fields, slide: index + 1, slides: kept.length } };
        }),
      ),
      archive: await files.adopt(archive, { name: 'slides.zip', mime: 'application/zip' }),
      sheet: await files.write(sheet.bytes, {
        name: 'contact-sheet.jpg',
        mime: 'image/jpeg',
        width: sheet.width,
        height: sheet.height,
      }),
    };
  },
});

function refuseTooMany(total: number): void {
  if (total > MAX_TOTAL)
    throw new NonRetryableError(
      `image: expected at most ${MAX_TOTAL} slides, received pictures for ${total}. Split the batch.`,
    );
}
