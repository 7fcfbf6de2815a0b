import { choice, colour, defineNode, NonRetryableError, number, port, toggle } from '@imaginarium/node-sdk';
import { MAX_PIXELS, openPicture, refuseFormatSize, writePicture } from '@imaginarium/pictures';
import { fittedSize } from './fitted-size.ts';

/** Makes a picture larger or smaller, in four ways to fit it into the asked size. */
export const resize = defineNode({
  type: 'processing.resize',
  version: 1,
  title: 'Resize',
  summary: 'Makes a picture larger or smaller.',
  group: 'processing',
  icon: 'scaling',
  aliases: ['scale', 'crop', 'shrink', 'thumbnail', 'dimensions'],
  docs: 'The result has the format of the input (a GIF becomes a PNG of its first frame). Data about the photo, such as the place it was taken, is left out.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    width: number({
      title: 'Width',
      help: '0 follows the height.',
      default: 1080,
      min: 0,
      max: 16_384,
      integer: true,
      unit: 'px',
    }),
    height: number({
      title: 'Height',
      help: '0 follows the width.',
      default: 0,
      min: 0,
      max: 16_384,
      integer: true,
      unit: 'px',
    }),
    fit: choice({
      title: 'Fit',
      help: 'What happens when the picture has another shape than width and height.',
      options: [
        { value: 'cover', label: 'Fill the size, cut what hangs over' },
        { value: 'contain', label: 'Show all, fill the rest with a colour' },
        { value: 'inside', label: 'Show all, keep the shape' },
        { value: 'fill', label: 'Stretch' },
      ],
      default: 'cover',
    }),
    background: colour({
      title: 'Background',
      help: 'Fills what the picture leaves free.',
      default: '#ffffff',
      showWhen: { fit: 'contain' },
    }),
    enlarge: toggle({
      title: 'Allow enlarging',
      help: 'Off: a picture that is too small keeps its pixels.',
      default: true,
    }),
  },
  resources: { pool: 'media', memoryMb: 200 },
  effects: 'pure',
  headline: ['width', 'height', 'fit'],
  typicalMs: 250,
  async execute({ input, params, files, log, signal }) {
    signal.throwIfAborted();
    if (params.width === 0 && params.height === 0)
      throw new NonRetryableError(
        'width, height: expected at least one above 0, received 0 and 0. Set the one you know.',
      );
    const picture = await openPicture(files, input.image);
    const size = fittedSize(picture, params);
    if (size.width * size.height > MAX_PIXELS)
      throw new NonRetryableError(
        `width, height: the result would have ${size.width} x ${size.height} pixels; at most ${MAX_PIXELS / 1e6} million are made. Ask for less.`,
      );
    refuseFormatSize(picture.format, size.width, size.height);
    if (picture.frames > 1) log.warn(`${picture.name} has ${picture.frames} frames; only the first is used.`);
    const image = picture.open().resize({ ...size, fit: size.fit, background: params.background, kernel: 'lanczos3' });
    return {
      image: await writePicture(files, image, picture.name, {
        format: picture.format,
        quality: 90,
        background: params.background,
        deep: picture.deep,
      }),
    };
  },
});
