import { choice, slider } from '@imaginarium/node-sdk';
import { FORMAT_TRAITS, type PhotoDataWish, PICTURE_FORMATS, type PictureFormat } from '@imaginarium/pictures';

/** What a person chose of {@link writingParams}. */
export interface WritingWish {
  format: 'same' | PictureFormat;
  quality: number;
  metadata: PhotoDataWish;
}

/** What a person chose of {@link encodingParams}. */
export interface EncodingWish extends WritingWish {
  colours: 'srgb' | 'own';
}

/** The part of an upscaler's form that says how the result is written, and what it keeps of the source beside its pixels. */
export function encodingParams(defaults: { format: 'same' | PictureFormat; quality: number }) {
  return {
    colours: choice({
      title: 'Colours',
      help: 'Every viewer shows sRGB right. A profile such as Display P3 has stronger colours, where it is understood.',
      options: [
        { value: 'srgb', label: 'sRGB' },
        { value: 'own', label: 'Keep the colour profile of the input' },
      ],
      default: 'srgb',
      advanced: true,
    }),
    ...writingParams(defaults),
  };
}

/** The part of a form that says how a picture is written, and what of the data about the photo stands in it. */
export function writingParams(defaults: { format: 'same' | PictureFormat; quality: number }) {
  return {
    format: choice({
      title: 'Format',
      options: [
        { value: 'same', label: 'Same as the input' },
        ...PICTURE_FORMATS.map((value) => ({ value, label: FORMAT_TRAITS[value].title })),
      ],
      default: defaults.format,
    }),
    quality: slider({
      title: 'Quality',
      help: 'PNG and TIFF keep everything whatever it says.',
      min: 1,
      max: 100,
      step: 1,
      default: defaults.quality,
      showWhen: { format: { in: ['same', ...PICTURE_FORMATS.filter((format) => FORMAT_TRAITS[format].lossy)] } },
    }),
    metadata: choice({
      title: 'Data about the photo',
      help: 'Camera, time, author, and the place it was taken (EXIF, IPTC, XMP).',
      options: [
        { value: 'strip', label: 'Leave out' },
        { value: 'without-place', label: 'Keep, but not the place' },
        { value: 'all', label: 'Keep, with the place' },
      ],
      default: 'strip',
      advanced: true,
    }),
  };
}
