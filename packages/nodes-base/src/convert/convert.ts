import { choice, colour, defineNode, port, slider } from '@imaginarium/node-sdk';
import {
  canTakeOverAll,
  FORMAT_TRAITS,
  openPicture,
  PICTURE_FORMATS,
  photoDataOf,
  refuseFormatSize,
  writePicture,
} from '@imaginarium/pictures';

/** Writes a picture in another file format. */
export const convert = defineNode({
  type: 'processing.convert',
  version: 1,
  title: 'Convert',
  summary: 'Writes a picture as PNG, JPEG, WebP, AVIF or TIFF.',
  group: 'processing',
  icon: 'file-cog',
  aliases: ['format', 'png', 'jpg', 'jpeg', 'webp', 'avif', 'tiff', 'compress', 'metadata', 'exif'],
  docs: 'Pixels are turned upright and into the sRGB colour space. PNG and TIFF keep 16 bits a channel. Of an animation the first frame is used.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    format: choice({
      title: 'Format',
      options: PICTURE_FORMATS.map((value) => ({ value, label: FORMAT_TRAITS[value].title })),
      default: 'webp',
    }),
    quality: slider({
      title: 'Quality',
      help: 'Higher looks better and makes larger files.',
      min: 1,
      max: 100,
      step: 1,
      default: 85,
      showWhen: { format: { in: PICTURE_FORMATS.filter((format) => FORMAT_TRAITS[format].lossy) } },
    }),
    background: colour({
      title: 'Background',
      help: 'Fills what is transparent: JPEG has no transparency.',
      default: '#ffffff',
      showWhen: { format: 'jpeg' },
    }),
    metadata: choice({
      title: 'Data about the photo',
      help: 'Camera, time, author, and often the place it was taken.',
      options: [
        { value: 'strip', label: 'Leave out' },
        { value: 'without-place', label: 'Keep, but not the place' },
        { value: 'keep', label: 'Keep all, with the place' },
      ],
      default: 'strip',
      advanced: true,
    }),
  },
  resources: { pool: 'media', memoryMb: 250 },
  effects: 'pure',
  headline: ['format'],
  typicalMs: 400,
  async execute({ input, params, files, log, signal }) {
    signal.throwIfAborted();
    const picture = await openPicture(files, input.image);
    refuseFormatSize(params.format, picture.width, picture.height);
    if (picture.frames > 1) log.warn(`${picture.name} has ${picture.frames} frames; only the first is kept.`);
    const whole = params.metadata === 'keep' && canTakeOverAll(picture, params.format);
    const image = whole ? picture.open().withMetadata() : picture.open();
    const { data: photo, lost } = whole
      ? { data: {}, lost: [] }
      : photoDataOf(picture, WISHES[params.metadata], params.format);
    if (params.metadata !== 'strip') for (const sentence of lost) log.info(sentence);
    const density = whole || params.metadata === 'strip' ? undefined : picture.density;
    const writing = { ...params, photo, density, deep: picture.deep };
    return { image: await writePicture(files, image, picture.name, writing) };
  },
});

const WISHES = { strip: 'strip', 'without-place': 'without-place', keep: 'all' } as const;
